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
# A form holds a whole view, and reads it stretch by stretch.
MOST_OF_A_FORM = 20
VIEW = "?party=russia&from=2007&to=2013"
FORMS = [f"/timeline.{form}{VIEW}" for form in ("atom", "csv", "json", "ndjson", "ics")]
FORMS += [f"/moves.atom{VIEW}", f"/api/v1/entries{VIEW}"]
FORMS += ["/positions.csv?on=2013-06-22", "/positions.json?on=2013-06-22"]


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - {"components"}))
def test_a_page_takes_a_dozen_queries_at_most(client, record, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(MOST):
        assert client.get(ADDRESSES[name]).status_code == 200


@pytest.mark.parametrize("address", FORMS)
def test_a_form_of_a_view_takes_twenty_queries_at_most(client, record, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(MOST_OF_A_FORM):
        answer = client.get(address)
        assert answer.status_code == 200
        assert len(b"".join(answer.streaming_content) if answer.streaming else answer.content) > 1000
