"""Say what is going on when it takes long enough for somebody to wonder. Standard library only."""

import contextlib
import sys
import threading
import time

PATIENCE = 1.0  # seconds of silence; quicker steps are not worth a line


class Step:
    """A step under way: its label, and a detail that may change while it runs."""

    def __init__(self, label):
        self.label = label
        self.detail = ""
        self.started = time.monotonic()

    def line(self):
        seconds = int(time.monotonic() - self.started)
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.label}, {seconds} s{detail}"


@contextlib.contextmanager
def step(label):
    """Show `label` and the seconds it takes: in place on a terminal, as two plain lines in a log."""
    current = Step(label)
    finished = threading.Event()
    shown = threading.Event()

    def show():
        if finished.wait(PATIENCE):
            return
        shown.set()
        if not sys.stdout.isatty():
            print(f"{label} …", flush=True)
            return
        while True:
            print(f"\r\033[K{current.line()[:78]}", end="", flush=True)
            if finished.wait(0.25):
                return

    display = threading.Thread(target=show, daemon=True)
    display.start()
    try:
        yield current
    finally:
        finished.set()
        display.join()
        if shown.is_set():
            clear = "\r\033[K" if sys.stdout.isatty() else ""
            current.detail = ""
            print(f"{clear}{current.line()}", flush=True)
