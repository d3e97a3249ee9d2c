"""A small world for tests: each function makes one valid, published thing, and whatever it needs that is not given.

Values are fixed so that failures read well; slugs are numbered, so that nothing collides with the dataset or with
another thing of the same test. Give what the test is about, and nothing else:

    make_statement(party=russia, date="2013-06-22", issues=[form])
"""

from collections.abc import Iterable
from itertools import count
from typing import Any

from negotiations.models import (
    Citation,
    DataExchange,
    Delegation,
    Entry,
    Evidence,
    Issue,
    Limit,
    Milestone,
    Negotiation,
    Office,
    Option,
    Party,
    Person,
    Position,
    Round,
    Source,
    Statement,
    Treaty,
)

_numbers = count(1)


def unique(word: str) -> str:
    return f"test-{word}-{next(_numbers)}"


# Actors


def make_party(**overrides: Any) -> Party:
    """A state; `members` makes it a group that speaks for them."""
    members = overrides.pop("members", ())
    values = {"slug": unique("party"), "name": "The Republic of Ruritania", "short_name": "Ruritania", "kind": "state"}
    party = Party.objects.create(**values | ({"kind": "group"} if members else {}) | overrides)
    party.members.set(members)
    return party


def make_person(**overrides: Any) -> Person:
    return Person.objects.create(**{"slug": unique("person"), "name": "Rudolf Rassendyll"} | overrides)


def make_office(**overrides: Any) -> Office:
    if "person" not in overrides:
        overrides["person"] = make_person()
    if "party" not in overrides:
        overrides["party"] = make_party()
    return Office.objects.create(**{"title": "Foreign Minister", "start": "2004-03-09"} | overrides)


# Sources


def make_source(**overrides: Any) -> Source:
    slug = overrides.get("slug") or unique("source")
    values = {
        "slug": slug,
        "publisher": "Strelsau Gazette",
        "title": "Talks on missiles resume",
        "date": "2013-06-22",
        "url": f"https://example.org/{slug}",
        "language": "en",
        "kind": Source.Kind.NEWS,
    }
    return Source.objects.create(**values | overrides)


def make_citation(entry: Entry, source: Source | None = None, **overrides: Any) -> Citation:
    return Citation.objects.create(entry_id=entry.pk, source=source or make_source(), **overrides)


# Issues


def make_issue(
    options: Iterable[str] = ("a legally binding agreement", "a political commitment"), **overrides: Any
) -> Issue:
    """A question with its rival answers, given by their labels; `issue.options.first()` is the first of them."""
    issue = Issue.objects.create(
        **{"slug": unique("issue"), "question": "Must the agreement be legally binding?"} | overrides
    )
    for order, label in enumerate(options):
        make_option(issue, label=label, order=order)
    return issue


def make_option(issue: Issue, **overrides: Any) -> Option:
    return Option.objects.create(issue=issue, **{"slug": unique("option"), "label": "a handshake"} | overrides)


# Talks and treaties


def make_negotiation(parties: Iterable[Party] = (), sources: Iterable[Source] = (), **overrides: Any) -> Negotiation:
    values = {
        "slug": unique("talks"),
        "name": "Strelsau talks",
        "format": Negotiation.Format.BILATERAL,
        "start": "2006-06",
        "outcome": Negotiation.Outcome.ONGOING,
        "summary": "Talks on what follows the treaty.",
    }
    negotiation = Negotiation.objects.create(**values | overrides)
    negotiation.parties.set(parties or [make_party(), make_party(short_name="Graustark")])
    negotiation.sources.set(sources or [make_source()])
    return negotiation


def make_treaty(parties: Iterable[Party] = (), **overrides: Any) -> Treaty:
    values = {
        "slug": unique("treaty"),
        "short_name": "Treaty of Zenda",
        "full_name": "Treaty between Ruritania and Graustark on the Limitation of Missiles",
        "kind": Treaty.Kind.TREATY,
        "legally_binding": True,
        "summary": "Limits missiles.",
    }
    treaty = Treaty.objects.create(**values | overrides)
    treaty.parties.set(parties or [make_party(), make_party(short_name="Graustark")])
    return treaty


def make_limit(treaty: Treaty | None = None, sources: Iterable[Source] = (), **overrides: Any) -> Limit:
    values = {"slug": unique("limit"), "item": "Deployed missiles", "ceiling": 1550, "unit": "warheads"}
    limit = Limit.objects.create(treaty=treaty or make_treaty(), **values | overrides)
    limit.sources.set(sources or [make_source()])
    return limit


def make_data_exchange(
    treaty: Treaty | None = None, party: Party | None = None, sources: Iterable[Source] = (), **overrides: Any
) -> DataExchange:
    treaty = treaty or make_treaty()
    values = {"slug": unique("figures"), "as_of": "2012-09-01", "deployed_warheads": 1499}
    exchange = DataExchange.objects.create(treaty=treaty, party=party or treaty.parties.first(), **values | overrides)
    exchange.sources.set(sources or [make_source()])
    return exchange


# The record: every entry is published and cites a source unless told otherwise


def _finish(entry: Entry, sources: Iterable[Source] | None, issues: Iterable[Issue], published: dict[str, Any]) -> None:
    # As in the admin, an entry turns public when it is whole: some rules ask what it rests on.
    for order, source in enumerate([make_source()] if sources is None else sources):
        make_citation(entry, source, order=order)
    entry.issues.set(issues)
    entry.link()
    for name, value in published.items():
        setattr(entry, name, value)
    entry.save()


def _state(values: dict[str, Any]) -> dict[str, Any]:
    given = {name: values.pop(name) for name in ("withdrawn_on", "withdrawn_reason") if name in values}
    return {"state": values.pop("state", Entry.State.PUBLISHED)} | given


def make_round(
    delegations: Iterable[Party] | None = None,
    sources: Iterable[Source] | None = None,
    issues: Iterable[Issue] = (),
    **overrides: Any,
) -> Round:
    """A meeting; its delegations are those of the parties to the talks unless given."""
    negotiation = overrides.pop("negotiation", None) or make_negotiation()
    values = {
        "slug": f"{negotiation.slug}-{unique('round')}",
        "title": "Strelsau consultations",
        "date": "2007-09-12",
        "city": "Strelsau",
        "country": "Ruritania",
        "form": Round.Form.CONSULTATIONS,
    } | overrides
    state = _state(values)
    round_ = Round.objects.create(negotiation=negotiation, **values)
    there = negotiation.parties.all() if delegations is None else delegations
    for order, party in enumerate(there):
        Delegation.objects.create(round=round_, party=party, order=order)
    _finish(round_, sources, issues, state)
    return round_


def make_statement(
    sources: Iterable[Source] | None = None,
    issues: Iterable[Issue] = (),
    joint_parties: Iterable[Party] = (),
    joint_speakers: Iterable[Person] = (),
    **overrides: Any,
) -> Statement:
    if "party" not in overrides:
        overrides["party"] = make_party()
    if "speaker" not in overrides:
        overrides["speaker"] = make_person()
    values = {
        "slug": unique("statement"),
        "date": "2007-09-12",
        "form": Statement.Form.INTERVIEW,
        "occasion": "Interview with the Strelsau Gazette",
        "summary": "Says that the next agreement must bind in law.",
        "quote": "We want a treaty and nothing less",
        "quote_language": "en",
    } | overrides
    state = _state(values)
    statement = Statement.objects.create(**values)
    statement.joint_parties.set(joint_parties)
    statement.joint_speakers.set(joint_speakers)
    _finish(statement, sources, issues, state)
    return statement


def make_milestone(
    sources: Iterable[Source] | None = None, issues: Iterable[Issue] = (), **overrides: Any
) -> Milestone:
    """A step of all parties to the treaty, or of one: `party` must then be a party to it."""
    if "treaty" not in overrides:
        overrides["treaty"] = make_treaty(parties=[overrides["party"]] if overrides.get("party") else ())
    values = {"slug": unique("milestone"), "date": "2010-04-08", "type": Milestone.Type.SIGNED} | overrides
    state = _state(values)
    milestone = Milestone.objects.create(**values)
    _finish(milestone, sources, issues, state)
    return milestone


def make_position(
    evidence: Iterable[Entry] | None = None, sources: Iterable[Source] | None = None, **overrides: Any
) -> Position:
    """A stand on the first option of its issue, borne out by a statement of the party unless evidence is given."""
    if "party" not in overrides:
        overrides["party"] = make_party()
    option = overrides.pop("option", None)
    issue = overrides.pop("issue", None) or (option.issue if option else make_issue())
    values = {
        "slug": unique("position"),
        "date": "2007-09-12",
        "stance": Position.Stance.DEMANDS,
        "basis": Position.Basis.STATED,
    } | overrides
    state = _state(values)
    if evidence is None:
        evidence = [make_statement(party=values["party"], date=values["date"], issues=[issue])]
    position = Position.objects.create(issue=issue, option=option or issue.options.first(), **values)
    for entry in evidence:
        Evidence.objects.create(position=position, entry_id=entry.pk)
    _finish(position, () if sources is None else sources, (), state)
    return position
