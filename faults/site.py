"""A real site to break: its own PostgreSQL, its own server, and readers who keep asking meanwhile."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config import local, postgres

PAGES = ("/", "/timeline/", "/positions/", "/treaties/", "/ru/timeline/", "/issues/")
MEANWHILE = 4  # readers
# Of the whole run, for its last line.
ANSWERS: list["Answers"] = []
RECOVERIES: list[float] = []


@dataclass
class Answers:
    """What readers got: how often each status, and whatever should never have been sent."""

    statuses: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0

    def __post_init__(self):
        ANSWERS.append(self)

    def lose(self, path: str, problem: Exception) -> None:
        self.lost += 1
        self.wrong.append(f"{path}: no answer: {problem}")

    def take(self, path: str, status: int, headers, body: str) -> None:
        self.statuses[status] += 1
        if "Traceback" in body or status not in (200, 304, 503):
            self.wrong.append(f"{path}: {status}: {body[:200]}")
        if status == 503 and not headers.get("Retry-After"):
            self.wrong.append(f"{path}: 503 without Retry-After")


class Site:
    def __init__(self, folder: Path, **variables: str):
        self.folder = folder
        self.database = postgres.Server(*postgres._home(folder), postgres.SCRATCH | {"max_connections": "20"})
        self.variables = variables
        self.code = local.BASE_DIR

    @classmethod
    def beside(cls, other: "Site") -> "Site":
        """Another server, of this code, on the same database and folder."""
        site = cls.__new__(cls)
        site.folder, site.database, site.variables, site.code = other.folder, other.database, {}, local.BASE_DIR
        return site

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.database.url(), "PARLEY_DATA": str(self.folder), "PARLEY_LOCAL": "1",
            "SECRET_KEY": "broken-on-purpose", "HASHED_STATIC_FILES": "0", "WEB_CONCURRENCY": "2", "WEB_THREADS": "4",
            "STATEMENT_TIMEOUT": "2", "LIMITS": "0", "CACHING": "1", "LOG_LEVEL": "CRITICAL",
            "GUNICORN_LOG_LEVEL": "critical", "DJANGO_SETTINGS_MODULE": "config.settings",
        } | self.variables  # fmt: skip

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def manage(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(*arguments), cwd=self.code, env=self.environment, stdout=subprocess.DEVNULL
        )

    def serve(self, port: int = 0) -> None:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "-b", f"127.0.0.1:{self.port}"]
        # What goes wrong is what the tests are about; the server's own words of it would only bury theirs.
        log = (self.folder / "server.log").open("w")
        self.server = subprocess.Popen(command, cwd=self.code, env=self.environment, stderr=log)
        self.wait_for("/healthz")

    def stop(self) -> None:
        if hasattr(self, "server"):
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)

    # The database

    def kill_database(self) -> None:
        """As when the machine takes it: no goodbye to anybody."""
        pid = self.database._postmaster()
        os.kill(pid, signal.SIGQUIT)
        while self.database._postmaster():
            time.sleep(0.05)

    def start_database(self) -> None:
        self.database._bring_up()

    # Readers

    def get(self, path: str, answers: Answers | None = None, timeout: float = 30) -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=timeout) as response:
                status, headers, body = response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as refusal:
            status, headers, body = refusal.code, refusal.headers, refusal.read().decode()
        if answers:
            answers.take(path, status, headers, body)
        return status

    def read(self, path: str) -> str:
        """A page's text; nothing while it is not there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                return response.read().decode()
        except urllib.error.HTTPError:
            return ""

    def recover(self, path: str = "/timeline/?order=oldest") -> float:
        """The seconds until a page that nobody has seen yet is drawn."""
        RECOVERIES.append(self.wait_for(path))
        return RECOVERIES[-1]

    def wait_for(self, path: str, patience: float = 60) -> float:
        began = time.monotonic()
        while time.monotonic() - began < patience:
            with contextlib.suppress(OSError):
                if self.get(f"{path}{'&' if '?' in path else '?'}to=2026&x={secrets.token_hex(4)}") == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"still not there after {patience} seconds")

    @contextlib.contextmanager
    def readers(self) -> Iterator[Answers]:
        """Readers who ask for one page after another while the block lasts: half of them kept, half new."""
        answers, over = Answers(), threading.Event()

        def read(number: int) -> None:
            asked = number
            while not over.is_set():
                asked += 1
                path = PAGES[asked % len(PAGES)]
                try:
                    self.get(path if asked % 2 else f"{path}?unseen={secrets.token_hex(4)}", answers)
                except OSError as problem:
                    answers.lose(path, problem)

        for path in PAGES * 4:  # each process keeps its own
            self.get(path)
        threads = [threading.Thread(target=read, args=(number,)) for number in range(MEANWHILE)]
        for thread in threads:
            thread.start()
        try:
            yield answers
        finally:
            over.set()
            for thread in threads:
                thread.join()


@contextlib.contextmanager
def site(record: bool = True, inside: Path | None = None, **variables: str) -> Iterator[Site]:
    """A site with the whole record, or an empty one, running."""
    with tempfile.TemporaryDirectory(prefix="parley-faults-", dir=inside) as name:
        folder = Path(name)
        folder.chmod(0o755)
        broken = Site(folder, **variables)
        broken.database.enter()
        try:
            assert broken.manage("migrate", "-v0").wait() == 0
            if record:
                assert broken.manage("load_record", "-v0").wait() == 0
            broken.serve()
            yield broken
        finally:
            broken.stop()
            broken.start_database()
            broken.database.leave()
