"""Keep a child process from outliving the one that started it, even one that was killed outright.

The parent gives the child a pipe as standard input and never writes to it. The system closes the pipe
when the parent is gone, whatever took it, and the child ends as if it had been asked to.
"""

import os
import signal
import threading


def fasten() -> None:
    """In the child: end with the parent."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    # Not sys.stdin: a process forked meanwhile would inherit its lock as held for ever.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
