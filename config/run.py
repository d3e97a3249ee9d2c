"""`make run`: everything it takes to read and edit the record on this machine, until Ctrl-C.

It holds the data folder's lock, keeps the embedded database up, brings database and static files up to date
in one child process, serves the site from another, and stops whatever it started, in order. Its children
run in sessions of their own, so that a Ctrl-C reaches only this process; a leash ends them if it is killed.
"""

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config import local, processes

HOST = "127.0.0.1"
# A run that was killed a moment ago may still be winding down.
GRACE = 5


def main(arguments: list[str]) -> None:
    developing = "--dev" in arguments
    local.read_env_file()
    local.unwind_on_signals()
    port = port_from_environment()
    url = f"http://{HOST}:{port}/"
    data = local.prepared_data_folder()
    os.environ["PARLEY_DATA"] = str(data)
    os.environ["PARLEY_LOCAL"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DEBUG"] = "1" if developing else os.environ.get("DEBUG", "0")
    started_by = os.getppid()
    try:
        with only_run_in(data, url):
            require_free_port(port)
            with local.environment():
                prepare(url)
                serve(url, port, developing, started_by)
    except KeyboardInterrupt:
        print("\nParley has stopped.")


def port_from_environment() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        sys.exit(f"parley: PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


@contextlib.contextmanager
def only_run_in(data: Path, url: str) -> Iterator[None]:
    """Hold the data folder, and leave word where we serve; say who holds it if somebody does."""
    path = data / "run.lock"
    lock = patiently(lambda: local.try_lock(path))
    if lock is None:
        sys.exit(f"parley: {data} is in use{word_left_in(path)}; to run another beside it, set PORT and PARLEY_DATA")
    path.write_text(json.dumps({"url": url, "process": os.getpid()}))
    try:
        yield
    finally:
        os.close(lock)


def word_left_in(path: Path) -> str:
    with contextlib.suppress(OSError, ValueError, KeyError):
        other = json.loads(path.read_text())
        return f" by process {other['process']}, which serves {other['url']}"
    return ""


def require_free_port(port: int) -> None:
    def problem_with_port() -> OSError | None:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((HOST, port))
                attempt.listen()
            except OSError as problem:
                return problem
        return None

    if patiently(lambda: problem_with_port() is None):
        return
    problem = problem_with_port()
    if problem and problem.errno == errno.EADDRINUSE:
        sys.exit(
            f"parley: port {port} is taken by {processes.listening_on(port)}; "
            f"choose another with PORT={port + 1 if port < 65535 else 8000} make run"
        )
    if problem:
        sys.exit(f"parley: cannot listen on port {port}: {problem.strerror}; choose another with PORT=8000")


def patiently(attempt):
    """The attempt's result as soon as it is a good one, or its last."""
    deadline = time.monotonic() + GRACE
    while not (result := attempt()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return result


def prepare(url: str) -> None:
    with child([sys.executable, "-m", "config.prepare", url]) as process:
        status = process.wait()
    if status:
        sys.exit(status if status > 0 else 1)  # it has said why


def serve(url: str, port: int, developing: bool, started_by: int) -> None:
    if developing:
        command = [sys.executable, "-m", "config.develop", f"{HOST}:{port}"]
    else:
        os.environ.setdefault("GUNICORN_LOG_LEVEL", "warning")
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "--bind", f"{HOST}:{port}"]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(child(command))
        if wait_until_it_answers(server, url):
            print(f"Parley is at {url}   (Ctrl-C stops it)", flush=True)
            # Readers come first; a release of the data is made beside them, if there is anything new to release.
            stack.enter_context(child([sys.executable, "-m", "config.publish"]))
        while server.poll() is None:
            # A killed make cannot tell us; without it nobody is left who could.
            if "MAKELEVEL" in os.environ and os.getppid() != started_by:
                return
            time.sleep(0.3)
    sys.exit(f"parley: the web server ended unexpectedly (status {server.returncode})")


def wait_until_it_answers(server: subprocess.Popen, url: str) -> bool:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310  (our own address)
                return True
        except urllib.error.HTTPError as answer:
            if answer.code >= 500:
                print(f"parley: {url} answers with {answer.code}; see the messages above", file=sys.stderr)
            return True
        except OSError:
            time.sleep(0.1)
    return False


@contextlib.contextmanager
def child(command: list[str]) -> Iterator[subprocess.Popen]:
    """Run a command on a leash, and end it with the block."""
    process = subprocess.Popen(
        command,
        cwd=local.BASE_DIR,
        env=os.environ | {"PARLEY_LEASH": "1"},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever did not follow
        process.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
