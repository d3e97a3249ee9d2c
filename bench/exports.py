"""`make measure-export`: how much memory and patience it takes to read 100,000 entries as CSV, NDJSON and JSON.

Each form is asked of a server that has just started, and then once more: the first request pays for whatever a process
does only once. Patience ends with the first entry, not with the header before it.
"""

import http.client
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from bench import seed
from bench.__main__ import serving
from config import local, scratch

WANTED = 100_000
FORMS = ("/timeline.csv", "/timeline.ndjson", "/timeline.json")


def main() -> None:
    local.unwind_on_signals()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "HASHED_STATIC_FILES": "1", "LIMITS": "0"}
    with scratch.environment():
        for command in (["migrate", "-v0"], ["load_record", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True)
        print(f"{seed.grow(os.environ['DATABASE_URL'], WANTED):,} entries", flush=True)
        for path in FORMS:
            with serving(CACHING="0") as site:
                measure(site, path, "first request")
                measure(site, path, "second")


def measure(site: str, path: str, which: str) -> None:
    with Memory(workers_of(site)) as memory:
        connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=600)
        began = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        byte = response.read(1)
        first_byte = time.perf_counter() - began
        text = byte + response.readline() + response.readline()
        first_entry = time.perf_counter() - began
        size = len(text)
        while part := response.read(1 << 16):
            size += len(part)
        took = time.perf_counter() - began
    print(
        f"{path}, {which}: first byte after {first_byte:.3f} s, first entry after {first_entry:.3f} s, all "
        f"{size / 1e6:.1f} MB after {took:.1f} s; memory {memory.before:.0f} MB, at most "
        f"{memory.most - memory.before:+.1f} MB",
        flush=True,
    )


class Memory:
    """The resident memory of some processes while a block lasts, in MB."""

    def __init__(self, processes: list[int]):
        self.processes = processes
        self.before = self.most = self.now()
        self.over = threading.Event()
        self.watch = threading.Thread(target=self.keep_watch)

    def now(self) -> float:
        pages = sum(int(Path(f"/proc/{number}/statm").read_text().split()[1]) for number in self.processes)
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def keep_watch(self) -> None:
        while not self.over.wait(0.05):
            self.most = max(self.most, self.now())

    def __enter__(self):
        self.watch.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.watch.join()


def workers_of(site: str) -> list[int]:
    """The processes that answer there: those whose parent was started to listen there."""
    where = urlsplit(site).netloc.encode()
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
        if where in arguments.split(b"\0"):
            parents[int(folder.name)] = parent
    return [number for number, parent in parents.items() if parent in parents]


if __name__ == "__main__":
    main()
