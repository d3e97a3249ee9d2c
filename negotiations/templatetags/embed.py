"""How a page is framed elsewhere: the code to copy, and the link by which programs find it."""

from django import template
from django.template import Context
from django.utils.html import escape, format_html

from negotiations.embedding import Embedding, embedding

register = template.Library()


@register.simple_tag(takes_context=True)
def embed_code(context: Context, name: str, title: str, slug: str = "") -> str:
    """The code to paste: {% embed_code "issue" issue issue.slug %}."""
    return escape(_of_this_page(context, name, title, slug).code(context["request"]))


@register.simple_tag(takes_context=True)
def oembed_link(context: Context, name: str, title: str, slug: str = "") -> str:
    """For the head of the page."""
    found = _of_this_page(context, name, title, slug)
    return format_html(
        '<link rel="alternate" type="application/json+oembed" href="{}" title="{}">',
        found.discovery(context["request"]),
        title,
    )


def _of_this_page(context: Context, name: str, title: str, slug: str) -> Embedding:
    names = {"slug": slug} if slug else {}
    return embedding(name, str(title), context["request"].META.get("QUERY_STRING", ""), **names)
