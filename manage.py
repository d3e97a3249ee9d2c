#!/usr/bin/env python3
"""Django's command line for Parley, on the embedded database where DATABASE_URL is unset."""

import importlib.util
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not importlib.util.find_spec("django"):
        from config import bootstrap

        bootstrap.main(sys.argv)  # goes on in the project's own virtual environment
    from django.core.management import execute_from_command_line

    from config import local

    with local.environment():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
