"""The light question that an open timeline asks now and then: has anything come into this view?"""

from datetime import datetime

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from negotiations.forms import TimelineForm, shown
from negotiations.queries.arrivals import arrivals
from negotiations.queries.directory import Directory
from negotiations.requests import Request
from negotiations.views.timeline import address


@require_safe
@vary_on_headers("HX-Request")
def arrivals_page(request: Request) -> HttpResponse:
    """The new entries of a view since a moment; whoever follows the address itself gets the view."""
    data = request.GET.copy()
    since = data.pop("since", [""])[-1]
    asked = TimelineForm(data, Directory.read()).read()
    if not request.htmx:
        return redirect(address(asked))
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        moment = None
    if not moment or not moment.tzinfo:
        return HttpResponseBadRequest(_("“%s” is no moment.") % shown(since), content_type="text/plain")
    context = {"arrivals": arrivals(asked.but(), moment), "again": address(asked.but())}
    return render(request, "negotiations/_arrivals.html", context)
