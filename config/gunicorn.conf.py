"""The web server: a few processes, each with a few threads, behind whatever terminates TLS."""

import gc
import os
import resource
import shutil
import sys
import tempfile

from config import leash

wsgi_app = "config.wsgi:application"
worker_class = "config.worker.Worker"
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
# Connections cost a file each; a worker that reaches its number drops the oldest that has asked nothing.
_, _files = resource.getrlimit(resource.RLIMIT_NOFILE)
_files = 65_536 if _files == resource.RLIM_INFINITY else _files
resource.setrlimit(resource.RLIMIT_NOFILE, (min(_files, 65_536), _files))
worker_connections = max(min(10_000, _files - 200), threads + 1)
# Requests that are no requests end here, before Django sees them.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190

if os.environ.get("METRICS_TOKEN"):
    # Read when prometheus_client is first imported, which preloading the application does.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="parley-metrics-"))


def post_fork(_server, _worker):
    """Let a thread that comes back from the database have its turn sooner: an editor's request comes back often, and
    would wait each time for those that draw pages."""
    sys.setswitchinterval(0.001)


def child_exit(_server, worker):
    """Keep a dead worker's counts, and drop what only the living have."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Leave nothing behind."""
    if os.environ.get("METRICS_TOKEN"):
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def on_starting(server):
    """Before the processes part. What is loaded by now stays: looking for garbage in it would stop each of them for a
    tenth of a second now and then. Under `make run`, end with it."""
    gc.collect()
    gc.freeze()
    if os.environ.get("PARLEY_LEASH"):
        leash.fasten()
