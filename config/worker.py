"""A worker whose threads never wait for a client.

gunicorn's own threads take a connection before anything has been said on it and read until a request is whole, so that
a handful of idle or slow clients holds them all. Here connections wait in the poller, where ten thousand cost little; a
thread gets one only when its request has come: the head, and what a form sends. What is larger is read by the thread,
with a limit to each silence. Who comes next amid a crowd says turns.py. Written for the pinned gunicorn, and tested by
faults/test_connections.py.
"""

import contextlib
import re
import selectors
import socket
import struct
import time
from functools import partial

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from config.turns import Turns

PATIENCE = 20  # seconds in which a request has to come
LINGER = 2  # seconds in which a client may take leave
SILENCE = 30  # seconds that a thread waits for the next piece of an upload, or for a piece of its answer to be taken
LARGEST_HEAD = 32 * 1024  # as the proxy of deploy/nginx.conf
LARGEST_FORM = 64 * 1024
SWEEP = 0.5  # seconds between two looks at who has waited too long

END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
# Whoever announces one waits for our word before sending it; gunicorn gives it when a thread reads.
SIGNED_IN = re.compile(rb"\r\ncookie:[^\r\n]*\bsessionid=", re.IGNORECASE)  # as Django calls it
NOT_YET_SENT = re.compile(rb"\r\nexpect:", re.IGNORECASE)

GOES_ON, WHOLE, GONE = "goes on", "whole", "gone"
BAD, LATE, LARGE = "400 Bad Request", "408 Request Timeout", "431 Request Header Fields Too Large"


class Request:
    """What has come of one request so far."""

    def __init__(self, conn: TConn, heard: bytes):
        self.conn = conn
        self.heard = bytearray(heard)
        self.searched = 0  # for the end of its head
        self.size = 0  # of head and form, once the head is known
        self.signed_in = False
        self.page = b""  # the first line of a head that asks for one
        self.deadline = time.monotonic() + PATIENCE

    def hear(self) -> str:
        """Take what the client has sent, without waiting; how things stand then."""
        try:
            words = self.conn.sock.recv(LARGEST_FORM)
        except BlockingIOError:
            return self.judge() if self.heard else GOES_ON
        except OSError:
            return GONE
        if not words:  # it has said all it will: the parser knows an answer to half a request
            return WHOLE if self.heard else GONE
        self.heard += words
        return self.judge()

    def judge(self) -> str:
        if not self.size:
            end = self.heard.find(END_OF_HEAD, self.searched)
            if end < 0:
                self.searched = max(0, len(self.heard) - len(END_OF_HEAD) + 1)
                return self.judge_unfinished()
            head = bytes(self.heard[: end + len(END_OF_HEAD)])
            length = LENGTH.search(head)
            form = int(length[1]) if length and not NOT_YET_SENT.search(head) else 0
            self.size = len(head) + (form if form <= LARGEST_FORM else 0)
            self.signed_in = bool(SIGNED_IN.search(head))
            self.page = head.partition(b"\r\n")[0] if head.startswith(b"GET ") else b""
        return WHOLE if len(self.heard) >= self.size else GOES_ON

    def judge_unfinished(self) -> str:
        if not (self.heard[:1].isalpha() or self.heard[:1] == b"\r"):
            return BAD  # TLS, most likely
        if self.heard.count(b"\n") != self.heard.count(b"\r\n"):
            return WHOLE  # the parser refuses such lines at once; it would never see the end of a head
        return LARGE if len(self.heard) > LARGEST_HEAD else GOES_ON


class Worker(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Both in the order of their coming.
        self.waiting: dict[TConn, Request] = {}
        self.leaving: dict[TConn, float] = {}
        self.turns: Turns[TConn] = Turns(self.cfg.threads)
        self.took: dict[TConn, float] = {}
        self.swept = 0.0
        self.stops_at = float("inf")

    def enqueue_req(self, conn: TConn) -> None:
        """Called for whoever connects, and for connections on which the next request begins."""
        if self.cfg.is_ssl:  # whose bytes say nothing to us
            super().enqueue_req(conn)
            return
        if conn.parser is None:
            self.make_room()
            welcome(conn)
        request = Request(conn, conn.parser.unreader.take_buffered())
        conn.sock.setblocking(False)
        outcome = request.hear()
        if outcome == GOES_ON:
            self.waiting[conn] = request
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_words, request))
        else:
            self.settle(request, outcome)

    def make_room(self) -> None:
        """With as many connections as there may be, whoever came first goes, so that readers get in."""
        if self.nr_conns < self.worker_connections:
            return
        for held in (self.leaving, self.waiting):
            if held:
                self.drop(next(iter(held)))
                return
        if self.keepalived_conns:
            self.drop(self.keepalived_conns.popleft())

    def on_words(self, request: Request, _sock) -> None:
        outcome = request.hear()
        if outcome != GOES_ON:
            del self.waiting[request.conn]
            self.poller.unregister(request.conn.sock)
            self.settle(request, outcome)

    def settle(self, request: Request, outcome: str) -> None:
        """Of a connection that the poller no longer watches."""
        conn = request.conn
        if outcome == WHOLE:
            conn.parser.unreader.unread(bytes(request.heard))
            conn.data_ready = True
            self.turns.come(conn, request.page, request.signed_in)
            self.hand_out()
        elif outcome == GONE:
            self.drop(conn)
        else:
            self.refuse(conn, outcome)

    def hand_out(self) -> None:
        while conn := self.turns.take():
            super().enqueue_req(conn)

    def handle(self, conn: TConn) -> object:
        """In a thread."""
        began = time.thread_time()
        try:
            return super().handle(conn)
        finally:
            self.took[conn] = time.thread_time() - began

    def refuse(self, conn: TConn, status: str) -> None:
        words = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try:
            conn.sock.send(words.encode())
        except OSError:
            self.drop(conn)
        else:
            self.part(conn)

    def part(self, conn: TConn) -> None:
        """Say good-bye and wait a little for the client's, or the system would take back what it has not yet read.

        gunicorn does this too, but has the poller wait.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_leave, conn))
        except (OSError, ValueError, KeyError):
            self.drop(conn)
        else:
            self.leaving[conn] = time.monotonic() + LINGER

    def on_leave(self, conn: TConn, sock) -> None:
        try:
            said = sock.recv(LARGEST_FORM)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self.drop(conn)

    def drop(self, conn: TConn) -> None:
        self.waiting.pop(conn, None)
        self.leaving.pop(conn, None)
        with contextlib.suppress(OSError, KeyError, ValueError):  # nobody watches it
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def finish_request(self, conn: TConn, fs) -> None:
        """A thread is done with a connection."""
        took = self.took.pop(conn, 0.0)
        if not self.cfg.is_ssl:
            self.turns.done(conn, took)
            self.hand_out()
        kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if kept or self.cfg.is_ssl:
            super().finish_request(conn, fs)
        else:
            self.part(conn)

    def murder_pending(self) -> None:
        """The name is gunicorn's. Called whenever the poller has woken, and once a second at least."""
        super().murder_pending()
        now = time.monotonic()
        if not self.alive:
            self.stops_at = min(self.stops_at, now + STOP_KEEPALIVE_LINGER)
        if now < self.swept + SWEEP:
            return
        self.swept = now
        for conn, request in list(self.waiting.items()):
            if now > min(request.deadline, self.stops_at):
                del self.waiting[conn]
                self.poller.unregister(conn.sock)
                self.settle(request, LATE if request.heard else GONE)
        for conn, until in list(self.leaving.items()):
            if now > until:
                self.drop(conn)


def welcome(conn: TConn) -> None:
    conn.init()  # for a parser; without TLS nothing is read
    limit = struct.pack("ll", SILENCE, 0)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        conn.sock.setsockopt(socket.SOL_SOCKET, option, limit)
