"""The whole record to download: what the latest release holds, what changed in it, how to cite it."""

from pathlib import Path
from typing import Any, NamedTuple

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from negotiations import dates
from negotiations.bibliography import of_dataset
from negotiations.package import release as releases
from negotiations.package.tables import all_tables

from .citing import cite

# So many releases are told of; the list of changes in each has them all.
TOLD = 5
TYPES = {
    ".csv": "text/csv; charset=utf-8; header=present",
    ".json": "application/json; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".sqlite": "application/vnd.sqlite3",
    ".zip": "application/zip",
    "": "text/plain; charset=utf-8",
}


class Download(NamedTuple):
    name: str
    url: str
    bytes: int
    sha256: str


@require_safe
@cache_control(public=True, no_cache=True)  # it follows the releases on the disk, not the record
def data(request: HttpRequest) -> HttpResponse:
    latest = releases.latest()
    if not latest:
        return render(request, "negotiations/data.html", {"latest": None})
    here = request.build_absolute_uri(reverse("data"))
    context = {
        "latest": latest,
        "created": dates.spell(latest.about["created"]),
        "whole": [download(latest, f"parley-{latest.version}{ending}") for ending in (".zip", ".sqlite")],
        "description": download(latest, "datapackage.json"),
        "sums": download(latest, "SHA256SUMS"),
        "tables": [
            (table, latest.about["counts"].get(table.name, 0), download(latest, f"csv/{table.name}.csv"),
             f"json/{table.name}.json" in latest.about["files"] and download(latest, f"json/{table.name}.json"))
            for table in all_tables()
        ],
        "log": [told(entry) for entry in latest.about["log"][:TOLD]],
        "change_log": download(latest, "CHANGELOG.md"),
        "always": request.build_absolute_uri(reverse("data-file", args=["latest", "datapackage.json"])),
        "cite": cite(of_dataset(here, timezone.localdate(), latest.about["created"]), "record"),
    }  # fmt: skip
    return render(request, "negotiations/data.html", context)


def download(release: releases.Release, name: str) -> Download:
    measured = release.about["files"][name]
    url = reverse("data-file", args=[release.version, name])
    return Download(Path(name).name, url, measured["bytes"], measured["hash"].removeprefix("sha256:"))


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """A release in the list of changes, with sums over all kinds."""
    sums = {
        name: sum(groups[name]["count"] for groups in entry["changes"].values())
        for name in ("added", "changed", "removed")
    }
    return entry | sums | {"day": dates.spell(entry["created"])}


@require_safe
def file(request: HttpRequest, version: str, name: str) -> HttpResponse | FileResponse:
    """A file of a release; “latest” is an address that always has the newest."""
    release = releases.latest() if version == "latest" else releases.named(version)
    path = release.file(name) if release else None
    if not release or not path:
        raise Http404
    etag = '"{}"'.format(release.about["files"][name]["hash"].removeprefix("sha256:"))
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        ending = path.suffix if path.suffix in TYPES else ""
        response = FileResponse(path.open("rb"), content_type=TYPES[ending], filename=path.name)
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    if version == "latest":
        patch_cache_control(response, public=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response
