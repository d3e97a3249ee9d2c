"""Citations for programs: BibTeX, RIS, and the JSON of the Citation Style Language."""

import json
from typing import Any

from .reference import SITE, Author, Reference, Type, days_of

# The characters that mean something to BibTeX, and how it writes them.
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


# What biblatex calls each type; to whatever is not here it is miscellaneous.
IN_BIBTEX = {Type.TREATY: "legal", Type.REPORT: "report", Type.DATASET: "dataset", Type.PAGE: "online"}
# What RIS calls each type. It has no name for a speech: what reference managers read as a presentation comes nearest.
IN_RIS = {
    Type.SPEECH: "SLIDE",
    Type.INTERVIEW: "PCOMM",
    Type.TESTIMONY: "HEAR",
    Type.LETTER: "PCOMM",
    Type.BROADCAST: "SOUND",
    Type.REPORT: "RPRT",
    Type.TREATY: "STAT",
    Type.PAGE: "ELEC",
    Type.DATASET: "DATA",
}


def bibtex(ref: Reference) -> str:
    """An entry for biblatex, which reads EDTF dates as they are."""
    fields = [
        ("author", " and ".join(_bibtex_name(author) for author in ref.authors)),
        ("title", f"{{{escape(ref.source_title or ref.title)}}}"),
        ("date", ref.date),
        ("type", escape(ref.kind[:1].upper() + ref.kind[1:])),
        ("organization", f"{{{escape(ref.publisher)}}}" if ref.publisher else ""),
        ("location", escape(ref.place)),
        ("note", f"{SITE}: {escape(ref.title)}" if ref.source_title else SITE),
        ("url", ref.url),
        ("urldate", ref.accessed.isoformat()),
    ]
    known = [(name, value) for name, value in fields if value]
    width = max(len(name) for name, value in known)
    body = ",\n".join(f"  {name:<{width}} = {{{value}}}" for name, value in known)
    return f"@{IN_BIBTEX.get(ref.type, 'misc')}{{{ref.key},\n{body}\n}}"


def escape(text: str) -> str:
    """A text in which BibTeX finds no commands."""
    return "".join(ESCAPES.get(character, character) for character in " ".join(text.split()))


def _bibtex_name(author: Author) -> str:
    if author.is_body:
        return f"{{{escape(author.name)}}}"
    return escape(", ".join(filter(None, (author.parts[0], author.parts[2], author.parts[1]))))


def ris(ref: Reference) -> str:
    """A record for reference managers, line by line."""
    days = days_of(ref.date)
    first = days[0][0] if days else ()
    fields = [
        ("TY", IN_RIS.get(ref.type, "GEN")),
        *(("AU", _inverted(author)) for author in ref.authors),
        ("TI", ref.source_title or ref.title),
        ("T2", ref.title if ref.source_title else ""),
        ("PY", str(first[0]) if first else ""),
        ("DA", "/".join([*(f"{part:02}" for part in first), *[""] * (3 - len(first))]) + "/" if first else ""),
        ("M3", ref.kind),
        ("PB", ref.publisher),
        ("CY", ref.place),
        ("AB", ref.abstract),
        ("N1", f"Date: {ref.date}" if ref.date and (len(days) != 1 or days[0][1]) else ""),
        ("LA", ref.language),
        ("DP", SITE),
        ("UR", ref.url),
        ("Y2", ref.accessed.strftime("%Y/%m/%d/")),
        ("ID", ref.key),
        ("ER", ""),
    ]
    lines = (f"{name}  - {' '.join(value.split())}" for name, value in fields if value or name == "ER")
    return "\r\n".join(lines) + "\r\n"


def csl(ref: Reference) -> str:
    """An item for citation processors, in a list of one as they read it."""
    item = {
        "id": ref.key,
        "type": ref.type.value,
        "title": ref.source_title or ref.title,
        "author": [_csl_name(author) for author in ref.authors],
        "issued": _csl_date(ref.date),
        "genre": ref.kind,
        "publisher": ref.publisher,
        "event-place": ref.place,
        "event-title": ref.title if ref.source_title else "",
        "container-title": "" if ref.is_page else SITE,
        "source": SITE,
        "abstract": ref.abstract,
        "language": ref.language,
        "URL": ref.url,
        "accessed": _csl_date(ref.accessed.isoformat()),
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _inverted(author: Author) -> str:
    """Family name, given names, suffix; the name of a body as it is, without the commas that would cut it up."""
    if author.is_body:
        return author.name.replace(",", "")
    return ", ".join(filter(None, author.parts))


def _csl_name(author: Author) -> dict[str, str]:
    family, given, suffix = author.parts
    if author.is_body or not given:
        return {"literal": author.name}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})


def _csl_date(text: str) -> dict[str, Any]:
    if not text:
        return {}
    days = days_of(text)
    if not days:
        return {"literal": text}
    parts = {"date-parts": [list(day) for day, hedge in days]}
    return parts | ({"circa": True} if any(hedge for day, hedge in days) else {})
