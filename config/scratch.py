"""A throw-away PostgreSQL and data folder, for tests and checks: never the data of `make run`.

python -m config.scratch manage.py check      runs a Python command with it
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config import local, postgres

PREFIX = "parley-scratch-"
YOUNG = 60  # seconds in which a folder may still be waiting for its lock


@contextlib.contextmanager
def environment() -> Iterator[None]:
    """Set what the settings need, for as long as the block lasts.

    With DATABASE_URL set that server is used instead; the tests make databases of their own in it.
    """
    _sweep()
    data = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = local.try_lock(data / "in-use")
    data.chmod(0o755)  # the account that runs PostgreSQL for root has to pass; its own folders are closed
    (data / "static").mkdir()
    os.environ |= {"PARLEY_DATA": str(data), "PARLEY_LOCAL": "1", "SECRET_KEY": secrets.token_urlsafe(50)}
    try:
        if os.environ.get("DATABASE_URL"):
            yield
        else:
            with postgres.running(data, postgres.SCRATCH) as url:
                os.environ["DATABASE_URL"] = url
                yield
    finally:
        _remove(data)
        os.close(lock)


def _sweep() -> None:
    """Remove what killed runs have left, servers included: nobody holds their locks any more."""
    for data in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's
            if time.time() - data.stat().st_mtime < YOUNG:
                continue
            lock = local.try_lock(data / "in-use")
            if lock is not None:
                if (data / "postgres" / "cluster").exists():
                    postgres.stop_unless_used(data)
                _remove(data)
                os.close(lock)


def _remove(data: Path) -> None:
    shutil.rmtree((data / "postgres").resolve(), ignore_errors=True)  # where root had to keep it elsewhere
    shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    local.unwind_on_signals()
    with environment():
        status = subprocess.call([sys.executable, *sys.argv[1:]], cwd=local.BASE_DIR)
    sys.exit(status)
