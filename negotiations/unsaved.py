"""What an editor had typed when their session ended: it waits until they have signed in again.

The login page that answers such a form carries it along; once they are signed in it is kept in their session, and the
page takes it from there (`restore` or `taken`) and shows the form with it, not saved yet.
"""

from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from negotiations.requests import Request

FIELD = "typed"
# The longest article that is read, in Cyrillic letters as addresses spell them, and what is typed beside it.
LONGEST = 800_000
# The pages of the record's things on which something is typed or chosen.
PAGES = ("_add", "_change", "_changelist", "_history", "_import", "_from_article", "_review_article")
TOLD = _("Your session had ended. What you typed is here again, but not saved yet: look it over and save it.")
CHOOSE_FILE = _("If you had chosen a file, choose it again.")


def is_form_of_the_record(request: HttpRequest) -> bool:
    """Whether this sends one of the desk's own forms; what is typed about accounts is not kept."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return request.method == "POST" and name.startswith("negotiations_") and name.endswith(PAGES)


def sent_by(request: HttpRequest) -> str:
    """What somebody has just sent, as one word of a form; empty where it is too much."""
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    typed = sent.urlencode()
    return typed if len(typed) <= LONGEST else ""


def login_page(site: AdminSite, request: HttpRequest, typed: str) -> HttpResponse:
    """Ask somebody to sign in again, with what they had just sent in the page."""
    path = request.get_full_path()
    request.method = "GET"
    context = {"next": path, "app_path": reverse("admin:login"), "typed": typed}
    return site.login(request, context)


def keep(request: HttpRequest) -> None:
    """After signing in: keep what the login page carried, for the page that it was typed on."""
    typed, path = request.POST.get(FIELD, ""), urlsplit(request.POST.get("next", "")).path
    if typed and path and len(typed) <= LONGEST and request.user.is_authenticated:
        request.session[FIELD] = {"path": path, "typed": typed}


def taken(request: HttpRequest) -> QueryDict | None:
    """What had been typed on the page that is opened now, if anything waits; it is handed out once."""
    waiting = request.session.get(FIELD)
    if request.method != "GET" or not waiting or waiting["path"] != request.path:
        return None
    del request.session[FIELD]
    return QueryDict(waiting["typed"])


def restore(request: Request) -> bool:
    """Turn the opening of a page into the sending of what had been typed there, if anything waits; never saved."""
    typed = taken(request)
    # Asked for first: Django reads files and fields together, and would forget these fields for none.
    if typed is None or request.FILES:
        return False
    request.POST, request.method = typed, "POST"  # type: ignore[assignment]  # as good as what Django would read
    request.csrf_processing_done = True  # the browser sent nothing but a question
    return True
