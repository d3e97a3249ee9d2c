"""An editor at the desk of a real site: signs in, fills in the forms that the pages bring, presses their buttons."""

import http.cookiejar
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from lxml import html

from .site import Site

NAME = "editor"
STATEMENTS = "/admin/negotiations/statement/"


@dataclass
class Answer:
    status: int
    url: str
    """Of the page that answered, where a form leads on once it is saved."""
    text: str
    headers: dict

    @property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @property
    def errors(self) -> str:
        return " ".join(" ".join(said.itertext()) for said in self.page.find_class("errorlist"))


class Editor:
    def __init__(self, site: Site):
        self.come(site)
        password = secrets.token_urlsafe(16)
        site.variables |= {"DJANGO_SUPERUSER_PASSWORD": password}
        name = f"{NAME}-{secrets.token_hex(4)}"
        made = site.manage("createsuperuser", "--noinput", "--username", name, "--email", "editor@example.org", "-v0")
        assert made.wait() == 0
        answer = self.send("/admin/login/", username=name, password=password)
        assert answer.status == 200
        assert "/login/" not in answer.url, answer.errors

    def come(self, site: Site) -> None:
        self.port = site.port
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    @classmethod
    def nobody(cls, site: Site) -> "Editor":
        """The same browser with nobody signed in."""
        visitor = cls.__new__(cls)
        visitor.come(site)
        return visitor

    def open(self, path: str, sent: bytes | None = None, **headers: str) -> Answer:
        asked = urllib.request.Request(urllib.parse.urljoin(f"http://127.0.0.1:{self.port}", path), sent, headers)
        try:
            answer = self.opener.open(asked, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:  # a redirection that is not followed is an answer, too
            return Answer(answer.status, answer.url, answer.read().decode(errors="replace"), dict(answer.headers))

    def form(self, path: str) -> dict[str, list[str]]:
        """The fields of a page's form as the browser would send them, untouched."""
        answer = self.open(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        form = max((form for form in answer.page.forms if form.method == "POST"), key=lambda form: len(form.fields))
        fields: dict[str, list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        return fields

    def stays(self) -> "Editor":
        """Is told where a form leads on, and does not go there."""
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), StaysHere())
        return self

    def send(self, path: str, **typed: str) -> Answer:
        """Fill in the form of a page; `citations_0_source` names a field of a row, `_publish` is a button."""
        fields = self.form(path)
        for name, value in typed.items():
            parts = name.split("_")
            row = next((place for place, part in enumerate(parts) if part.isdigit()), None)
            if row:
                name = "_".join(parts[:row]) + f"-{parts[row]}-" + "_".join(parts[row + 1 :])
            fields[name] = [str(value)]
        return self.open(path, urllib.parse.urlencode(fields, doseq=True).encode())

    def upload(self, path: str, name: str, file: bytes, **typed: str) -> Answer:
        """Fill in a form with a file."""
        line = f"parley{secrets.token_hex(8)}"
        fields = {"csrfmiddlewaretoken": self.form(path)["csrfmiddlewaretoken"][0]} | typed
        head = "".join(
            f'--{line}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        )
        head += f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="table.csv"\r\n\r\n'
        body = head.encode() + file + f"\r\n--{line}--\r\n".encode()
        return self.open(path, body, **{"Content-Type": f"multipart/form-data; boundary={line}"})

    def publish_statement(self, slug: str, words: str, party: int, source: int) -> Answer:
        return self.send(
            f"{STATEMENTS}add/", slug=slug, party=party, date="2026-11-20", form="interview", summary=words,
            office="Minister", citations_0_source=source, _publish="1",
        )  # fmt: skip

    def correct_statement(self, key: int, words: str) -> Answer:
        return self.send(f"{STATEMENTS}{key}/change/", summary=words, why="Corrected by the source.")


def saved(answer: Answer) -> bool:
    """Whether a form was taken: it leads on to another page then."""
    return answer.status == 200 and not answer.url.rstrip("/").endswith(("/add", "/change"))


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None
