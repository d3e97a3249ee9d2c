"""What messages need and pages do not: whole addresses."""

from django import template

from negotiations.exports import path
from negotiations.models import Entry

register = template.Library()


@register.simple_tag
def page_of(site: str, entry: Entry) -> str:
    """The address of an entry's page on the site where the reader knows it."""
    return site + path(entry)
