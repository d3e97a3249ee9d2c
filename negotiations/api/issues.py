"""Questions in dispute and the rival answers to them."""

from django.http import HttpRequest
from ninja import Query, Router

from negotiations.links import link
from negotiations.models import Issue

from . import shapes
from .asking import Paging, Slug, one, page
from .problems import NAMED
from .shapes import Json

router = Router()
ISSUES = Issue.objects.prefetch_related("options")


def as_issue(issue: Issue, request: HttpRequest) -> Json:
    return {
        "id": issue.slug,
        "url": request.build_absolute_uri(link("issue", issue.slug)),
        "question": issue.question,
        "description": issue.description,
        "keywords_en": issue.keywords_en,
        "keywords_ru": issue.keywords_ru,
        "options": [
            {"id": option.slug, "label": option.label, "description": option.description}
            for option in issue.options.all()
        ],
    }


@router.get("/issues", response={200: shapes.Issues} | NAMED, summary="Issues")
def issues(request: HttpRequest, asked: Query[Paging]) -> Json:
    """All questions in dispute, by id. Where the parties stood on them is under Derived."""
    found, count, following = page(request, asked, ISSUES)
    return {"count": count, "next": following, "issues": [as_issue(issue, request) for issue in found]}


@router.get("/issues/{slug:slug}", response={200: shapes.Issue, 301: None} | NAMED, summary="One issue")
def issue(request: HttpRequest, slug: Slug) -> Json:
    """A question in dispute by its id."""
    return as_issue(one(ISSUES, "issue", slug), request)
