"""Addresses of the reader pages. Models and templates know them by these names."""

from django.http import Http404
from django.urls import path

from .views import entries, timeline


def not_built(request, **parts):
    raise Http404


urlpatterns = [
    path("timeline/", timeline.timeline, name="timeline"),
    path("parties/<slug:slug>/", not_built, name="party"),
    path("people/<slug:slug>/", not_built, name="person"),
    path("sources/<slug:slug>/", not_built, name="source"),
    path("issues/<slug:slug>/", not_built, name="issue"),
    path("negotiations/<slug:slug>/", not_built, name="negotiation"),
    path("negotiations/<slug:negotiation>/<slug:path>/", not_built, name="round"),
    path("treaties/<slug:slug>/", not_built, name="treaty"),
    path("statements/<slug:slug>/", entries.statement, name="statement"),
    path("milestones/<slug:slug>/", entries.milestone, name="milestone"),
    path("positions/<slug:slug>/", entries.position, name="position"),
]
