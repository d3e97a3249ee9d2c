"""The floors: what no page on this machine can be faster than, each answered through the site's own middleware."""

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache

from config import urls
from negotiations.cards import cards
from negotiations.models import Entry
from negotiations.queries.directory import Directory
from negotiations.queries.entries import read

_from_memory = []


@never_cache
def bare(request):
    return HttpResponse("x" * 200)


@never_cache
def one_query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM negotiations_entry WHERE id = (SELECT min(id) FROM negotiations_entry)")
        return HttpResponse(cursor.fetchone()[0])


@never_cache
def fifty_cards(request):
    """The newest fifty cards, read once and drawn each time with the site's own templates."""
    if not _from_memory:
        _from_memory.extend(cards(read(Entry.objects.published().newest_first()[:50], Directory.read())))
    return render(request, "bench/cards.html", {"cards": _from_memory})


urlpatterns = [
    path("bench/bare", bare),
    path("bench/one-query", one_query),
    path("bench/fifty-cards", fifty_cards),
    *urls.urlpatterns,
]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
