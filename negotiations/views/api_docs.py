"""The API explained to people, drawn from the same document that programs read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from negotiations.api import about, web
from negotiations.api.app import TAGS


class Parameter(NamedTuple):
    name: str
    form: str
    about: str
    example: str


class Answer(NamedTuple):
    """A field of what is answered; those of a thing within it follow one level in."""

    name: str
    form: str
    about: str


class Operation(NamedTuple):
    path: str
    summary: str
    about: str
    parameters: list[Parameter]
    fields: list[Answer]
    try_it: str

    @property
    def anchor(self) -> str:
        return self.path.removeprefix("/api/v1/").replace("/", "-").replace("{", "").replace("}", "")


# Things of the record to fill into a path.
ONE = {
    "entries": "antonov-rome-2007", "issues": "legal-form", "negotiations": "post-start-consultations",
    "treaties": "new-start", "parties": "russia", "people": "antonov-anatoly", "sources": "ria-novosti-2007-09-12",
}  # fmt: skip


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    document = web.document()
    groups: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, operations in document["paths"].items():
        operation = as_operation(path, operations["get"], document)
        groups[operations["get"]["tags"][0]].append(operation)
    context = {
        "lede": about.ABOUT,
        "rules": about.RULES,
        "groups": [(tag, TAGS[tag], operations) for tag, operations in groups.items()],
        "openapi": reverse("api:openapi"),
        "root": request.build_absolute_uri(reverse("api:root")),
        "version": document["info"]["version"],
    }
    return render(request, "negotiations/api_docs.html", context)


def as_operation(path: str, operation: dict[str, Any], document: dict[str, Any]) -> Operation:
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    asked = [as_parameter(parameter) for parameter in operation["parameters"]]
    filled = path.replace("{slug}", ONE.get(path.split("/")[3], ""))
    query = urlencode([(one.name, one.example) for one in asked if one.example and "{" not in one.name][:1])
    return Operation(
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        parameters=asked,
        fields=list(fields(schema, document)),
        try_it=f"{filled}?{query}" if query else filled,
    )


def as_parameter(parameter: dict[str, Any]) -> Parameter:
    example = parameter.get("example", "")
    return Parameter(
        parameter["name"],
        form(parameter["schema"]),
        parameter.get("description", ""),
        ", ".join(example) if isinstance(example, list) and len(example) > 1 else "".join(example),
    )


def fields(schema: dict[str, Any], document: dict[str, Any], within: str = "", depth: int = 0) -> Iterator[Answer]:
    """The fields of an answer and, one level in, of the things that it lists."""
    thing = resolved(schema, document)
    for name, field in thing.get("properties", {}).items():
        yield Answer(f"{within}{name}", form(field), field.get("description", ""))
        inner: dict[str, Any] = field.get("items") or next(
            (one for one in field.get("anyOf", [field]) if "$ref" in one), {}
        )
        if "$ref" in inner and depth < 1:
            yield from fields(inner, document, f"{within}{name}{'[]' if 'items' in field else ''}.", depth + 1)


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def form(schema: dict[str, Any]) -> str:
    """What a value looks like, in a few words that programmers know."""
    if "$ref" in schema:
        return "object"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(form(choice) for choice in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{form(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", ""))
