"""Which pages other sites may frame, how large, and the code with which they do."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

WIDTH = 640
# What each page needs at that width; a frame that is smaller scrolls.
HEIGHTS = {"issue": 460, "treaty": 460, "statement": 440, "positions": 640}


@dataclass(frozen=True)
class Embedding:
    """A page, and the small one that stands for it in a frame."""

    page: str
    frame: str
    title: str
    height: int

    def code(self, request: HttpRequest, width: int = WIDTH, height: int = 0) -> str:
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>',
            request.build_absolute_uri(self.frame),
            f"Parley: {self.title}",
            width,
            height or self.height,
        )

    def discovery(self, request: HttpRequest) -> str:
        """Where programs ask what to frame."""
        query = urlencode({"url": request.build_absolute_uri(self.page), "format": "json"})
        return request.build_absolute_uri(f"{reverse('oembed')}?{query}")


def embedding(name: str, title: str = "", query: str = "", **names: str) -> Embedding:
    tail = f"?{query}" if query else ""
    return Embedding(
        page=reverse(name, kwargs=names) + tail,
        frame=reverse(f"embed-{name}", kwargs=names) + tail,
        title=title,
        height=HEIGHTS[name],
    )
