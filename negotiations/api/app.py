"""The API as a whole: its description, its subjects, its errors."""

from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation

from . import about, actors, asking, derived, entries, issues, popolo, problems, sources, talks, treaties

VERSION = "1.0.0"
TAGS = {
    "Entries": "The record: rounds, statements, treaty milestones and positions in one stream.",
    "Derived": "What follows from the record for any day: who stood where, what moved, what was in force.",
    "Issues": "Questions in dispute and the rival answers to them.",
    "Talks": "Negotiations from opening to outcome.",
    "Treaties": "Agreed texts, their limits, declared figures, and their status on any day.",
    "Actors": "Parties, people and the offices they held.",
    "Sources": "Where it is written down.",
    "Popolo": "People, organisations, events and speeches in the shape of the Popolo specification.",
}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Short, since client generators name functions by it."""
        return operation.view_func.__name__


api = Api(
    title="Parley",
    version=VERSION,
    description=about.as_markdown(),
    docs_url=None,  # /api/docs is a page of our own, in the site's style
    openapi_url=None,  # served beside the rest, see `web`
    urls_namespace="api",
    openapi_extra={
        "info": {
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
    },
)
api.add_decorator(asking.only_what_it_knows)
# ninja hands over what was raised; its types say that it might be the class of it.
api.add_exception_handler(ValidationError, problems.malformed)  # type: ignore[arg-type]
api.add_exception_handler(problems.Problem, problems.answer)  # type: ignore[arg-type]
api.add_exception_handler(Exception, problems.failure)  # type: ignore[arg-type]
for prefix, subject, tag in (
    ("", entries, "Entries"),
    ("", derived, "Derived"),
    ("", issues, "Issues"),
    ("", talks, "Talks"),
    ("", treaties, "Treaties"),
    ("", actors, "Actors"),
    ("", sources, "Sources"),
    ("/popolo", popolo, "Popolo"),
):
    api.add_router(prefix, subject.router, tags=[tag])
