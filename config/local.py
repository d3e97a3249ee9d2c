"""What a clone provides for itself where the environment says nothing: a data folder, a key, a database."""

import contextlib
import fcntl
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent


def read_env_file() -> None:
    """Let `.env` supply what the environment itself does not say."""
    Env().read_env(str(BASE_DIR / ".env"), recurse=False)


def data_folder() -> Path:
    """Where `make run` keeps what it makes: PARLEY_DATA, or `var` in the clone."""
    return (BASE_DIR / (os.environ.get("PARLEY_DATA") or "var")).resolve()


def kept_secret_key(data: Path) -> str | None:
    """The key that `make run` keeps in its data folder, if there is one."""
    try:
        return (data / "secret_key").read_text().strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


@contextlib.contextmanager
def environment() -> Iterator[None]:
    """Fill in what is unset, with the embedded database running for as long as the block lasts.

    With DATABASE_URL set, everything else has to be said as well: that is somebody's deployment.
    """
    read_env_file()
    if os.environ.get("DATABASE_URL"):
        yield
        return
    data = prepared_data_folder()
    from config import postgres  # only now: psycopg takes a while to import

    unwind_on_signals()
    with postgres.running(data) as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("PARLEY_LOCAL", "1")
        yield


def prepared_data_folder() -> Path:
    """The data folder, made if need be, with a key in it; one line instead where we may not write there."""
    data = data_folder()
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not kept_secret_key(data):
            unfinished = data / "secret_key.new"
            unfinished.unlink(missing_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            unfinished.rename(data / "secret_key")
        # Not os.access(): it knows nothing of read-only file systems mounted over us, or of a full disk.
        (data / "run.lock").touch()
    except OSError as problem:
        sys.exit(f"parley: cannot write to the data folder {data}: {problem.strerror}; see PARLEY_DATA")
    return data


def try_lock(path: Path) -> int | None:
    """Take an advisory lock, which ends with this process however it ends; None if somebody has it."""
    lock = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def unwind_on_signals() -> None:
    """Make a request to stop end the program like any other exit, so that it can tidy up, and only once.

    `make` passes on a signal that has reached us already, and people press Ctrl-C twice; neither must
    interrupt the tidying.
    """

    def unwind(number, _frame):
        for other in (signal.SIGINT, signal.SIGTERM):
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, unwind)
