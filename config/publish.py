"""Build the downloads of /data/ beside the site that `make run` serves, without holding it up."""

import os

import django

from config import leash


def main() -> None:
    leash.fasten()
    os.nice(10)
    django.setup()
    from django.core.management import call_command

    call_command("build_data", verbosity=0)


if __name__ == "__main__":
    main()
