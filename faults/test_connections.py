"""Connections that say nothing, little or too much: threads are for whole requests, so readers do not notice."""

import contextlib
import resource
import secrets
import select
import signal
import socket
import statistics
import threading
import time

import pytest

from .test_database import told
from .test_server import workers

THREADS = 8  # of both processes together
MANY = 10_000
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def files():
    """As many open files as the system allows: a connection is one at either end."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


def connect(broken, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", broken.port), timeout=30, source_address=(source, 0))


@contextlib.contextmanager
def connections(broken, number: int):
    """Several addresses, since one has a limited number of ports."""
    opened = [connect(broken, f"127.0.0.{2 + place % 8}") for place in range(number)]
    try:
        yield opened
    finally:
        for client in opened:
            client.close()


def answer(client: socket.socket) -> bytes:
    """All until the server closes, or says no more for two seconds."""
    client.settimeout(2)
    said = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while words := client.recv(65536):
            said += words
    return said


def ask_every_page(broken, times: int) -> list[float]:
    """The milliseconds that pages take which nobody has read yet."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        assert broken.get(f"/treaties/?unseen={secrets.token_hex(4)}") == 200
        took.append((time.monotonic() - began) * 1000)
    return took


def test_ten_thousand_connections_of_which_half_dribble_a_request(broken, files):
    alone = statistics.median(ask_every_page(broken, 30))
    over = threading.Event()

    def dribble(clients):
        """A letter of a head that never ends, over and over."""
        letters = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 10_000
        for letter in letters:
            for client in clients:
                with contextlib.suppress(OSError):
                    client.send(bytes([letter]))
            if over.wait(1):
                return

    began = time.monotonic()
    with connections(broken, MANY) as opened:
        opening = time.monotonic() - began
        dribbling = threading.Thread(target=dribble, args=(opened[::2],))
        dribbling.start()
        try:
            with broken.readers() as answers:
                time.sleep(1)
                crowded = ask_every_page(broken, 60)
        finally:
            over.set()
            dribbling.join()
    told(f"{MANY} connections, opened in {opening:.1f} s", answers, broken.recover())
    crowded.sort()
    print(
        f"  a new page: {alone:.0f} ms alone, {statistics.median(crowded):.0f} ms among them and four other readers,"
        f" {crowded[-1]:.0f} ms at most"
    )
    assert set(answers.statuses) == {200}
    assert crowded[-1] < 10_000


def test_twice_as_many_slow_heads_and_forms_as_there_are_threads(broken):
    head = b"POST /csp-report/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with connections(broken, 4 * THREADS) as opened, broken.readers() as answers:
        for place, client in enumerate(opened):
            client.sendall(head + b"Content-Length: 900\r\n\r\n{" if place % 2 else head)
        took = ask_every_page(broken, 20)
    told(f"{4 * THREADS} slow heads and forms", answers)
    print(f"  a new page: {max(took):.0f} ms at most")
    assert set(answers.statuses) == {200}


def test_a_request_that_does_not_come_is_told_so(broken):
    with connections(broken, 2) as (silent, slow):
        slow.sendall(b"GET / HTTP/1.1\r\nHo")
        began = time.monotonic()
        for client, expected in ((slow, b"HTTP/1.1 408 "), (silent, b"")):
            client.settimeout(30)
            assert client.recv(65536).startswith(expected)
        assert 15 < time.monotonic() - began < 30


def test_who_keeps_the_line_after_the_answer_keeps_nobody_waiting(broken):
    """gunicorn's own worker waits for the other's good-bye, two seconds each, before it hears anybody else."""
    with connections(broken, 20) as opened:
        for client in opened:
            client.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        began = time.monotonic()
        assert broken.get("/healthz") == 200
        assert time.monotonic() - began < 1
        assert all(answer(client).startswith(b"HTTP/1.1 200") for client in opened)


def test_requests_are_answered_one_after_another_on_one_connection(broken):
    with connect(broken) as client:
        for _ in range(5):
            client.sendall(REQUEST)
            said = b""
            while not said.endswith(b"\r\n\r\nok\n"):
                words = client.recv(65536)
                assert words
                said += words
            assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_requests_sent_at_once_or_in_pieces_are_all_answered(broken, piece):
    words = REQUEST * 3 + REQUEST[:10]
    with connect(broken) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(words), piece):
            client.sendall(words[start : start + piece])
            time.sleep(0.002)
        # The fourth, of which nothing more comes, holds no thread.
        assert answer(client).count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("size", [100, 60_000, 300_000])
def test_forms_come_whole_whatever_their_size(broken, size):
    """Refused, once they have come, since nothing is filled in."""
    head = (
        f"POST /follow/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\nCookie: csrftoken={'k' * 32}\r\n\r\n"
    )
    with connect(broken) as client:
        client.sendall(head.encode())
        for _ in range(10):
            time.sleep(0.02)
            client.sendall(b"x" * (size // 10))
        assert client.recv(65536).split()[1] == b"422"


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(broken):
    with connect(broken) as client:
        client.sendall(
            b"POST /csp-report/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        )
        assert client.recv(65536).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert client.recv(65536).startswith(b"HTTP/1.1 204 ")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
        (b"GET / HTTP/1.1\nHost: localhost\n\n", b"400"),
        (b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 40_000, b"431"),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"4"),
    ],
    ids=["TLS", "bare line feeds", "empty lines", "a head without end", "a long address"],
)
def test_what_is_no_request_is_refused_at_once(broken, words, status):
    with connect(broken) as client:
        began = time.monotonic()
        client.sendall(words)
        assert client.recv(65536).split()[1].startswith(status)
        assert time.monotonic() - began < 2


def test_an_empty_line_before_a_request_is_overlooked(broken):
    with connect(broken) as client:
        client.sendall(b"\r\n" + REQUEST)
        assert client.recv(65536).startswith(b"HTTP/1.1 200")


def test_who_is_signed_in_waits_for_one_reader_at_most_not_for_the_crowd(broken):
    """Both ask for pages that have to be drawn; the editor comes last."""
    crowd = 20 * THREADS

    def ask(number: int, cookie: str = "") -> bytes:
        address = f"/treaties/?unseen={secrets.token_hex(4)}-{number}"
        return f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{cookie}\r\n".encode()

    with connections(broken, crowd + 1) as (editor, *readers):
        for number, reader in enumerate(readers):
            reader.sendall(ask(number))
        time.sleep(0.1)
        editor.sendall(ask(crowd, "Cookie: sessionid=anything\r\n"))
        assert editor.recv(65536).startswith(b"HTTP/1.1 200")
        still_waiting = len(readers) - len(select.select(readers, [], [], 0)[0])
        assert all(reader.recv(65536).startswith(b"HTTP/1.1 200") for reader in readers)
    print(f"  {still_waiting} of {crowd} readers still waited when the editor had been answered")
    assert still_waiting > crowd / 2


def test_workers_replaced_under_load_lose_no_request(broken):
    before = workers(broken)
    with broken.readers() as answers:
        for _ in range(3):
            broken.server.send_signal(signal.SIGHUP)
            time.sleep(2)
    told("workers replaced", answers)
    assert set(answers.statuses) == {200}
    deadline = time.monotonic() + 20  # what has begun is finished first
    while set(before) & set(workers(broken)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
