"""For tests that start a process of their own, which has to find the database of the test."""

import os
from urllib.parse import urlsplit

from django.db import connection


def database_url() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
