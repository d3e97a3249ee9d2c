"""The one place from which Parley asks anything of other servers: whether the page of a source is still there.

An editor may type any address, so this must not become a way into the network that Parley runs in. Only hosts that
the operator lists are asked, by the public address that was looked at and no other, redirects included.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection
from urllib.parse import urljoin, urlsplit

TIMEOUT = 10
REDIRECTS = 5
AGENT = "Parley link check"
# What a server says that does not know HEAD, or wants none of it.
TRY_GET = {403, 405, 501}


class NotAllowed(Exception):
    """The address is none that Parley may ask."""


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast


def is_listed(url: str, hosts: Collection[str]) -> bool:
    """Whether the operator allows the host; `.example.org` allows all below it too, `example.org:8080` that port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if port not in (None, 80, 443):
        return f"{host}:{port}" in hosts
    return any(host == name.lstrip(".") or (name.startswith(".") and host.endswith(name)) for name in hosts)


def problem_with(url: str, hosts: Collection[str], may_connect: Callable[[str], bool] = is_public) -> str:
    """Why a reader would not find the page; empty if it is there. Raises NotAllowed where it may not be asked."""
    if not is_listed(url, hosts):
        raise NotAllowed("its host is not listed")
    for _hop in range(REDIRECTS + 1):
        try:
            status, target = _ask(url, may_connect)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return f"does not answer ({type(error).__name__})"
        if not (300 <= status < 400 and target):
            return "" if 200 <= status < 300 else f"answers {status}"
        url = urljoin(url, target)
        if not is_listed(url, hosts):
            return f"moved to {urlsplit(url).netloc}, which is not listed"[:120]
    return "redirects without end"


def _ask(url: str, may_connect: Callable[[str], bool]) -> tuple[int, str]:
    status, target = _request("HEAD", url, may_connect)
    return _request("GET", url, may_connect) if status in TRY_GET else (status, target)


def _request(method: str, url: str, may_connect: Callable[[str], bool]) -> tuple[int, str]:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    connection = http.client.HTTPConnection(host, parts.port or (443 if secure else 80), timeout=TIMEOUT)
    connection.sock = _connect(host, connection.port, secure, may_connect)
    try:
        path = parts.path or "/"
        connection.request(method, f"{path}?{parts.query}" if parts.query else path, headers={"User-Agent": AGENT})
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def _connect(host: str, port: int, secure: bool, may_connect: Callable[[str], bool]) -> socket.socket:
    """Look the name up once and connect to what was found: a second look might find another address."""
    addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not addresses or not all(map(may_connect, addresses)):
        raise NotAllowed("its host has an address that is not public")
    plain = socket.create_connection((addresses[0], port), timeout=TIMEOUT)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
