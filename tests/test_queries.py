"""How often a page asks the database, with nothing kept from an earlier one."""

import pytest

from tests.e2e.test_every_page import ALSO, PAGES

MOST = 12
AS_CITED = {
    "round-as-cited": "/negotiations/post-start-consultations/rome-consultations/?rev=1",
    "milestone-as-cited": "/milestones/new-start-signed-2010-04-08/?rev=1",
    "position-as-cited": "/positions/united-states-legal-form-political-commitment-2006-09/?rev=1",
}
ADDRESSES = PAGES | ALSO | AS_CITED


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - {"components"}))
def test_a_page_takes_a_dozen_queries_at_most(client, record, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(MOST):
        assert client.get(ADDRESSES[name]).status_code == 200
