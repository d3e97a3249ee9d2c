"""What goes wrong, said as RFC 9457 has it: a status, a title, and words that help."""

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from ninja.errors import ValidationError
from ninja.responses import NinjaJSONEncoder

from negotiations.views.errors import RETRY_AFTER, is_away

log = logging.getLogger("django.request")
TITLES = {
    404: "Not in the record",
    405: "Only reading is possible here",
    410: "Withdrawn from the record",
    422: "Not understood",
    429: "Too many questions at once",
    500: "Something went wrong on our side",
    503: "The record cannot be read at the moment",
}
CONTENT_TYPE = "application/problem+json"


class Invalid(Schema):
    """One parameter that was not understood."""

    parameter: str = Field(examples=["from"])
    detail: str = Field(examples=["“yesterday” is not a date."])


class ProblemDetails(Schema):
    """Why there is no answer."""

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Not in the record"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no party “ruritania” in the record."])
    errors: list[Invalid] | None = Field(None, description="Each parameter that was not understood.")


class Problem(Exception):
    """Raised where a question cannot be answered."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors


def response(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return HttpResponse(
        json.dumps(body, cls=NinjaJSONEncoder, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )


def answer(_request: HttpRequest, problem: Problem) -> HttpResponse:
    return response(problem.status, problem.detail, problem.errors)


def malformed(_request: HttpRequest, problem: ValidationError) -> HttpResponse:
    errors = [
        {"parameter": _parameter(one["loc"]), "detail": one["msg"].removeprefix("Value error, ")}
        for one in problem.errors
    ]
    return response(422, "Some parameters were not understood.", errors)


def failure(request: HttpRequest, problem: Exception) -> HttpResponse:
    log.exception("Failure in the API: %s", request.path, exc_info=problem)
    if not is_away(problem):
        return response(500, "The failure has been noted.")
    away = response(503, f"Please try again in {RETRY_AFTER} seconds.")
    away["Retry-After"] = RETRY_AFTER
    away["Cache-Control"] = "no-store"
    return away


def _parameter(location: tuple[str | int, ...]) -> str:
    """The name as it stands in the address: of (query, asked, party, 0) the third."""
    names = [str(part) for part in location if not isinstance(part, int)]
    return names[-1] if names else ""


# What the OpenAPI document says each operation may answer besides the thing itself.
NAMED = {404: ProblemDetails, 422: ProblemDetails, 429: ProblemDetails}
