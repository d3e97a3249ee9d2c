"""What an editor had typed when their session ended: it waits until they have signed in again.

The login page that answers such a form carries it along; once they are signed in it is kept in their session, and the
form is shown with it, not saved yet.
"""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

FIELD = "typed"
# Far more than anybody types; what is longer would only fill the sessions.
LONGEST = 400_000


def is_form_of_the_record(request) -> bool:
    """Whether this sends one of the desk's own forms; what is typed about accounts is not kept."""
    name = request.resolver_match.url_name or ""
    return request.method == "POST" and name.startswith("negotiations_") and name.endswith(("_add", "_change"))


def login_page(site, request):
    """Ask somebody to sign in again, with what they had just sent in the page."""
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    typed = sent.urlencode()
    path = request.get_full_path()
    request.method = "GET"
    context = {"next": path, "app_path": reverse("admin:login"), "typed": typed if len(typed) <= LONGEST else ""}
    return site.login(request, context)


def keep(request) -> None:
    """After signing in: keep what the login page carried, for the page that it was typed on."""
    typed, path = request.POST.get(FIELD, ""), urlsplit(request.POST.get("next", "")).path
    if typed and path and len(typed) <= LONGEST and request.user.is_authenticated:
        request.session[FIELD] = {"path": path, "typed": typed}


def restore(request) -> bool:
    """Turn the opening of a page into the sending of what had been typed there, if anything waits; never saved."""
    waiting = request.session.get(FIELD)
    if request.method != "GET" or request.FILES or not waiting or waiting["path"] != request.path:
        return False
    del request.session[FIELD]
    request.POST, request.method = QueryDict(waiting["typed"]), "POST"
    request.csrf_processing_done = True  # the browser sent nothing but a question
    return True
