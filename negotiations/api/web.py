"""How the API is served: for any site to read, with HEAD and OPTIONS, cached by its ETag, and refusing all else."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, resolve, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from . import problems
from .app import api
from .asking import Moved

View = Callable[..., HttpResponse]

READING = "GET, HEAD, OPTIONS"


def served(view: View) -> View:
    """A view of the API with what all of them have in common."""

    @csrf_exempt  # nothing here can be changed
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return open_to_all(_answer(view, request, *args, **kwargs))

    return answer


def _answer(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": READING})
    if request.method not in ("GET", "HEAD"):
        refusal = problems.response(405, f"This address can only be read: {READING}.")
        refusal["Allow"] = READING
        return refusal
    asked, request.method = request.method, "GET"
    try:
        return conditional_page(view)(request, *args, **kwargs)
    finally:
        request.method = asked  # by which the server knows to leave out the body


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let pages of any site read this, its ETag included. There are no cookies here to guard."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = READING
    response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Location"
    response["Access-Control-Max-Age"] = "86400"
    return response


def moved(request: HttpRequest, found: Moved) -> HttpResponse:
    """The way to where something is now, with the rest of the address as it was."""
    match = resolve(request.path)
    address = reverse(f"api:{match.url_name}", kwargs=match.kwargs | {"slug": found.slug})
    query = request.META.get("QUERY_STRING")
    return HttpResponse(status=301, headers={"Location": f"{address}?{query}" if query else address})


api.add_exception_handler(Moved, moved)  # type: ignore[arg-type]  # it is never the class that is raised


# The OpenAPI document


@cache
def document() -> dict[str, Any]:
    """The API as OpenAPI 3.1 has it, without what ninja gets wrong."""
    schema = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    for operations in schema["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                mend(parameter)
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {problems.CONTENT_TYPE: answer["content"].pop("application/json")}
                    answer["description"] = problems.TITLES[int(status)]
    as_read: dict[str, Any] = json.loads(json.dumps(schema))  # every key a text
    return as_read


def mend(parameter: dict[str, Any]) -> None:
    """An address cannot say null, and a parameter has one example, its schema a list of them."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    schema |= choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}
    for place in (parameter, schema):
        place.pop("title", None)
    if examples := parameter.pop("examples", None):
        parameter["example"] = examples[0]


def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.response(404, "The API has nothing at this address; see /api/docs.")


def patterns() -> list[URLPattern]:
    """Every address of the API, below its root."""
    routes = [route for route in api.urls[0] if isinstance(route, URLPattern) and route.name != "api-root"]
    for route in routes:
        route.callback = served(route.callback)
    return [
        path("openapi.json", served(openapi), name="openapi"),
        *routes,
        path("<path:rest>", served(nowhere)),
        path("", served(nowhere), name="root"),
    ]
