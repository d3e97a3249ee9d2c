"""A web scanner from PyPI looks for ways into a running site: `make scan`.

It is given one of each kind of what a walk has found: addresses with all that can be asked of them, and forms. Left to
follow links, it would spend its hours on pages that differ in nothing but what they tell.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .editor import Editor
from .fuzz import Known, routes, walk
from .site import Site, site

SCANNER = "wapiti3==3.2.3"
HOME = Path("var/wapiti").absolute()  # what it depends on is none of ours
PATIENCE = os.environ.get("SCAN_SECONDS") or "180"  # for each module
# Not `ldap`: answers that repeat what was asked in another spelling are a find to it. There is no directory here.
FORMS = "xss,permanentxss,csrf,redirect,ssrf,upload,cookieflags,xxe,sql,timesql,file,exec"
READER = f"{FORMS},crlf,shellshock,csp,http_headers"
DESK = ["--max-parameters", "12", "--skip", "csrfmiddlewaretoken"]  # a form of sixty fields would take it an hour
SPARED = ("/delete/", "/logout/", "/password")  # would only take away what is to be scanned next
EXPLAINED = {
    ("Secure Flag cookie", "/"): "the site is asked without TLS here",
    ("Cross Site Request Forgery", "/follow/"): "nobody is signed in there, and the address has to confirm by mail",
}
DRIVER = """
import json, sys
import wapitiCore.main.wapiti as scanner
from wapitiCore.net import Request
class Told(scanner.Wapiti):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        for one in json.load(open(told)):
            files = [[name, ("table.csv", b"slug,summary", "text/csv")] for name in one.pop("files", ())]
            self.add_start_url(Request(**one, file_params=files))
told = sys.argv.pop()
scanner.Wapiti = Told
scanner.wapiti_asyncio_wrapper()
"""


@pytest.fixture(scope="module")
def scanner() -> Path:
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", SCANNER], check=True)
    return python


@pytest.fixture(scope="module")
def scanned():
    with site(STATEMENT_TIMEOUT="10", LOG_LEVEL="INFO", LOG_FORMAT="json") as one:
        yield one


class Bait(BaseHTTPRequestHandler):
    """Where the site would call if it followed an address or an XML entity that a visitor sent."""

    def do_GET(self):
        # The scanner asks who has called, a public server if not told otherwise; here we say ourselves.
        if not self.path.startswith("/get_"):
            self.server.callers.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    do_HEAD = do_POST = do_GET

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def bait():
    with ThreadingHTTPServer(("127.0.0.1", 0), Bait) as server:
        server.callers = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def targets(one: Site, visitor: Editor, starts: list[str]) -> list[dict]:
    known, found = Known(), []
    walk(visitor, routes(one), known, starts, each=1)
    base = f"http://127.0.0.1:{one.port}"
    for route, pages in sorted(known.pages.items()):
        asked = known.asked[route] | known.asked[pages[0]]
        # Nothing, where a form allows it: with all filters set, no page would have much to show.
        query = [[name, "" if "" in values else min(values)] for name, values in sorted(asked.items())]
        found.append({"path": base + pages[0], "method": "GET", "get_params": query})
    for form in known.forms.values():
        path, _, query = form.action.partition("?")
        fields = [list(pair) for pair in form.fields]
        asked = [list(pair) for pair in urllib.parse.parse_qsl(query)]
        files = {"files": ["table"]} if form.has_file else {}
        found.append({"path": base + path, "method": "POST", "get_params": asked, "post_params": fields} | files)
    ours = base + starts[0]
    return [one for one in found if one["path"].startswith(ours) and not any(word in one["path"] for word in SPARED)]


@pytest.mark.parametrize("start", ["/", "/admin/"], ids=["reader", "editor"])
def test_a_scanner_finds_no_way_in(scanned, scanner, bait, tmp_path, start):
    at_desk = start == "/admin/"
    visitor = Editor(scanned) if at_desk else Editor.nobody(scanned)
    told, report, log = tmp_path / "told.json", tmp_path / "report.json", scanned.folder / "server.log"
    asked = targets(scanned, visitor, [start] if at_desk else [start, "/ru/", "/search/?q=test", "/api/docs"])
    told.write_text(json.dumps(asked))
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.cookies)
    before, began = log.stat().st_size, time.monotonic()
    command = [
        scanner, "-c", DRIVER, "-u", f"http://127.0.0.1:{scanned.port}{start}", "--scope", "domain", "-d", "0",
        "-v", "1", "-m", FORMS if at_desk else READER, *(DESK if at_desk else ()), "--max-attack-time", PATIENCE,
        "--store-session", tmp_path, "--tasks", "4", "--no-bugreport", "-f", "json", "-o", report,
        "--endpoint", f"http://127.0.0.1:{bait.server_port}/", "--cookie-value", cookies, told,
    ]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(*(line for line in said.splitlines() if re.search("Launching|reached|Unable|skipped", line)), sep="\n")
    with log.open() as lines:
        lines.seek(before)
        statuses = Counter(json.loads(line)["status"] for line in lines if '"status": ' in line)
    took = time.monotonic() - began
    print(f"  {len(asked)} addresses and forms, {statuses.total()} requests in {took:.0f} s: {dict(statuses)}")
    found = json.loads(report.read_text())
    wrong = [
        f"{kind}: {case['info']}: {case['http_request'].splitlines()[0][:300]}"
        for kind, cases in (found["vulnerabilities"] | found["anomalies"]).items()
        for case in cases
        if not any(kind == known and case["path"].endswith(path) for known, path in EXPLAINED)
    ]
    assert wrong == [], "\n".join(wrong)
    assert bait.callers == [], "the site was led to call elsewhere"
    assert max(statuses) < 500
    assert not at_desk or "/login/" not in visitor.open("/admin/").url, "it was signed out on the way"
