"""Who is meant: surnames to full names, “he” and “the minister” to the person last spoken of."""

import re
from dataclasses import dataclass, replace

from .attribution import Attribution
from .lexicon import Lexicon
from .mentions import Mention, before_verb, is_name, tokens
from .names import nominative

_PATRONYMIC = re.compile(r"(?:вич|вна|ична|\.)$")


@dataclass(frozen=True)
class Speaker:
    """A person by full name and office as the article gives them, or a body or unnamed official by its description."""

    name: str = ""
    office: str = ""
    sex: str = ""
    # The words by which the article referred to them here, where these were not the name.
    resolved_from: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.office)

    @property
    def who(self) -> str:
        return self.name or self.office


class Cast:
    """The people of one article, and who of them was spoken of last."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.recent: list[Speaker] = []
        # The article is searched once for a name, however often the name is spoken.
        self._full_names: dict[str, str] = {}
        self._offices: dict[str, str] = {}

    def notice(self, speaker: Speaker) -> None:
        """Somebody has spoken, or a sentence began with them: “he” now means them."""
        plain = replace(speaker, resolved_from="")
        self.recent = [known for known in self.recent if known.who != plain.who] + [plain]

    def knows(self, surname: str) -> bool:
        return self._full_name(surname) != surname or self._is_surname(surname)

    def resolve(self, attribution: Attribution) -> Speaker:
        mention, woman = attribution.mention, attribution.woman
        if mention.name:
            return self.person(mention, woman)
        if mention.pronoun:
            return self._meant_by_pronoun(mention.pronoun)
        return self._meant_by_description(mention.office, woman)

    def person(self, mention: Mention, woman: bool = False) -> Speaker:
        name = mention.name
        if " " not in name or re.match(r"\w\.", name):
            name = self._full_name(name)
        known = next((one for one in reversed(self.recent) if one.name == name), None)
        office = mention.office or (known.office if known else "") or self._office_of(name)
        sex = "f" if woman or self.lexicon.sex_of(f"{office} {name}") else (known.sex if known else "")
        return Speaker(name, without_article(office), sex)

    def _full_name(self, name: str) -> str:
        if name not in self._full_names:
            self._full_names[name] = self._find_full_name(name)
        return self._full_names[name]

    def _find_full_name(self, name: str) -> str:
        """The fullest form of a surname in the article; a declined given name is put right."""
        surname = name.split()[-1]
        stem = re.escape(surname)
        capital = r"[A-ZА-ЯЁ](?:[\w’'-]+|\.(?:\s?[A-ZА-ЯЁ]\.)*)"
        longest = name
        for match in re.finditer(rf"((?:{capital}\s+){{1,2}}){stem}(?!\w)", self.text):
            given = [word for word in tokens(match[1]) if is_name(word, self.lexicon)]
            inside = list(tokens(match[1]))
            if self.lexicon.code == "ru" and given and not _PATRONYMIC.search(given[-1]):
                given = given[-1:]
            if given and inside[-1] == given[-1] and not self._is_surname(given[-1]):
                full = " ".join([*given, surname])
                # An initial says less than a name.
                if longest == name or ("." in longest and "." not in full):
                    longest = full
        if longest == name and self.lexicon.code == "ru":
            bent = re.search(rf"([А-ЯЁ][а-яё]+)\s+{stem}(?:а|у|ым|ом|е)(?!\w)", self.text)
            if bent and is_name(bent[1], self.lexicon):
                longest = f"{nominative(bent[1])} {surname}"
        return longest

    def _is_surname(self, word: str) -> bool:
        return any(known.name.split()[-1:] == [word] for known in self.recent)

    def _office_of(self, name: str) -> str:
        if name not in self._offices:
            self._offices[name] = self._find_office(name)
        return self._offices[name]

    def _find_office(self, name: str) -> str:
        """What the article calls somebody elsewhere."""
        for match in re.finditer(rf"{re.escape(name)}(?!\w)", self.text):
            before = self.text[max(0, match.start() - 120) : match.end()]
            found = before_verb(re.split(r"[.:;]\s+(?=[A-ZА-ЯЁ])|\n", before)[-1], self.lexicon)
            if found.office and found.name.endswith(name.split()[-1]):
                return found.office
            told = re.match(r",\s+([^,.;:—\n]{4,90}),", self.text[match.end() :])
            if told and any(self.lexicon.heads.match(word) for word in tokens(told[1])):
                return told[1]
        return ""

    def _meant_by_pronoun(self, pronoun: str) -> Speaker:
        sex = self.lexicon.pronouns[pronoun]
        named = [known for known in reversed(self.recent) if known.name]
        fitting = [known for known in named if known.sex == sex] if sex == "f" else []
        # Nothing tells that somebody is a man, so “he” is the last who is not known to be a woman.
        fitting += [known for known in named if not known.sex or not sex]
        if fitting:
            return replace(fitting[0], resolved_from=pronoun)
        # The official has no name in this article, but is who spoke last.
        if self.recent and (last := self.recent[-1]).office and not self._is_body(last.office):
            return replace(last, resolved_from=pronoun)
        return Speaker()

    def _meant_by_description(self, office: str, woman: bool) -> Speaker:
        bare = without_article(office)
        words = [word.lower() for word in tokens(office)]
        new = words[:1] and words[0] in self.lexicon.indefinite
        heads = [word for word in tokens(bare) if self.lexicon.heads.match(word)]
        if any(self.lexicon.texts.match(word) for word in words) and not heads:
            last = self.recent[-1] if self.recent else Speaker()
            return replace(last, resolved_from=office) if last else Speaker(office=bare)
        if new or not heads or self._is_body(bare):
            return Speaker(office=bare)
        head = heads[-1] if self.lexicon.code == "en" else heads[0]
        named = [known for known in reversed(self.recent) if known.name and not (woman and known.sex == "m")]
        called = self._plainly(bare)
        alike = [known for known in named if _shares(head, self._plainly(known.office)) or called != bare.lower()]
        best = max(alike, key=lambda known: _overlap(called, self._plainly(known.office)), default=None)
        if best and _overlap(called, self._plainly(best.office)) >= min(2, len(called.split())):
            return replace(best, resolved_from=office)
        if len(bare.split()) <= 2 and self.lexicon.vague.match(head) and named:
            same_people = head.lower() in (
                "diplomat",
                "official",
                "politician",
                "дипломат",
                "политик",
                "чиновник",
                "собеседник",
            )
            if same_people or (head.lower() in ("negotiator", "envoy", "переговорщик") and not alike):
                return replace(named[0], resolved_from=office)
        return Speaker(office=bare)

    def _plainly(self, office: str) -> str:
        """An office in the words most used for it."""
        plain = office.lower()
        for other, usual in self.lexicon.synonyms.items():
            plain = re.sub(rf"(?<!\w){re.escape(other)}(?!\w)", usual, plain)
        return plain

    def _is_body(self, office: str) -> bool:
        heads = any(self.lexicon.heads.match(word) for word in tokens(office))
        return not heads and bool(self.lexicon.bodies.search(office))


def without_article(office: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", office.strip(), flags=re.IGNORECASE)


def _stem(word: str) -> str:
    return word.lower().removesuffix("s")[:6]


def _shares(head: str, office: str) -> bool:
    return any(_stem(word) == _stem(head) for word in tokens(office))


def _overlap(one: str, other: str) -> int:
    return len({_stem(word) for word in tokens(one)} & {_stem(word) for word in tokens(other)})
