"""From a file or a paste to an article. Whatever an editor brings is read within limits, or refused in words.

Nothing here fetches anything: links inside a page stay unread.
"""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

from django.utils.translation import gettext as _

from .article import Article, from_text, language_of

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_HTML = 5 * MEGABYTE
MOST_LETTERS = 100_000
MOST_PAGES = 120
MOST_UNPACKED = 60 * MEGABYTE
MOST_PARTS = 2_000
_LOOKS_LIKE_HTML = re.compile(r"<(?:!doctype\s+html|html|body|article|p|div|h1|span|meta)\b[^>]*>", re.IGNORECASE)


class Unreadable(ValueError):
    """A file that is no article, or too much of one; the message is written for the editor."""


def read(name: str, data: bytes) -> Article:
    """The article in a file; what it is follows from its first bytes, then from its name."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("The file has %(size)d MB; at most %(most)d MB are read. Paste the text of the article instead.")
            % {"size": len(data) // MEGABYTE, "most": MOST_BYTES // MEGABYTE}
        )
    return _reader(name, data)(data)


def read_paste(text: str, url: str = "") -> Article:
    """The article in a text box: plain text, or the source of a page."""
    article = from_html(text) if _LOOKS_LIKE_HTML.search(text[:20_000]) else from_text(_checked(text))
    article.url = url or article.url
    return article


def _reader(name: str, data: bytes) -> Callable[[bytes], Article]:
    suffix = PurePath(name).suffix.lower()
    if data.lstrip()[:5] == b"%PDF-":
        return from_pdf
    if data[:4] == b"PK\x03\x04":
        return from_docx
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(_("This is a Word file of the old kind (.doc). Save it as .docx, or paste the text."))
    if suffix in (".pdf", ".docx"):
        raise Unreadable(_("The file is called %s, but is none inside.") % suffix)
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(_("This file is not text. Bring a .txt, .html, .pdf or .docx file, or paste the text."))
    text = decode(data)
    if suffix in (".html", ".htm", ".xhtml") or _LOOKS_LIKE_HTML.search(text[:20_000]):
        return lambda _data: from_html(text)
    return lambda _data: from_text(_checked(text))


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with its mark, what a page says of itself, or else the old Cyrillic code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    named = re.search(rb"charset=[\"']?([\w-]+)", data[:4096])
    for encoding in ([named[1].decode("ascii")] if named else []) + ["cp1251"]:
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):  # there is a code page called “undefined”, which says so on every page
            continue
        # Western text in a Western code page: an accent here and there is no Cyrillic.
        if encoding != "cp1251" or language_of(text) == "ru":
            return text
    return data.decode("cp1252", errors="replace")


def _checked(text: str) -> str:
    text = text.replace("\0", "")
    if not text.strip():
        raise Unreadable(_("There is no text in it."))
    if len(text) > MOST_LETTERS:
        raise Unreadable(
            _("The text has %(length)d letters; at most %(most)d are read. Bring one article, not a collection.")
            % {"length": len(text), "most": MOST_LETTERS}
        )
    return text


def from_html(html: str) -> Article:
    if len(html) > MOST_HTML:
        raise Unreadable(_("The page is too large. Paste the text of the article instead."))
    # A second to import, and most processes never need it.
    from trafilatura import bare_extraction

    page = bare_extraction(
        html.replace("\0", ""),
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = getattr(page, "text", None) or ""
    if not text or len(text) < 80:
        # A scrap of a page, in which the library sees no article.
        text = _stripped(html)
        page = page if text else None
    title, author, url, day = (getattr(page, name, None) or "" for name in ("title", "author", "url", "date"))
    article = from_text(_checked(text), title, author, url, day)
    article.publisher = getattr(page, "sitename", None) or ""
    return article


def _stripped(html: str) -> str:
    from lxml import html as lxml_html
    from lxml.etree import ParserError, strip_elements

    try:
        tree = lxml_html.fromstring(html)
    except (ParserError, ValueError):
        return ""
    strip_elements(tree, "script", "style", "nav", "footer", "aside", "form", "button", with_tail=False)
    blocks = tree.xpath("//p|//h1|//h2|//li|//blockquote")
    return "\n\n".join(" ".join(block.text_content().split()) for block in blocks) or tree.text_content()


def from_pdf(data: bytes) -> Article:
    from pypdf import PdfReader

    try:
        document = PdfReader(BytesIO(data))
        if document.is_encrypted and not document.decrypt(""):
            raise Unreadable(_("The PDF asks for a password. Save a copy without one, or paste the text."))
        if len(document.pages) > MOST_PAGES:
            raise Unreadable(
                _("The PDF has %(pages)d pages; at most %(most)d are read. Save the pages of the article alone.")
                % {"pages": len(document.pages), "most": MOST_PAGES}
            )
        text, about = "", dict(document.metadata or {})
        for page in document.pages:
            text += f"{page.extract_text()}\n\n"
            _checked(text or "-")
    except Unreadable:
        raise
    except Exception as error:  # a damaged file fails in as many ways as it can be damaged
        raise Unreadable(_("The PDF cannot be read: it is damaged or unusual. Paste the text instead.")) from error
    if not text.strip():
        raise Unreadable(_("The PDF holds pictures of pages, and no text. Paste the text instead."))
    title = str(about.get("/Title") or "")
    return from_text(_checked(reflowed(text)), title=title if len(title.split()) > 3 else "")


def reflowed(text: str) -> str:
    """Lines of a printed page, put together to paragraphs: one ends where a line stops short with a sentence."""
    lines = [line.strip() for line in text.splitlines()]
    width = max(map(len, lines), default=0)
    paragraphs, current = [], ""
    for line in lines:
        ends = len(line) < 0.6 * width or (len(line) < 0.9 * width and re.search(r"[.?!…][»”\"’')]*$", line))
        current = f"{current[:-1]}{line}" if re.search(r"\w-$", current) else f"{current} {line}".strip()
        if current and ends:
            paragraphs.append(current)
            current = ""
    return "\n\n".join([*paragraphs, current]).strip()


def from_docx(data: bytes) -> Article:
    from docx import Document

    try:
        _check_archive(data)
        document = Document(BytesIO(data))
        text = "\n\n".join(paragraph.text for paragraph in document.paragraphs)
        about = document.core_properties
        title, author = about.title or "", about.author or ""
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise _no_word_document() from error
    return from_text(_checked(text), title=title if len(title.split()) > 3 else "", author=author)


def _check_archive(data: bytes) -> None:
    """A Word file is a packed folder. What unpacks without end, or redefines its own words, is a trap."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable(_("The file unpacks to more than an article can have. Paste the text instead."))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as content:
                    # Its own word for its size may lie, so no more than that is unpacked.
                    if b"<!DOCTYPE" in content.read(part.file_size + 1):
                        raise _no_word_document()
        if "word/document.xml" not in archive.namelist():
            raise Unreadable(_("This archive is no Word document. Bring a .txt, .html, .pdf or .docx file."))


def _no_word_document() -> Unreadable:
    return Unreadable(_("The file is no Word document that can be read. Paste the text instead."))
