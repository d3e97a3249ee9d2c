"""Search: one box for everything in the record."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from negotiations.asked import unknown
from negotiations.cards import cards
from negotiations.forms import LONGEST_SEARCH
from negotiations.queries.search import Found, search


@require_safe
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def search_page(request):
    problems = unknown(request.GET, "q")
    # PostgreSQL cannot store a zero byte, so no text of the record contains one.
    q = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    if len(q) > LONGEST_SEARCH:
        problems.append(_("The search was too long; its first %d characters were used.") % LONGEST_SEARCH)
        q = q[:LONGEST_SEARCH]
    found = search(q) if q else Found()
    context = {"q": q, "found": found, "cards": cards(found.entries), "problems": problems}
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, f"negotiations/search.html{'#fragment' if fragment else ''}", context)
