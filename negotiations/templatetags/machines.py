"""What a page says to programs: its one address, and what it is about."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# As in Django's json_script: nothing in a data block may end it, or begin a comment.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def canonical(context: Context) -> str:
    """The one address of what the page shows: with its filters in their order, without what changes nothing."""
    request: HttpRequest | None = context.get("request")
    asked = context.get("asked")
    if not request:
        return ""
    query = getattr(asked, "query", "") or getattr(asked, "query_string", "")
    return request.build_absolute_uri(request.path) + (f"?{query.removeprefix('?')}" if query else "")


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A block of data, which no browser runs; the content security policy has nothing to do with it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
