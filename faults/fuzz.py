"""Every address, parameter, header and form of a running site, asked sense and nonsense: `make fuzz`.

First it walks the site as a reader and as an editor, and notes addresses, what their links and forms ask, and with
which values. Then it sends FUZZ requests, each of something real of which a part is replaced. FUZZ_SEED chooses
others; the same seed and number ask the same of the same site. No answer may be an error of ours, and none may carry
markup that was sent to it.
"""

import http.client
import json
import os
import random
import re
import subprocess
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.message import Message
from itertools import count
from typing import NamedTuple

import pytest
from lxml import html

from .editor import Editor
from .senseless import CANARY, HEADERS, SENSELESS
from .site import Site, site

REQUESTS = int(os.environ.get("FUZZ") or 20_000)
SEED = int(os.environ.get("FUZZ_SEED") or 1)
CLIENTS = 4
WALKED = 6  # pages of each kind; the rest differ in nothing but what they tell
LEAVES = re.compile(r"logout|password_change")  # a form here would only end the walk

ROUTES = """
import json
from django.urls import get_resolver
def routes(resolver, before=""):
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one, here)
        else:
            yield here
print(json.dumps(sorted(set(routes(get_resolver())))))
"""


class Form(NamedTuple):
    """A form as a page brings it."""

    action: str
    fields: tuple[tuple[str, str], ...]
    has_file: bool


@dataclass
class Known:
    """What the walk has found."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Addresses without their query, by route."""
    asked: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """Parameters and some of their values, by route."""
    forms: dict[tuple, Form] = field(default_factory=dict)


class Route:
    def __init__(self, text: str):
        self.text = text
        self.parts = re.split(r"(<[^>]+>)", text.replace("^", "").replace("$", "").replace(r"\Z", ""))
        pieces = [
            (".+?" if part.startswith("<path:") else "[^/]+?") if part.startswith("<") else re.escape(part)
            for part in self.parts
        ]
        self.matches = re.compile("/" + "".join(pieces) + r"\Z").match

    def filled(self, chance: random.Random, pages: list[str]) -> str:
        """An address of this route, most of the time one that exists."""
        if pages and chance.random() < 0.7:
            return chance.choice(pages)
        return "/" + "".join(
            urllib.parse.quote(chance.choice(SENSELESS)[:400], safe="/" if "path:" in part else "")
            if part.startswith("<")
            else part
            for part in self.parts
        )


def routes(one: Site) -> list[Route]:
    command = [*one.command("shell", "-v0", "-c", ROUTES)]
    told = subprocess.run(command, cwd=one.code, env=one.environment, check=True, capture_output=True, text=True).stdout
    # Regular expressions, of which there are two, are walked only where links lead.
    found = [Route(text) for text in json.loads(told.strip().splitlines()[-1]) if "(?" not in text]
    return sorted(found, key=lambda route: -len(re.sub(r"<[^>]+>", "", route.text)))  # the most exact first


def walk(visitor: Editor, all_routes: list[Route], known: Known, starts: list[str], each: int = WALKED) -> None:
    waiting, seen, visited = list(starts), set(starts), Counter()
    while waiting:
        address = waiting.pop(0)
        path = address.partition("?")[0]
        route = route_of(all_routes, path)
        queried = (route, "?" in address)
        if visited[queried] >= each or LEAVES.search(path):
            continue
        visited[queried] += 1
        answer = visitor.open(address)
        assert answer.status < 500, f"{address}: {answer.status}"
        if path not in known.pages[route]:
            known.pages[route].append(path)
        if "text/html" not in answer.headers.get("Content-Type", "") or not answer.text.strip():
            continue
        page = answer.page
        note_forms(page, answer.url, known)
        for link in page.xpath("//a/@href | //link/@href | //*/@hx-get | //*/@data-url"):
            try:
                there = urllib.parse.urlsplit(urllib.parse.urljoin(answer.url, link))
            except ValueError:
                continue
            if there.netloc not in (f"127.0.0.1:{visitor.port}", ""):
                continue
            for name, value in urllib.parse.parse_qsl(there.query, keep_blank_values=True):
                known.asked[route_of(all_routes, there.path)][name].add(value)
            address = there.path + (f"?{there.query}" if there.query else "")
            if address not in seen and not there.path.startswith("/static/"):
                seen.add(address)
                waiting.append(address)


def note_forms(page: html.HtmlElement, url: str, known: Known) -> None:
    for form in page.forms:
        action = urllib.parse.urlsplit(urllib.parse.urljoin(url, form.action or ""))
        fields = tuple((name, value or "") for name, value in form.form_values())
        buttons = tuple((name, "1") for name in form.xpath(".//button/@name | .//input[@type='submit']/@name"))
        if form.method == "GET":
            for name, value in fields:
                known.asked[action.path][name].add(value)
            for name in form.xpath(".//*/@name"):
                known.asked[action.path][name].add("")
        elif not LEAVES.search(action.path):
            names = tuple(sorted({name for name, _ in fields}))
            address = action.path + (f"?{action.query}" if action.query else "")
            kind = (re.sub(r"/\d+/", "/N/", action.path), names)
            known.forms.setdefault(
                kind, Form(address, fields + buttons[:1], bool(form.xpath(".//input[@type='file']")))
            )


def route_of(all_routes: list[Route], path: str) -> str:
    if path.startswith("/ru/"):
        return "ru/" + route_of(all_routes, path[3:])
    return next((route.text for route in all_routes if route.matches(path)), path.split("/")[1])


class Client:
    """Sends one request after another, as somebody who is signed in or not."""

    def __init__(self, port: int, cookies: str):
        self.port, self.cookies = port, cookies
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, request: "Request") -> tuple[int, bytes, Message]:
        headers = dict(request.headers)
        if self.cookies and "Cookie" not in headers:
            headers["Cookie"] = self.cookies
        try:
            self.connection.putrequest(request.method, request.address, skip_host="Host" in headers)
            for name, value in headers.items():
                self.connection.putheader(name, value.encode("utf-8"))
            if request.body is not None:
                self.connection.putheader("Content-Length", str(len(request.body)))
            self.connection.endheaders(request.body)
            answer = self.connection.getresponse()
            return answer.status, answer.read(), answer.headers
        except (http.client.HTTPException, OSError) as problem:
            return 0, repr(problem).encode(), Message()
        finally:
            self.connection.close()


class Request(NamedTuple):
    method: str
    address: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.address[:300]} {dict(self.headers)} {(self.body or b'')[:600]!r}"


def clean(value: str) -> bool:
    """Whether HTTP can carry this in a header; what it cannot is a test of this client, not of the site."""
    return not re.search(r"[\r\n\0]", value)


class Questions:
    def __init__(self, all_routes: list[Route], known: Known):
        self.routes, self.known = all_routes, known
        self.forms = sorted(known.forms.values())
        self.names = sorted({name for asked in known.asked.values() for name in asked})

    def make(self, number: int, token: str) -> Request:
        chance = random.Random(SEED * 1_000_003 + number)  # noqa: S311
        return self.form(chance, token) if number % 3 == 0 and self.forms else self.address(chance)

    def address(self, chance: random.Random) -> Request:
        route = chance.choice(self.routes)
        path = route.filled(chance, self.known.pages.get(route.text, []))
        if chance.random() < 0.15:
            path = "/ru" + path
        asked = self.known.asked.get(route.text) or self.known.asked.get(path) or {}
        query = []
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            name = chance.choice(sorted(asked) if asked and chance.random() < 0.8 else self.names)
            values = sorted(asked.get(name, ())) if chance.random() < 0.3 else SENSELESS
            query.append((name, chance.choice(values or SENSELESS)))
        text = urllib.parse.urlencode(query)
        if chance.random() < 0.05:  # bytes that are no letters
            text += chance.choice(("&q=%ff", "&%ff=1", "&q=%ED%A0%80", "&&==&", "&q=%", "&q=%zz", "&q[]=1", "&" * 300))
        method = chance.choice(("GET",) * 12 + ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUX"))
        body = chance.choice(SENSELESS).encode() if method in ("POST", "PUT", "PATCH") else None
        return Request(method, path + (f"?{text}" if text else ""), self.headers(chance), body)

    def headers(self, chance: random.Random) -> tuple[tuple[str, str], ...]:
        found = {}
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            name = chance.choice(sorted(HEADERS))
            value = chance.choice(HEADERS[name])
            if clean(value):
                found[name] = value
        return tuple(found.items())

    def form(self, chance: random.Random, token: str) -> Request:
        form = chance.choice(self.forms)
        fields = [(name, token if name == "csrfmiddlewaretoken" else value) for name, value in form.fields]
        may = [place for place, (name, _) in enumerate(fields) if name != "csrfmiddlewaretoken"]
        for place in chance.sample(may, min(len(may), chance.choice((1, 1, 2, 3, 8)))):
            name, value = fields[place]
            fields[place] = (name, chance.choice(SENSELESS))
            if chance.random() < 0.1:
                fields.append((name, value))
        if chance.random() < 0.1 and may:
            del fields[chance.choice(may)]
        if not form.has_file:
            headers = (("Content-Type", "application/x-www-form-urlencoded"),)
            return Request("POST", form.action, headers, urllib.parse.urlencode(fields).encode())
        line = "parley-fuzz"
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
        ]
        name = chance.choice(("a.csv", "a.xlsx", "a.txt", "a.pdf", "a.docx", "a.html", "../a.csv", "", CANARY))
        start = chance.choice(("", "%PDF-1.7\n", "PK\x03\x04", "slug,summary\r\n", "<html>", "\0"))
        head = f'Content-Disposition: form-data; name="{chance.choice(("table", "file", "upload"))}"; filename="{name}"'
        parts.append(f"--{line}\r\n{head}\r\n\r\n{start}{chance.choice(SENSELESS)}\r\n--{line}--\r\n")
        headers = (("Content-Type", f"multipart/form-data; boundary={line}"),)
        return Request("POST", form.action, headers, "".join(parts).encode())


@pytest.fixture(scope="module")
def asked():
    with site(STATEMENT_TIMEOUT="10", LOG_LEVEL="ERROR") as one:
        yield one


def test_no_request_is_answered_with_an_error_of_ours(asked):
    all_routes, known = routes(asked), Known()
    editor = Editor(asked)
    walk(Editor.nobody(asked), all_routes, known, ["/", "/ru/", "/search/?q=test", "/api/docs", "/data/", "/feeds/"])
    walk(editor, all_routes, known, ["/admin/"])
    questions = Questions(all_routes, known)
    found = sum(len(pages) for pages in known.pages.values())
    print(
        f"\n  {len(all_routes)} routes, {found} pages walked, {len(questions.names)} parameters,"
        f" {len(known.forms)} forms"
    )
    statuses, seconds, wrong = defaultdict(Counter), Counter(), []
    numbers, lock = count(), threading.Lock()
    signed_in = [editor]

    def cookies() -> tuple[str, str]:
        jar = {cookie.name: cookie.value for cookie in signed_in[0].cookies}
        return "; ".join(f"{name}={value}" for name, value in jar.items()), jar["csrftoken"]

    def ask() -> None:
        while (number := next(numbers)) < REQUESTS:
            text, token = cookies()
            request = questions.make(number, token)
            # Every other address is asked as a reader, whose pages are kept and shared.
            as_editor = request.body is not None or number % 2
            began = time.monotonic()
            status, body, headers = Client(asked.port, text if as_editor else "").send(request)
            took = time.monotonic() - began
            marked = CANARY.encode() in body and "html" in headers.get("Content-Type", "")
            turned_away = "/admin/login/" in headers.get("Location", "")
            with lock:
                statuses["forms" if request.body and number % 3 == 0 else "addresses"][
                    "to sign in" if turned_away else str(status)
                ] += 1
                if number % 2_000 == 0:
                    print(f"  {number} after {time.monotonic() - since:.0f} s, {len(wrong)} wrong", flush=True)
                seconds[route_of(all_routes, request.address.partition("?")[0])] += took
                if not status or status >= 500 or b"Traceback" in body or marked:
                    what = status or f"no answer, {body.decode()}, after {took:.0f} s"
                    wrong.append(f"{number}: {what}{' MARKUP' if marked else ''}: {request}")
                if as_editor and turned_away and "/login/" in signed_in[0].open("/admin/").url:
                    signed_in[0] = Editor(asked)  # one of the forms has signed us out

    since = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = sum(counted.total() for counted in statuses.values())
    told = "\n".join(f"    {what}: {dict(sorted(counted.items()))}" for what, counted in statuses.items())
    print(
        f"  seed {SEED}: {sent} requests in {time.monotonic() - since:.0f} s; by status:\n{told}\n"
        f"  most time took: {', '.join(f'{route} {took:.0f} s' for route, took in seconds.most_common(12))}"
    )
    log = (asked.folder / "server.log").read_text(errors="replace")[-20_000:] if wrong else ""
    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong[:40]) + f"\n{log}"
    assert sent == REQUESTS
    assert asked.get("/readyz") == 200
