"""What holds for the whole API: told on its documentation page, and in its OpenAPI document in English."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

ABOUT = _("The public record and what follows from it, for programs: read-only, without a key, and for any site.")
RULES = (
    (
        _("Ids"),
        _(
            "An id is the last part of a page’s address. It is never given to anything else; if it changes, the old"
            " address leads to the new one."
        ),
    ),
    (
        _("Dates"),
        _("EDTF (ISO 8601-2), as precise as the source and no more. “earliest” and “latest” are the days they allow."),
    ),
    (
        _("Lists"),
        _("They come in pages; “next” is the address of the next page, or null. A cursor is not to be taken apart."),
    ),
    (
        _("Filters"),
        _(
            "They are those of the site’s pages. A malformed one is refused with 422, a name that the record does not"
            " have with 404. What was understood otherwise than written is told in “notices”."
        ),
    ),
    (
        _("Errors"),
        _("They are application/problem+json (RFC 9457). An entry that was withdrawn answers 410 with the reason."),
    ),
    (
        _("Caching"),
        _("Every answer has an ETag. Send it back as If-None-Match, and the answer is 304 while nothing has changed."),
    ),
    (
        _("Pace"),
        _(
            "240 questions a minute, not counting what was asked by anybody before and has not changed. Beyond that the"
            " answer is 429 and says how long to wait. For everything at once there are the downloads."
        ),
    ),
    (
        _("Licence"),
        _("CC BY 4.0. Give credit: “Parley, a record of arms-control negotiations”."),
    ),
    (
        _("Changes"),
        _(
            "Within version 1 fields and parameters may be added, so ignore what you do not know. None is renamed,"
            " removed or given another meaning: that would be version 2. Before version 1 or a part of it is switched"
            " off, its answers carry Deprecation and Sunset headers (RFC 9745, RFC 8594) for twelve months at least."
        ),
    ),
)


def as_markdown() -> str:
    with translation.override("en"):
        return "\n".join([str(ABOUT), "", *(f"* **{name}.** {text}" for name, text in RULES)])
