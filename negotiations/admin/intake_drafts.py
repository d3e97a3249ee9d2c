"""From confirmed proposals to drafts: all in one transaction, once."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from negotiations.files import versions
from negotiations.models import Citation, Entry, Intake, Person, Source, Statement

from .base import first_day, free_slug, surname_first
from .intake_forms import ProposalForm, Proposals, SourceForm


@dataclass
class Saved:
    """What came of an article."""

    source: Source
    drafts: list[Statement]
    merged: list[Statement]
    people: list[Person]


def save(brought: Intake, source_form: SourceForm, proposals: Proposals, user: User) -> Saved | None:
    """Write everything that was confirmed. None if it was written before: a form sent twice saves once."""
    with transaction.atomic():
        # Whoever comes second waits here, and then finds the work done.
        held = Intake.objects.select_for_update().get(pk=brought.pk)
        if held.saved_at:
            return None
        source = _source(source_form, held, user)
        saved = Saved(source, [], [], [])
        for form in proposals.taken():
            if form.cleaned_data["take"] == ProposalForm.MERGE:
                _merge(form, source, saved)
            else:
                _draft(form, source, source_form, saved)
        held.source, held.saved_at = source, timezone.now()
        held.save(update_fields=["source", "saved_at"])
        held.entries.set([*saved.drafts, *saved.merged])
        versions.keep(
            source, *saved.people, *saved.drafts, *saved.merged, by=user, why=f"From article: {source.title}"[:500]
        )
        connection.check_constraints()
    return saved


def _source(form: SourceForm, brought: Intake, user: User) -> Source:
    """The article as a source, with its words kept for staff."""
    cleaned = form.cleaned_data
    if cleaned.get("use_recorded") and form.recorded:
        source = Source.objects.select_for_update().get(pk=form.recorded.pk)
        versions.keep_before(source)
        if not source.text and user.has_perm("negotiations.change_source"):
            source.text = brought.text
            source.save()
        return source
    source = Source(
        slug=free_slug(Source, cleaned["publisher"].split("(")[0], first_day(form.date)),
        publisher=cleaned["publisher"],
        title=cleaned["title"],
        author=cleaned["author"],
        url=cleaned["url"],
        date=form.date,
        date_basis=Source.DateBasis.STATED if form.is_stated else Source.DateBasis.INFERRED,
        note=form.reasons,
        language=cleaned["language"],
        kind=cleaned["kind"],
        accessed=timezone.localdate() if cleaned["url"] else None,
        text=brought.text,
    )
    source.save()
    return source


def _draft(form: ProposalForm, source: Source, source_form: SourceForm, saved: Saved) -> None:
    cleaned = form.cleaned_data
    person = cleaned["person"] or _new_person(cleaned, saved)
    round_ = cleaned["round"]
    language = form.match.proposal.article.language
    statement = Statement(
        state=Entry.State.DRAFT,
        speaker=person,
        party=cleaned["party"],
        office=cleaned["office"],
        form=cleaned["form"],
        occasion=cleaned["occasion"],
        date=cleaned["date"] or source_form.date,
        date_basis=Entry.DateBasis.STATED if source_form.is_stated else Entry.DateBasis.INFERRED,
        note=source_form.reasons,
        city=cleaned["city"],
        country=form.match.country if cleaned["city"] == form.match.city else "",
        round=round_,
        negotiation=round_.negotiation if round_ else None,
        quote=cleaned["quote"],
        quote_language=language if cleaned["quote"] else "",
        key_phrase=cleaned["key_phrase"],
        summary=cleaned["summary"],
    )
    who = surname_first(person).split()[0] if person else statement.party.slug
    issues = list(cleaned["issues"])
    about = statement.city or (issues[0].slug if issues else "")
    statement.slug = free_slug(Statement, who, about, first_day(statement.date))
    statement.save()
    statement.issues.set(issues)
    _cite(statement, source, form)
    statement.link()
    saved.drafts.append(statement)


def _merge(form: ProposalForm, source: Source, saved: Saved) -> None:
    """The article as one more source of an entry; the words too, where the entry quotes none."""
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=form.cleaned_data["entry"].pk)
    versions.keep_before(statement)
    quote = form.cleaned_data["quote"]
    if quote and not statement.quote and not statement.is_published:
        statement.quote, statement.quote_language = quote, form.match.proposal.article.language
        statement.save()
    known = statement.citations.filter(source=source).first()
    if known:
        known.save()  # the text may be kept only now, and the words found in it
    else:
        _cite(statement, source, form)
        statement.save()  # which says when it changed
    if statement not in saved.merged:
        saved.merged.append(statement)


def _cite(statement: Statement, source: Source, form: ProposalForm) -> None:
    order = statement.citations.count()
    citation = Citation(entry=statement, source=source, order=order)
    if form.matched and not statement.quote:
        # Nothing is quoted; where it is told is kept all the same.
        place, selector = form.matched.proposed.place, form.matched.proposed.selector
        citation.start, citation.end = place
        citation.prefix, citation.suffix = selector.prefix, selector.suffix
    elif form.place:
        citation.start, citation.end = form.place
    citation.save()


def _new_person(cleaned: dict, saved: Saved) -> Person | None:
    name = " ".join((cleaned["speaker"] or "").split())
    if not name:
        return None
    for person in saved.people:
        if name in (person.name, person.native_name):
            return person
    native = name if re.search(r"[а-яё]", name, re.IGNORECASE) else ""
    *given, surname = name.split()
    person = Person(slug=free_slug(Person, surname, *given), name=name, native_name=native)
    person.save()
    saved.people.append(person)
    return person
