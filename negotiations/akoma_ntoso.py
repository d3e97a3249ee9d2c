"""What was said at a round as a debate in Akoma Ntoso 3.0, the OASIS standard for parliamentary and legal documents.

Words that the record has letter by letter are speeches. What it has only in its own words is narrative: the standard
keeps the two apart, and so do we.
"""

import re
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from negotiations.links import link
from negotiations.models import Party, Person, Round
from negotiations.queries.entries import Row
from negotiations.queries.talks import Meeting

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# The talks of several states are no country's documents; ISO 3166 leaves this code to its users.
NO_COUNTRY = "zz"
# What XML cannot hold, however it is written.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Absolute = Callable[[str], str]


def debate(round_: Round, meeting: Meeting, absolute: Absolute) -> bytes:
    root = Element("akomaNtoso", {"xmlns": NAMESPACE})
    document = SubElement(root, "debate", {"name": "negotiations"})
    meta = SubElement(document, "meta")
    identify(SubElement(meta, "identification", {"source": "#parley"}), round_, absolute)
    refer(SubElement(meta, "references", {"source": "#parley"}), meeting, absolute)
    body = SubElement(document, "debateBody")
    section = SubElement(body, "debateSection", {"name": "statements", "eId": "dbsect_1"})
    written(SubElement(section, "heading"), round_.title)
    for number, row in enumerate(meeting.said, 1):
        tell(section, row, number)
    if not meeting.said:
        written(SubElement(section, "narrative", {"eId": "dbsect_1__narrative_1"}), "No statement is recorded.")
    ElementTree.indent(root)
    document_text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document_text


def identify(place: Element, round_: Round, absolute: Absolute) -> None:
    """The meeting as work, our record of it as expression, this file as manifestation."""
    work = f"/akn/{NO_COUNTRY}/debate/{round_.earliest.isoformat()}/{round_.slug}"
    changed = round_.updated_at.date()
    levels = (
        ("FRBRWork", work, round_.earliest, "held" if round_.held else "planned"),
        ("FRBRExpression", f"{work}/eng@{changed.isoformat()}", changed, "recorded"),
        ("FRBRManifestation", f"{work}/eng@{changed.isoformat()}.akn", changed, "recorded"),
    )
    for name, uri, day, what in levels:
        level = SubElement(place, name)
        SubElement(level, "FRBRthis", {"value": f"{uri.removesuffix('.akn')}/!main" + ".akn" * uri.endswith(".akn")})
        SubElement(level, "FRBRuri", {"value": uri})
        if name == "FRBRWork":
            SubElement(level, "FRBRalias", {"value": absolute(round_.get_absolute_url()), "name": "page"})
        SubElement(level, "FRBRdate", {"date": day.isoformat(), "name": what})
        SubElement(level, "FRBRauthor", {"href": "#parley"})
        if name == "FRBRWork":
            SubElement(level, "FRBRcountry", {"value": NO_COUNTRY})
        if name == "FRBRExpression":
            SubElement(level, "FRBRlanguage", {"language": "eng"})


def refer(place: Element, meeting: Meeting, absolute: Absolute) -> None:
    """Everybody and everything that the text points to."""
    SubElement(place, "TLCOrganization", {"eId": "parley", "href": absolute("/"), "showAs": "Parley"})
    people: dict[str, Person] = {}
    parties: dict[str, Party] = {}
    offices: dict[str, str] = {}
    for row in meeting.said:
        if row.entry.speaker:
            people[row.entry.speaker.slug] = row.entry.speaker
        for party in row.parties:
            parties[party.slug] = party
        if office := row.entry.as_statement.office:
            offices[role(row)] = office
    for slug, party in parties.items():
        name = {"eId": f"party-{slug}", "href": absolute(link("party", slug)), "showAs": party.short_name}
        SubElement(place, "TLCOrganization", name)
    for slug, person in people.items():
        name = {"eId": f"person-{slug}", "href": absolute(link("person", slug)), "showAs": person.name}
        SubElement(place, "TLCPerson", name)
    for key, title in offices.items():
        SubElement(place, "TLCRole", {"eId": key, "href": f"/akn/ontology/role/{key}", "showAs": clean(title)})


def tell(section: Element, row: Row, number: int) -> None:
    entry, said = row.entry, row.entry.as_statement
    who = entry.speaker.name if entry.speaker else said.office or (entry.party.short_name if entry.party else "")
    by = f"#person-{entry.speaker.slug}" if entry.speaker else f"#party-{entry.as_statement.party.slug}"
    if not said.quote:
        place = SubElement(section, "narrative", {"eId": f"dbsect_1__narrative_{number}", "refersTo": by})
        written(place, f"{who} ({entry.date}): {entry.summary}")
        return
    names = {"eId": f"dbsect_1__speech_{number}", "by": by}
    if said.office:
        names["as"] = f"#{role(row)}"
    speech = SubElement(section, "speech", names)
    written(SubElement(speech, "from"), f"{who}, {said.office}" if said.office and entry.speaker else who)
    language = {"xml:lang": said.quote_language} if said.quote_language else {}
    for text in filter(None, (part.strip() for part in said.quote.split("\n"))):
        written(SubElement(speech, "p", language), text)


def role(row: Row) -> str:
    """The key of an office."""
    return "role-" + re.sub(r"[^a-z0-9]+", "-", row.entry.as_statement.office.lower()).strip("-")


def written(place: Element, text: str) -> None:
    place.text = clean(text)


def clean(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
