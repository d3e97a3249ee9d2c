"""The past of the record: the versions of one thing in it, and the ledger of corrections, with its feed."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations import feeds
from negotiations.asked import unknown
from negotiations.forms import shown
from negotiations.models import Entry, workflow
from negotiations.queries import history

from .lookup import find

# Digits that fit a column of the database.
LONGEST_NUMBER = 18


@require_safe
def past(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Every version of one thing that readers saw: what it came to say, when and why."""
    if kind not in history.KINDS:
        raise Http404
    things = history.KINDS[kind].model._default_manager.all()
    thing = find(things, [slug])
    if not thing or (isinstance(thing, Entry) and thing.state not in workflow.PUBLIC):
        raise Http404
    if thing.slug != slug:
        return redirect("history", kind, thing.slug, permanent=True)
    problems = unknown(request.GET, "below")
    below, bad = number(request.GET, "below")
    found = history.past_of(thing, below)
    context = {
        "thing": thing,
        "name": str(getattr(thing, "title", thing)),
        "past": found,
        "problems": problems + bad,
        "kind": kind,
        "below": below,
    }
    return render(request, "negotiations/history.html", context)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    problems = unknown(request.GET, "year", "below")
    year, bad = number(request.GET, "year")
    below, worse = number(request.GET, "below")
    years = history.years_of_corrections()
    if year and year not in years:
        bad = [_("No correction was made in %s.") % shown(request.GET["year"])]
    context = {
        "past": history.corrections(year, below),
        "problems": problems + bad + worse,
        "years": years,
        "year": year,
        "below": below,
    }
    return render(request, "negotiations/corrections.html", context)


@require_safe
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """The ledger for a feed reader: the latest corrections, each with what changed and why."""
    address = request.build_absolute_uri
    feed = CorrectionsFeed(
        title="Parley · " + _("Corrections"),
        link=address(reverse("corrections")),
        description="",
        subtitle=_("Every change to what the record had already published."),
        language=get_language(),
        author_name="Parley",
        feed_url=address(),
        feed_guid=feeds.tag("corrections", get_language()),
        feed_copyright="CC BY 4.0",
        updated=history.last_correction() or feeds.NEVER,
    )
    for step in history.corrections().steps:
        revision = step.revision
        feed.add_item(
            title=feeds.writable(f"{step.kind_name}: {step.name or _('not public now')}"),
            link=address(step.url or reverse("corrections")),
            description=feeds.writable(summary(step)),
            unique_id=feeds.tag("correction", str(revision.pk)),
            pubdate=revision.at,
            updateddate=revision.at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feeds.CONTENT_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    return response


class CorrectionsFeed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated


def summary(step: history.Step) -> str:
    changed = ", ".join(str(change.label) for change in step.changes)
    told = [capfirst(step.revision.get_action_display()), changed, step.revision.why]
    return ". ".join(filter(None, told))


def number(data: QueryDict, name: str) -> tuple[int | None, list[str]]:
    """A whole number that was asked for; what is none is left out and told."""
    text = data.get(name, "")
    if not text:
        return None, []
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text):
        return int(text), []
    return None, [_("“%(value)s” was not understood as “%(name)s”.") % {"value": shown(text), "name": name}]
