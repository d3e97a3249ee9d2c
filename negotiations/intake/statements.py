"""What was said: every direct quotation with its speaker, and what is reported in the reporter's words.

A quotation that a reporter interrupts (“…,” he said. “…”) is one statement. Words in quotation marks that nobody is
said to have said (titles, names, a single mocking word) are none. A short fragment within a reported sentence is that
sentence's key phrase.
"""

import re
from dataclasses import dataclass, field

from negotiations import verbatim

from .article import Article, Paragraph
from .attribution import Attribution, after_quote, before_quote, of_sentence
from .datelines import dateline_end
from .lexicon import Lexicon
from .marks import Quoted, quoted
from .mentions import opening
from .sentences import HIDDEN, masked, sentences
from .speakers import Cast, Speaker

# Fewer words within a reported sentence are its key phrase and no statement by themselves.
PARTIAL = 9
PARTIAL_AFTER_THAT = 6
_INSIDE = re.compile(r"[,.!?…]\s+[—–-]\s+(?P<clause>[^«»“”\"]{4,160}?)(?:(?P<more>[,.:]\s+[—–-]\s+)|[.,]?\s*$)")
_LAST_CLAUSE = re.compile(r",\s+(?:[—–-]\s+)?(?P<clause>[^,]{4,70})[.]?$")
_LEAD_IN = re.compile(r"(?:[,:—–-]|\b(?:and|but|so|then|и|но|а|потом))\s*$", re.IGNORECASE)


@dataclass
class Quotation:
    """One statement in the speaker's own words; `pieces` are where they stand, between the reporter's clauses."""

    pieces: list[tuple[int, int]]
    speaker: Speaker
    verb: str
    sentence: tuple[int, int]
    follows: bool = False

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


@dataclass
class Report:
    """A sentence that tells in the reporter's words what somebody said."""

    start: int
    end: int
    speaker: Speaker
    verb: str
    phrases: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """All that an article reports somebody to have said."""

    quotations: list[Quotation]
    reports: list[Report]


def words_of(article: Article, quotation: Quotation) -> str:
    """A quotation as the record keeps it: letter by letter, with a sign where the reporter stepped in."""
    return verbatim.GAP.join(verbatim.on_one_line(article.text[start:end]) for start, end in quotation.pieces)


def said(article: Article) -> Said:
    return Reader(article).read()


class Reader:
    """Goes through an article once, keeping in mind who spoke last."""

    def __init__(self, article: Article) -> None:
        self.article, self.text = article, article.text
        self.lexicon: Lexicon = article.lexicon
        self.cast = Cast(article.body_text, self.lexicon)
        self.quotations: list[Quotation] = []
        self.reports: list[Report] = []
        self.ignored_last = False

    def read(self) -> Said:
        open_ended = False
        for number, paragraph in enumerate(self.article.body):
            start = paragraph.start + (dateline_end(self.text[paragraph.start : paragraph.end]) if number < 2 else 0)
            following = self.article.body[number + 1 : number + 2]
            open_ended = self._paragraph(Paragraph(start, paragraph.end), following, open_ended)
        for quotation in self.quotations:
            quotation.pieces = [self._trimmed(*piece) for piece in quotation.pieces]
        return Said([one for one in self.quotations if one.speaker], self.reports)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The comma before “he said” is the reporter's, and so are the spaces."""
        words = self.text[start:end]
        end -= len(words) - len(re.sub(r"[,—–\s]+$", "", words))
        return start + len(words) - len(words.lstrip()), max(end, start + 1)

    def _paragraph(self, paragraph: Paragraph, following: list[Paragraph], continues: bool) -> bool:
        """Read one paragraph; tells whether a quotation in it goes on in the next."""
        quotes = quoted(self.text, paragraph.start, paragraph.end)
        goes_on = False
        if quotes and not quotes[-1].closed:
            quotes[-1] = self._mended(quotes[-1])
        if quotes and not quotes[-1].closed:
            goes_on = bool(following) and self.text[following[0].start] in '“"„«‘'
            if not goes_on and len(quotes) == 1 and not self.text[paragraph.start : quotes[-1].open].strip():
                # A mark that never closes: the rest of the article's words could be anybody's.
                quotes = []
        quotes = [piece for quote in quotes for piece in self._opened_up(quote)]
        shown = masked(self.text, quotes) if quotes else self.text
        before = len(self.quotations)
        first = True
        for start, end in sentences(shown, paragraph.start, paragraph.end, self.lexicon):
            inside = [quote for quote in quotes if start <= quote.start and quote.end <= end + 1]
            self._sentence(shown, start, end, inside, first, continues and first)
            first = False
        if goes_on and not continues and len(self.quotations) == before and quotes:
            # Its speaker is named where it ends, in a later paragraph.
            last = quotes[-1]
            self.quotations.append(Quotation([(last.start, last.end)], Speaker(), "", (paragraph.start, paragraph.end)))
        return goes_on

    def _mended(self, quote: Quoted) -> Quoted:
        """A forgotten closing mark: “We served it cold, Grom said.” The clause at the end tells where it belongs."""
        match = _LAST_CLAUSE.search(self.text, quote.start, quote.end)
        found = after_quote(match["clause"], self.lexicon, paused=False) if match else None
        if match and found and (found.mention.name or found.mention.pronoun):
            return Quoted(quote.start, match.start() + 1, True)
        return quote

    def _opened_up(self, quote: Quoted) -> list[Quoted]:
        """«We are ready, — said Lavrov. — But not today»: Russian print keeps the clause within the marks."""
        pieces, begin = [], quote.start
        for match in _INSIDE.finditer(self.text, quote.start, quote.end):
            if not after_quote(match["clause"], self.lexicon) or not self.lexicon.verbs.search(match["clause"][:80]):
                continue
            if match.start() < begin:
                continue
            pieces.append(Quoted(begin, match.start() + 1, True))
            begin = match.end() if match["more"] else quote.end
        if begin < quote.end:
            pieces.append(Quoted(begin, quote.end, quote.closed))
        return pieces or [quote]

    # One sentence

    def _sentence(self, shown: str, start: int, end: int, quotes: list[Quoted], first: bool, continues: bool) -> None:
        if not quotes:
            self._reported(shown, start, end, [])
            return
        fragments, direct = [], False
        latest: Quotation | None = None
        for number, quote in enumerate(quotes):
            left = quotes[number - 1].end + 1 if number else start
            right = quotes[number + 1].open if number + 1 < len(quotes) else end
            before, after = shown[left : max(left, quote.open)], shown[min(quote.end + 1, right) : right]
            if self.text[quote.end : quote.end + 1] in ",." or not quote.closed:
                after = shown[quote.end : right]
            if quote.end < len(self.text) and shown[quote.end] in " —–":
                after = shown[quote.end : right]
            attribution = self._direct(quote, before, after, number, number + 1 < len(quotes))
            if continues and number == 0 and self.quotations:
                latest = self._continue(quote, attribution, (start, end))
                direct = True
            elif isinstance(attribution, str):  # the press
                self.ignored_last, direct, latest = True, True, None
            elif attribution:
                latest = self._add(quote, attribution, (start, end))
                direct = True
            elif number and latest and self._interrupted(before):
                latest.pieces.append((quote.start, quote.end))
            elif self._stands_alone(before, after):
                latest = self._orphan(quote, (start, end), first)
                direct = True
            else:
                fragments.append(quote)
        if not direct:
            self._fragments(shown, start, end, fragments)

    def _direct(self, quote: Quoted, before: str, after: str, number: int, more: bool) -> Attribution | str | None:
        """Who is said to have said it, if it is a direct quotation; “press” where a reporter asks."""
        if self.lexicon.titles.search(before):
            return None
        lead = before.strip(' "\xa0—–-')
        starts = not lead or bool(_LEAD_IN.search(before))
        length = len(self.text[quote.start : quote.end].split())
        last = self.text[quote.end - 1]
        pause = last in ",?!…—" or after.lstrip()[:1] in (",", "—", "–", "-")
        found = None
        announces_next = more and after.rstrip().endswith(":") and not pause
        if not announces_next and (pause or (not lead and number == 0)) and self._near(after):
            found = after_quote(after, self.lexicon, pause)
        if found and (starts or length >= PARTIAL):
            if starts and lead and not number and length < 3 and not before.rstrip().endswith(":"):
                return None
            return self._unless_press(found)
        if number and not before.rstrip().endswith(":"):
            return None
        ahead = before.rstrip()
        if (
            ahead.endswith((":", ",", "—", "–"))
            or re.search(r"\b(?:that|что)$", ahead)
            or self._ends_in_verb(ahead)
            or self.lexicon.leading.search(ahead)
        ):
            found = before_quote(before, self.lexicon)
            that = bool(re.search(r"\b(?:that|что)$", ahead))
            enough = PARTIAL_AFTER_THAT if that else (1 if ahead.endswith(":") else 2)
            if (
                ahead.endswith(",")
                and length < PARTIAL
                and self.text[quote.start].islower()
                and self.lexicon.code == "en"
            ):
                return None  # “Such a plan, he said, “is no dream”.” The sentence is the reporter's.
            if found and length >= enough and not (ahead.endswith(",") and not self._verb_near_end(ahead)):
                return self._unless_press(found)
            return None
        if length >= PARTIAL and (found := of_sentence(f"{before} {after}", self.lexicon)):
            return self._unless_press(found)
        return None

    def _unless_press(self, found: Attribution) -> Attribution | str:
        press = self.lexicon.press.search(found.mention.office) and not found.mention.name
        return "press" if press else found

    def _near(self, after: str) -> bool:
        """The clause begins with the speaker and the verb, not after half a sentence."""
        verb = self.lexicon.verbs.search(after) or self.lexicon.according.search(after)
        return not verb or len(after[: verb.start()].split()) <= 28

    def _ends_in_verb(self, ahead: str) -> bool:
        return any(match.end() >= len(ahead) - 1 for match in self.lexicon.verbs.finditer(ahead[-40:]))

    def _verb_near_end(self, ahead: str) -> bool:
        """Whether a clause leads up to a quotation, as “Lavrov said in Geneva,” does."""
        if self.lexicon.leading.search(ahead):
            return True
        matches = [*self.lexicon.verbs.finditer(ahead), *self.lexicon.according.finditer(ahead)]
        return bool(matches) and len(ahead[matches[-1].end() :].split()) <= 16

    def _interrupted(self, between: str) -> bool:
        pause = between.rstrip()[-1:] in (",", ".", ":", ";", "—", "–", "-")
        return pause and (len(between.split()) <= 3 or bool(self.lexicon.verbs.search(between)))

    def _stands_alone(self, before: str, after: str) -> bool:
        return not before.strip(" \xa0—–-,") and not after.strip(" \xa0.,;!?…—–-)")

    def _add(self, quote: Quoted, attribution: Attribution, sentence: tuple[int, int]) -> Quotation:
        speaker = self.cast.resolve(attribution)
        made = Quotation([(quote.start, quote.end)], speaker, attribution.verb, sentence)
        self.quotations.append(made)
        self.cast.notice(speaker)
        self.ignored_last = False
        return made

    def _continue(self, quote: Quoted, attribution: Attribution | str | None, sentence: tuple[int, int]) -> Quotation:
        """A quotation that began in the paragraph before."""
        latest = self.quotations[-1]
        latest.pieces.append((quote.start, quote.end))
        if isinstance(attribution, Attribution) and not latest.speaker:
            latest.speaker, latest.verb = self.cast.resolve(attribution), attribution.verb
            self.cast.notice(latest.speaker)
        return latest

    def _orphan(self, quote: Quoted, sentence: tuple[int, int], first: bool) -> Quotation | None:
        """A quotation with no clause of its own goes on from the one before it."""
        if self.ignored_last or not self.quotations:
            if not self.ignored_last and not self.quotations and self.cast.recent and quote.end - quote.start > 20:
                speaker = self.cast.recent[-1]
                self.quotations.append(Quotation([(quote.start, quote.end)], speaker, "", sentence, follows=True))
                return self.quotations[-1]
            return None
        latest = self.quotations[-1]
        if not first:
            latest.pieces.append((quote.start, quote.end))
            return latest
        speaker = self.cast.recent[-1] if self.cast.recent else latest.speaker
        if speaker and len(self.text[quote.start : quote.end].split()) >= 4:
            self.quotations.append(Quotation([(quote.start, quote.end)], speaker, "", sentence, follows=True))
            return self.quotations[-1]
        return None

    # The reporter's own sentences

    def _fragments(self, shown: str, start: int, end: int, fragments: list[Quoted]) -> None:
        unmasked = list(shown)
        for quote in fragments:
            # Titles and phrases are part of what the sentence reports.
            unmasked[quote.start : quote.end] = re.sub(r"[.?!]", ",", self.text[quote.start : quote.end])
        spoken = [quote for quote in fragments if not self.lexicon.titles.search(shown[start : quote.open])]
        self._reported(shown, start, end, spoken)

    def _reported(self, shown: str, start: int, end: int, fragments: list[Quoted]) -> None:
        sentence = shown[start:end].replace(HIDDEN, "x")
        attribution = of_sentence(sentence, self.lexicon)
        if attribution and not isinstance(self._unless_press(attribution), str):
            speaker = self.cast.resolve(attribution)
            if speaker:
                phrases = [(quote.start, quote.end) for quote in fragments]
                self.reports.append(Report(start, end, speaker, attribution.verb, phrases))
                self.cast.notice(speaker)
                self.ignored_last = False
                return
        subject = opening(sentence, self.lexicon)
        if subject.name and (" " in subject.name or self.cast.knows(subject.name)):
            self.cast.notice(self.cast.person(subject))
            self.ignored_last = False
