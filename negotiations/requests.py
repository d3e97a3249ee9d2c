"""A request with what our views, the desk and django-htmx put into it, which Django's own type does not know."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from negotiations.admin.refusals import Refusal


class Request(HttpRequest):
    htmx: HtmxDetails
    thing: Model
    """What the address names; `page_of` finds it."""
    preview: bool
    """Whether that is a draft, seen by somebody at the desk."""
    theme: str
    """How a frame for other sites is asked to look."""
    refusal: "Refusal | None"
    """Why the database refused what the desk was asked to save."""
    csrf_processing_done: bool
    second_factor_missing: bool
    owners: list[Model]
    """What versions are kept of, once the desk has saved all that belongs to it."""


def editor(request: HttpRequest) -> User:
    """Who is at the desk; nobody gets there without having signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
