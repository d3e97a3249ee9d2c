"""How often a page asks the database, with nothing kept from an earlier one."""

import pytest

from tests.e2e.test_every_page import PAGES

MOST = 12
# Those that bring together what several others tell.
MORE = {"home": 14, "home-past": 14, "brief": 14, "search": 14}


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"components"}))
def test_a_page_takes_a_dozen_queries_at_most(client, record, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(MORE.get(name, MOST)):
        assert client.get(PAGES[name]).status_code == 200
