"""A sample of `make faults`: a real server whose real database is killed and started again."""

import pytest

from faults.site import site
from faults.test_database import test_killed_under_load_and_started_again

__all__ = ["test_killed_under_load_and_started_again"]


@pytest.fixture(scope="session")
def broken():
    with site(record=False) as one:
        yield one
