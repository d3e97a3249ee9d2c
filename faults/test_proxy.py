"""deploy/nginx.conf as it stands, but for its ports, certificate and folder, in front of a real site.

Where nginx is installed; it is not needed to develop Parley.
"""

import contextlib
import http.client
import secrets
import shutil
import socket
import ssl
import subprocess
import time

import brotli
import pytest

from config import local

from .editor import Editor
from .site import site

NAME = "parley.example"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Proxy:
    def __init__(self, one):
        self.folder, self.site = one.folder / "nginx", one
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.secure, self.plain = free_port(), free_port()
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
        subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        text = (local.BASE_DIR / "deploy" / "nginx.conf").read_text()
        for written, here in {
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
            "http://127.0.0.1:8000": f"http://127.0.0.1:{one.port}",
            "/var/cache/nginx/parley": str(self.folder / "cache"),
        }.items():
            assert written in text
            text = text.replace(written, here)
        (self.folder / "site.conf").write_text(text)
        self.settings = self.folder / "nginx.conf"
        self.settings.write_text(
            f"pid {self.folder}/pid; error_log {self.folder}/error.log; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;\n"
            f"include {self.folder}/site.conf; }}\n"
        )

    def check(self) -> str:
        done = subprocess.run(["nginx", "-t", "-c", self.settings], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    @contextlib.contextmanager
    def running(self):
        process = subprocess.Popen(["nginx", "-c", self.settings, "-g", "daemon off;"])
        try:
            deadline = time.monotonic() + 10
            while socket.socket().connect_ex(("127.0.0.1", self.secure)):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield self
        finally:
            process.terminate()
            process.wait(20)

    def ask(self, path: str, source: str = "127.0.0.1", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        trust = ssl._create_unverified_context()  # noqa: S323  (our own certificate of a minute ago)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.secure, timeout=60, context=trust, source_address=(source, 0)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": NAME} | named)
        answer = connection.getresponse()
        try:
            return answer, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def proxy():
    if not shutil.which("nginx") or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not installed")
    production = {
        "BEHIND_TLS_PROXY": "1", "PROXY_COUNT": "1", "LIMITS": "1", "ALLOWED_HOSTS": f"{NAME},127.0.0.1,localhost",
    }  # fmt: skip
    with site(**production) as one, Proxy(one).running() as front:
        yield front


def test_nginx_takes_the_settings(proxy):
    assert "syntax is ok" in proxy.check()


def test_pages_come_through_compressed_and_unchanged(proxy):
    answer, body = proxy.ask("/treaties/", Accept_Encoding="br")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
    page = brotli.decompress(body).decode()
    assert "</html>" in page
    assert proxy.ask("/treaties/")[1].decode() == page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_copy_that_still_holds_is_not_sent_again(proxy):
    answer, _ = proxy.ask("/treaties/", Accept_Encoding="br")
    again, body = proxy.ask("/treaties/", Accept_Encoding="br", If_None_Match=answer.headers["ETag"])
    assert (again.status, body) == (304, b"")
    assert answer.headers["Cache-Control"].startswith("public, max-age=0")


def test_addresses_are_those_of_readers_and_nobody_may_choose_theirs(proxy):
    """One visitor uses up a limit; another, by the same proxy, is still served."""

    def search(source: str) -> int:
        forged = f"10.0.0.{secrets.randbelow(250)}"
        answer, _ = proxy.ask(f"/search/?q={secrets.token_hex(6)}", source, X_Forwarded_For=forged)
        return answer.status

    first = [search("127.0.0.21") for _ in range(260)]  # more than two minutes allow
    assert first[0] == 200
    assert 429 in first
    assert search("127.0.0.22") == 200


def test_addresses_in_pages_are_https_and_of_the_site(proxy):
    _, body = proxy.ask("/sitemap.xml")
    assert f"https://{NAME}/sitemap-" in body.decode()


def test_plain_http_is_sent_to_https(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/timeline/?q=x", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/timeline/?q=x")


def test_figures_are_nobodys_business(proxy):
    assert proxy.ask("/metrics")[0].status == 403


def test_what_an_editor_sees_is_not_kept(proxy):
    editor = Editor(proxy.site)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in editor.cookies)
    for path, for_others in (("/admin/", 302), ("/negotiations/", 200)):
        answer, _ = proxy.ask(path, Cookie=cookies)
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        answer, _ = proxy.ask(path)
        assert answer.status == for_others
        assert "Set-Cookie" not in answer.headers


def test_a_change_shows_and_pages_are_there_while_parley_is_not(proxy):
    _, before = proxy.ask("/issues/")
    assert proxy.ask("/issues/?unseen=1")[0].status == 200
    proxy.site.stop()
    try:
        time.sleep(1.2)  # the copy is no longer good, but all there is
        answer, body = proxy.ask("/issues/")
        assert (answer.status, body) == (200, before)
        assert proxy.ask("/issues/?unseen=2")[0].status == 502
    finally:
        port = proxy.site.port
        proxy.site.serve(port)
    assert proxy.ask("/issues/?unseen=2")[0].status == 200
