"""Processes killed outright, and clients that are slow, endless or speak no HTTP."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from .test_database import told


def workers(broken) -> list[int]:
    return [
        int(pid) for pid in Path(f"/proc/{broken.server.pid}/task/{broken.server.pid}/children").read_text().split()
    ]


def test_a_worker_killed_is_replaced(broken):
    for _ in range(3):
        os.kill(workers(broken)[0], signal.SIGKILL)
        broken.recover()
    deadline = time.monotonic() + 10
    while len(workers(broken)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(workers(broken)) == 2


NONSENSE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a port without
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: 1\r\n" * 500 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \x00\xff\r\n\r\n",
    b"POST /csp-report/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\n\r\n",
    b"\r\n" * 1000,
]


@pytest.mark.parametrize("words", NONSENSE, ids=lambda words: repr(words[:24]))
def test_nonsense_is_refused_and_nobody_else_notices(broken, words):
    with socket.create_connection(("127.0.0.1", broken.port), timeout=10) as client:
        client.settimeout(10)
        try:
            client.sendall(words)
            client.shutdown(socket.SHUT_WR)
            answer = client.recv(65536)
        except OSError:
            answer = b""
    assert b"Traceback" not in answer
    assert not answer or b" 4" in answer.split(b"\r\n")[0] or b" 505 " in answer.split(b"\r\n")[0]
    assert broken.get("/timeline/") == 200


def test_slow_clients_do_not_keep_others_waiting(broken):
    slow = [socket.create_connection(("127.0.0.1", broken.port)) for _ in range(3)]
    with broken.readers() as answers:
        for letter in b"GET / HT":
            for client in slow:
                client.sendall(bytes([letter]))
            time.sleep(0.3)
    for client in slow:
        client.close()
    told("slow clients", answers)
    assert answers.statuses[200] > 10
