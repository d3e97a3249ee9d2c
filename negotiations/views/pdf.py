"""The brief of a round and the matrix of positions, to print or to send."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations import cards, dates, names
from negotiations.cards import StatementCard
from negotiations.cards import answer as in_one_line
from negotiations.cells import AnswerFace, CellFace, row_faces
from negotiations.linked_data import Absolute
from negotiations.links import link
from negotiations.models import Round, Source, Statement
from negotiations.pdf import Document, Line, english, run, words
from negotiations.positions_form import PositionsForm
from negotiations.queries import titles
from negotiations.queries.directory import Directory
from negotiations.queries.evidence import Attested, Ground
from negotiations.queries.positions import read_matrix, read_moves
from negotiations.queries.stands import Gap
from negotiations.queries.talks import Side, read_brief, read_meeting, rounds_of

from .lookup import page_of
from .positions import address
from .talks import ROUNDS, table


def sent(document: Document, name: str) -> HttpResponse:
    return HttpResponse(
        document.typeset(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


# The brief of a round


@page_of(ROUNDS)
def brief(request: HttpRequest, round_: Round) -> HttpResponse:
    meeting = read_meeting(round_, with_evidence=False)
    context = table(round_, meeting, rounds_of(round_.negotiation, but_also=round_))
    found, absolute = read_brief(round_, meeting, context["next"]), request.build_absolute_uri
    place = ", ".join(str(names.named(part)) for part in (round_.city, round_.country) if part)
    document = Document(
        title=_("Brief: %(title)s") % {"title": titles.plain(round_.title)},
        address=absolute(link("round-brief", round_.negotiation.slug, round_.path)),
        lede=" · ".join(filter(None, (str(round_.negotiation), dates.spell(round_.date), place))),
    )
    if not round_.held:
        document.paragraph(run(_("Called off; the dates are those planned"), strong=True))
    for text in filter(None, (round_.summary, round_.note)):
        document.paragraph(english(text))
    document.heading(_("Delegations"))
    document.list([led(side, absolute) for side in context["card"].sides])
    document.heading(_("Last recorded word before it"))
    for question in found.before:
        document.heading(question.issue, level=3)
        document.table(
            [_("Side"), _("Answer"), _("Last word")],
            [row for side in question.sides for row in stood(side, absolute)],
            [2, 4, 5],
        )
    if not found.before:
        document.paragraph(run(_("What this round was about is not recorded.")))
    document.heading(_("What moved in it") if round_.held else _("What moved then"))
    moved = [shifted(stand, absolute) for stand in found.moved]
    document.list(moved or [[run(_("No position of either side is recorded as beginning at this round."))]])
    if context["said"]:
        document.heading(_("Said at this meeting") if round_.held else _("Said about it"))
        document.list([said(card, absolute) for card in context["said"]])
    document.heading(_("What followed"))
    followed = [
        [run(f"{dates.spell(entry.date)}: "), run(titles.titled(entry.title), absolute(entry.get_absolute_url()))]
        for entry in found.followed
    ]
    document.list(followed or [[run(_("Nothing is recorded."))]])
    document.heading(_("Sources"))
    document.list([source_line(source) for source in found.sources] or [[run(_("Nothing is recorded."))]])
    return sent(document, f"brief-{round_.slug}")


def led(side: cards.Side, absolute: Absolute) -> Line:
    line = [run(f"{side.party}: ", strong=True)]
    for number, head in enumerate(side.heads):
        line += [run("; " if number else ""), run(head.name, absolute(head.url))]
        line += [run(", "), english(head.title)] if head.title else []
    return line if side.heads else [*line, run(_("Head of delegation not recorded"))]


def stood(side: Side, absolute: Absolute) -> list[list[list[Line]]]:
    """A side's stands on one question, a row each; one that says so where none is recorded."""
    rows = [
        [[[run(side.party, strong=True)]], stand_lines(stand, absolute), word_lines(stand.last_word, absolute)]
        for stand in side.stands
    ]
    return rows or [[[[run(side.party, strong=True)]], [[run(_("Not recorded"))]], [[run("—")]]]]


def stand_lines(stand: Attested, absolute: Absolute) -> list[Line]:
    position = stand.position
    lines = [[run(in_one_line(position), absolute(position.get_absolute_url()))]]
    lines.append([run(_("From %s") % dates.spell(position.date, inflected=True))])
    if stand.ended:
        since = dates.spell(position.end, inflected=True)
        lines.append([run(_("No stand recorded since %(day)s; this was the last.") % {"day": since}, strong=True)])
    if position.condition:
        lines.append([run(f"{_('Condition:')} "), english(position.condition)])
    if position.scope:
        lines.append([run(f"{_('Concerns:')} "), english(position.scope)])
    return lines


def word_lines(ground: Ground | None, absolute: Absolute) -> list[Line]:
    if not ground:
        return [[run("—")]]
    entry = ground.entry
    said = entry.child
    if isinstance(said, Statement) and said.quote:
        first = run(f"“{said.quote}”", language=said.quote_language)
    else:
        first = english(entry.summary)
    title = run(titles.titled(entry.title), absolute(entry.get_absolute_url()))
    own = "" if ground.own else f" ({_('another’s account')})"
    return [[first], [title, run(f", {dates.spell(entry.date)}{own}")]]


def shifted(stand: Attested, absolute: Absolute) -> Line:
    position, before = stand.position, stand.previous
    was = (
        in_one_line(before)
        if before and stand.moved
        else _("Same answer as before")
        if before
        else _("No view on record before")
    )
    return [
        run(f"{position.party}, {position.issue}: ", strong=True),
        run(f"{was} → "),
        run(in_one_line(position), absolute(position.get_absolute_url())),
        run(f", {dates.spell(position.date)}"),
    ]


def said(card: StatementCard, absolute: Absolute) -> Line:
    who = run(f"{words(card.speaker_names or card.standing)}: ", absolute(card.url), strong=True)
    if card.child.quote:
        return [who, run(f"“{card.child.quote}”", language=card.child.quote_language)]
    return [who, english(card.entry.summary)]


def source_line(source: Source) -> Line:
    safe = source.url if source.url.startswith(("https://", "http://")) else ""
    line = [run(f"{source.publisher}, “"), run(source.title, safe, language=source.language), run("”")]
    return [*line, run(f", {dates.spell(source.date)}")] if source.date else line


# The matrix of positions


@require_safe
def positions(request: HttpRequest) -> HttpResponse:
    directory = Directory.read()
    form = PositionsForm(request.GET, directory, timezone.localdate())
    asked = form.read().but(view="")
    matrix, absolute = read_matrix(asked, directory, read_moves(asked, directory)), request.build_absolute_uri
    document = Document(
        title=_("Positions on %(on)s") % {"on": dates.spell(asked.day.isoformat())},
        address=absolute(address(asked)),
        lede=", ".join(str(side.party) for side in matrix.columns),
        wide=True,
    )
    if form.problems:
        document.paragraph(run(_("Not everything in this address was understood:"), strong=True))
    for remark in form.problems + form.notices:
        document.paragraph(run(remark))
    rows = row_faces(matrix.shown(asked.show), asked.today)
    for row in rows:
        document.heading(row.question)
        if row.gap:
            document.paragraph(run(f"{_('Between them')}: "), run(capfirst(Gap(row.gap).label), strong=True))
        document.table(
            [str(cell.party) for cell in row.cells], [[cell_lines(cell, absolute) for cell in row.cells]],
            [1] * len(row.cells),
        )  # fmt: skip
    if not rows:
        document.paragraph(run(_("No question is left by this choice.")))
    if matrix.unanswered and not asked.show:
        document.heading(_("Not recorded"))
        document.list([[run(issue, absolute(issue.get_absolute_url()))] for issue in matrix.unanswered])
    return sent(document, f"positions-{asked.day.isoformat()}")


def cell_lines(cell: CellFace, absolute: Absolute) -> list[Line]:
    faces = [face for face in (cell.main, *cell.beside) if face]
    return [line for face in faces for line in face_lines(face, absolute)] or [[run(_("Not recorded"))]]


def face_lines(face: AnswerFace, absolute: Absolute) -> list[Line]:
    position = face.position
    if face.silent_since:
        lines = [
            [run(_("No stand recorded since %(day)s") % {"day": face.silent_since}, strong=True)],
            [run(face.last)],
        ]
    else:
        lines = [[run(face.label, absolute(face.url), strong=True)], [run(face.since)]]
    if position.condition:
        lines.append([run(f"{_('Condition:')} "), english(position.condition)])
    if position.scope:
        lines.append([run(f"{_('Concerns:')} "), english(position.scope)])
    basis = position.get_basis_display()
    lines.append([run(f"{capfirst(basis)}. {words(face.attested)}")])
    if face.flag:
        lines.append([run("; ".join(filter(None, (face.flag, face.was))), strong=True)])
    return lines
