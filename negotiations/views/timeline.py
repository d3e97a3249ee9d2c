"""The timeline: the record in one stream."""

from django.shortcuts import render


def timeline(request):
    return render(request, "negotiations/timeline.html")
