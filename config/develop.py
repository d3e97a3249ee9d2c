"""Django's own server with auto-reload: the child of `make dev`."""

import sys

from django.core.management import execute_from_command_line

from config import leash

if __name__ == "__main__":
    leash.fasten()
    execute_from_command_line(["manage.py", "runserver", *sys.argv[1:]])
