import pytest

from .site import site


@pytest.fixture(scope="session")
def broken():
    with site() as one:
        yield one
