"""Which file holds what. The order of the kinds is the order of loading; of the fields, that of the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from negotiations.models import (
    DataExchange,
    FormerSlug,
    Issue,
    Milestone,
    Negotiation,
    Party,
    Person,
    Position,
    Round,
    Source,
    Statement,
    Treaty,
)

from .fields import Children, Columns, Formerly, OptionRef, Ref, Refs, Scalar, Values, Words, read_row


@dataclass(frozen=True)
class Kind:
    """One file: its rows, the model they become, and how to fetch all of them in few queries."""

    name: str
    model: type[Any]
    """Its class; Any, since columns are read and written by name."""
    about: str
    fields: Columns
    order: tuple[str, ...]
    select: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    staff: Columns = ()
    """Columns that are kept with each version but stand in no file, because readers may not have them."""

    @property
    def is_entry(self) -> bool:
        return self.name in ENTRY_KINDS

    def objects(self) -> QuerySet[Any]:
        everything: QuerySet[Any] = self.model._default_manager.order_by(*self.order)
        return everything.select_related(*self.select).prefetch_related(*self.prefetch)

    def rows(self, objects: Iterable[Any] | None = None) -> list[Values]:
        """All rows as the database has them now, or those of objects already fetched."""
        former: dict[int, list[str]] = {}
        if hasattr(self.model, "slug_kind"):
            slugs = FormerSlug.objects.filter(kind=self.model.slug_kind()).order_by("slug")
            for pk, slug in slugs.values_list("object_id", "slug"):
                former.setdefault(pk, []).append(slug)
        rows = []
        for obj in self.objects() if objects is None else objects:
            row = read_row(obj, self.fields)
            rows.append(row | {"formerly": former[obj.pk]} if obj.pk in former else row)
        return rows


ENTRY_KINDS = ("rounds", "statements", "milestones", "positions")

SLUG = Scalar("slug")
NOTE = Scalar("note")
SOURCES = Refs("sources", "sources")
CITATIONS = Children(
    "sources",
    "citations",
    (
        Ref("source", "sources"),
        Scalar("locator"),
        Scalar("exact"),
        Scalar("prefix"),
        Scalar("suffix"),
        Scalar("start"),
        Scalar("end"),
        Scalar("checked_on"),
        Scalar("checked_sha256"),
    ),
    short="source",
)
FORMERLY = Formerly()
STATE = (Scalar("state", default="published"), Scalar("withdrawn_on"), Scalar("withdrawn_reason"), FORMERLY)
BY_DAY = ("earliest", "latest", "slug")

KINDS = (
    Kind(
        "parties",
        Party,
        "States, organisations, and groups that speak jointly.",
        (
            SLUG,
            Scalar("name"),
            Scalar("short_name"),
            Scalar("kind"),
            Scalar("code"),
            Scalar("wikidata"),
            Ref("predecessor", "parties", stage="last"),
            Refs("members", "parties", stage="last"),
            Scalar("active_from"),
            Scalar("active_until"),
            Scalar("rank"),
            FORMERLY,
        ),
        ("rank", "slug"),
        ("predecessor",),
        ("members",),
    ),
    Kind(
        "sources",
        Source,
        "Public documents and pages on which the record rests.",
        (
            SLUG,
            Scalar("publisher"),
            Scalar("title"),
            Scalar("author"),
            Scalar("date"),
            Scalar("date_basis"),
            Scalar("url"),
            Scalar("archived_url"),
            Scalar("accessed"),
            Scalar("language"),
            Scalar("kind"),
            NOTE,
            Scalar("text_sha256"),
            FORMERLY,
        ),
        ("slug",),
        staff=(Scalar("text"),),
    ),
    Kind(
        "people",
        Person,
        "People who spoke or negotiated, with the offices they held.",
        (
            SLUG,
            Scalar("name"),
            Scalar("native_name"),
            Scalar("wikidata"),
            Children(
                "offices",
                "offices",
                (
                    Scalar("title"),
                    Ref("party", "parties"),
                    Scalar("from", "start"),
                    Scalar("to", "end"),
                    Scalar("attested"),
                    SOURCES,
                ),
            ),
            FORMERLY,
        ),
        ("slug",),
        (),
        ("offices__party", "offices__sources"),
    ),
    Kind(
        "issues",
        Issue,
        "Questions in dispute, and the rival answers to them.",
        (
            SLUG,
            Scalar("question"),
            Scalar("description"),
            Words("keywords_en"),
            Words("keywords_ru"),
            Children("options", "options", (Scalar("slug"), Scalar("label"), Scalar("description")), by_slug=True),
            Scalar("rank"),
            FORMERLY,
        ),
        ("rank", "slug"),
        (),
        ("options",),
    ),
    Kind(
        "negotiations",
        Negotiation,
        "Talks, or sustained subjects of talks.",
        (
            SLUG,
            Scalar("name"),
            Scalar("format"),
            Refs("parties", "parties"),
            Scalar("start"),
            Scalar("end"),
            Scalar("outcome"),
            Ref("treaty", "treaties", stage="last"),
            Scalar("summary"),
            NOTE,
            SOURCES,
            FORMERLY,
        ),
        ("earliest", "slug"),
        ("treaty",),
        ("parties", "sources"),
    ),
    Kind(
        "treaties",
        Treaty,
        "Treaties and other agreed texts, with their limits. Their milestones stand in milestones.yaml.",
        (
            SLUG,
            Scalar("short_name"),
            Scalar("full_name"),
            Scalar("kind"),
            Refs("parties", "parties"),
            Scalar("legally_binding"),
            Ref("follows", "treaties", stage="last"),
            Ref("negotiation", "negotiations"),
            Scalar("summary"),
            Children(
                "limits",
                "limits",
                (SLUG, Scalar("item"), Scalar("ceiling"), Scalar("unit"), Scalar("applies_from"), NOTE, SOURCES),
                by_slug=True,
            ),
            FORMERLY,
        ),
        ("slug",),
        ("follows", "negotiation"),
        ("parties", "limits__sources"),
    ),
    Kind(
        "data_exchanges",
        DataExchange,
        "One party's New START figures as of one day.",
        (
            SLUG,
            Ref("treaty", "treaties"),
            Scalar("as_of"),
            Ref("party", "parties"),
            Scalar("deployed_delivery_vehicles"),
            Scalar("deployed_warheads"),
            Scalar("total_launchers"),
            Words("derived"),
            Words("from_chart"),
            NOTE,
            SOURCES,
        ),
        ("earliest", "slug"),
        ("treaty", "party"),
        ("sources",),
    ),
    Kind(
        "rounds",
        Round,
        "Rounds, sessions, meetings and summits.",
        (
            SLUG,
            Ref("negotiation", "negotiations"),
            Scalar("label", "title"),
            Scalar("number"),
            Scalar("kind", "form"),
            Scalar("dates", "date"),
            Scalar("date_basis"),
            Scalar("held"),
            Scalar("city"),
            Scalar("country"),
            Children(
                "heads",
                "delegations",
                (Ref("party", "parties"), Ref("person", "people", "head"), Scalar("title")),
            ),
            Scalar("outcome", "summary"),
            Refs("issues", "issues"),
            NOTE,
            CITATIONS,
            *STATE,
        ),
        BY_DAY,
        ("negotiation",),
        ("delegations__party", "delegations__head", "issues", "citations__source"),
    ),
    Kind(
        "statements",
        Statement,
        "What was said or written, in our own words unless marked as a quotation.",
        (
            SLUG,
            Scalar("date"),
            Scalar("date_basis"),
            Ref("speaker", "people"),
            Refs("joint_speakers", "people"),
            Ref("party", "parties"),
            Refs("joint_parties", "parties"),
            Scalar("office"),
            Scalar("occasion"),
            Scalar("city"),
            Scalar("country"),
            Ref("negotiation", "negotiations"),
            Ref("round", "rounds"),
            Refs("issues", "issues"),
            Scalar("summary"),
            Scalar("key_phrase"),
            Scalar("quote"),
            Scalar("quote_language"),
            Scalar("translation"),
            Scalar("translator"),
            Scalar("original_language"),
            Scalar("kind", "form"),
            Scalar("reported"),
            NOTE,
            CITATIONS,
            *STATE,
        ),
        BY_DAY,
        ("speaker", "party", "negotiation", "round"),
        ("joint_speakers", "joint_parties", "issues", "citations__source"),
    ),
    Kind(
        "milestones",
        Milestone,
        "Steps in the life of the treaties.",
        (
            SLUG,
            Ref("treaty", "treaties"),
            Scalar("date"),
            Scalar("date_basis"),
            Scalar("type"),
            Ref("party", "parties"),
            Scalar("place", "city"),
            Scalar("country"),
            Ref("negotiation", "negotiations"),
            Refs("issues", "issues"),
            Scalar("summary"),
            NOTE,
            CITATIONS,
            *STATE,
        ),
        BY_DAY,
        ("treaty", "party", "negotiation"),
        ("issues", "citations__source"),
    ),
    Kind(
        "positions",
        Position,
        "What a party wanted on an issue over a span of time.",
        (
            SLUG,
            Ref("party", "parties"),
            Ref("issue", "issues"),
            Ref("negotiation", "negotiations"),
            OptionRef(),
            Scalar("stance"),
            Scalar("condition"),
            Ref("waits_for", "parties"),
            Scalar("from", "date"),
            Scalar("date_basis"),
            Scalar("to", "end"),
            Scalar("to_basis", "end_basis"),
            Scalar("concurrent"),
            Scalar("scope"),
            Scalar("summary"),
            Scalar("basis"),
            Refs("evidence", "evidence"),
            NOTE,
            CITATIONS,
            *STATE,
        ),
        ("issue__rank", "issue__slug", "party__rank", "earliest", "slug"),
        ("party", "issue", "negotiation", "option", "waits_for"),
        ("evidence", "citations__source"),
    ),
)

KIND_OF = {kind.model: kind for kind in KINDS}
