"""The web server: a few processes, each with a few threads, behind whatever terminates TLS."""

import os

from config import leash

wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 4))
threads = int(os.environ.get("WEB_THREADS") or 4)
# One import for all workers: the second start is quicker, and a bad setting ends the master with one line
# instead of workers that fail for ever. Connections are only opened after the fork, by the first query.
preload_app = True
graceful_timeout = 8
keepalive = 5
# New in gunicorn 25 and fork-unsafe since; nothing here uses it.
control_socket_disable = True
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "info")


def on_starting(server):
    """Under `make run`, end with it."""
    if os.environ.get("PARLEY_LEASH"):
        leash.fasten()
