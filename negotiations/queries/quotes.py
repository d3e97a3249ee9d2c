"""Which quotations are marked as verified and should not be, or the other way round."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from negotiations import verbatim
from negotiations.models import Citation


@dataclass(frozen=True)
class Drift:
    """A citation whose mark does not say what is the case, and why."""

    citation: Citation
    why: str


def drifted(texts: Mapping[str, str]) -> Iterator[Drift]:
    """Every wrong mark. `texts` are texts that the record does not keep, by their SHA-256."""
    quoting = Q(checked_on__isnull=False) | (~Q(source__text="") & ~Q(entry__as_statement__quote=""))
    rows = (
        Citation.objects.filter(quoting).select_related("source", "entry__as_statement").order_by("entry__slug", "pk")
    )
    for citation in rows.iterator(chunk_size=500):
        if why := _wrong(citation, texts):
            yield Drift(citation, why)


def _wrong(citation: Citation, texts: Mapping[str, str]) -> str:
    text = citation.source.text or texts.get(citation.checked_sha256, "")
    if citation.is_verified and not citation.quoted:
        return _("It is marked as verified, and quotes nothing.")
    if citation.is_verified and citation.source.text_sha256 != citation.checked_sha256:
        return _("It was checked against another text than the source has now.")
    if not text:
        return ""  # the check that was recorded stands: there is nothing to hold it against
    stands = all(verbatim.find(words, text) for words in citation.quoted)
    if citation.is_verified and not stands:
        return _("The words do not stand in the text of the source.")
    if not citation.is_verified and stands:
        return _("The words stand in the text of the source, and are not marked.")
    return ""
