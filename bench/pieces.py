"""Stands in for the cache of whole pages: each is drawn anew from what else is kept, counts and single cards."""

from django.utils import timezone

from negotiations.queries import generation


class Pieces:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.record_state = f"{generation.current()} {timezone.localdate()}"
        return self.get_response(request)
