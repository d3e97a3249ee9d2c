"""The reports by which the reading of articles is measured: invented texts, each with what is truly quoted in it.

    python -m tests.articles        prints precision and recall, and every miss

`later`, `unseen` and `fresh` were written after the rules stood; each was read once before anything was mended, and
those first figures are in the README beside the present ones.
"""

import re
from pathlib import Path
from typing import NamedTuple

import yaml

from negotiations import verbatim
from negotiations.intake import from_text
from negotiations.intake.statements import said, words_of

FOLDER = Path(__file__).parent


class Reading(NamedTuple):
    """One report as the program read it, against what is in it; statements are pairs of speaker and words."""

    file: str
    tries: str
    wanted: list[tuple[str, str]]
    found: list[tuple[str, str]]

    @property
    def missed(self) -> list[tuple[str, str]]:
        return [one for one in self.wanted if one not in self.found]

    @property
    def invented(self) -> list[tuple[str, str]]:
        return [one for one in self.found if one not in self.wanted]


class Score(NamedTuple):
    """How many of the statements proposed are right, and how many of those there are were proposed."""

    articles: int
    wanted: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.wanted


def readings() -> list[Reading]:
    return [
        _read(path.stem, row)
        for path in sorted(FOLDER.glob("*.yaml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def score(read: list[Reading]) -> Score:
    wanted, found = sum(len(one.wanted) for one in read), sum(len(one.found) for one in read)
    return Score(len(read), wanted, found, found - sum(len(one.invented) for one in read))


def _read(file: str, row: dict) -> Reading:
    article = from_text(row["text"])
    found = [(one.speaker.who, _bare(words_of(article, one))) for one in said(article).quotations]
    return Reading(file, row["tries"], [(who, _bare(str(words))) for who, words in row["quotations"]], found)


def _bare(words: str) -> str:
    """Words without the full stop that may belong to the reporter."""
    return re.sub(r"[\s.,]+$", "", verbatim.plain(words))
