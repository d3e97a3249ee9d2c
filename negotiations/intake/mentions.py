"""Who a clause names: a person with or without the office, a body, or only “he” or “the minister”."""

import re
from dataclasses import dataclass

from .lexicon import Lexicon
from .lexicon import words as word_set

_TOKEN = re.compile(r"[^\s,;:()—–\"“”«»\x00]+|[,;:()—–]")
_NAME = re.compile(
    r"^(?:[A-ZÀ-ÝŁŚŻ][\w’'-]*\w|(?:[A-Z]\.)+(?:-?[A-Z]\.)*|[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)*|(?:[А-ЯЁ]\.)+)$"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_PATRONYMIC = re.compile(r"(?:вич|вна|ична|\.)$")
# Ordinary words that a title of office is made of.
_SMALL = word_set(
    "arms foreign defence defense policy press delegation nuclear prime vice control security military missile "
    "disarmament retired same ministry department government embassy committee deputy secretary"
)
# What a title does not begin with, once it is cut out of its sentence.
_DANGLING = word_set("of for and to on at s по и в на при с")


@dataclass(frozen=True)
class Mention:
    """Somebody as a reporter refers to them."""

    name: str = ""
    office: str = ""
    pronoun: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.office or self.pronoun)

    @property
    def surname(self) -> str:
        return self.name.split()[-1] if self.name else ""


def tokens(text: str) -> list[str]:
    found = _TOKEN.findall(text)
    # The full stop of a sentence is no part of a name; that of an initial is.
    return [word if _NAME.match(word) or word == "." else word.rstrip(".!?…") or word for word in found]


def is_name(word: str, lexicon: Lexicon) -> bool:
    if _POSSESSIVE.search(word) and lexicon.code == "en":
        return False
    return bool(_NAME.match(word)) and not lexicon.not_names.match(word) and not lexicon.heads.match(word)


def begins_name(words: list[str], place: int, lexicon: Lexicon) -> bool:
    """A name, and no country before an office: “the Graustark envoy, Peter Aldous”."""
    if not is_name(words[place], lexicon):
        return False
    for word in words[place + 1 : place + 4] if lexicon.code == "en" else ():
        if lexicon.heads.match(word):
            return False
        if word in ",;:—–()" or (word[0].islower() and not _small_in_title(word, lexicon)):
            break
    return True


def before_verb(text: str, lexicon: Lexicon) -> Mention:
    """The subject that ends a stretch of text: “…, Russian Foreign Minister Sergei Lavrov”."""
    words = tokens(text)
    while words and words[-1].lower() in lexicon.between:
        words.pop()
    if not words:
        return Mention()
    if words[-1].lower() in lexicon.pronouns:
        return Mention(pronoun=words[-1].lower())
    if words[-1] == ")" and "(" in words:
        # “Sen. John Doe (R-Ariz.)”
        return before_verb(" ".join(words[: len(words) - 1 - words[::-1].index("(")]), lexicon)
    if words[-1] == ",":
        return _with_apposition(words[:-1], lexicon)
    return _ending(words, lexicon)


def _with_apposition(words: list[str], lexicon: Lexicon) -> Mention:
    """“Anatoly Antonov, director of a department,” and “Russia's foreign minister, Sergei Lavrov,”."""
    commas = [place for place, word in enumerate(words) if word == ","]
    for comma in reversed(commas[-4:]):
        head, told = words[:comma], words[comma + 1 :]
        subject = _ending(head, lexicon)
        if subject.name and told and not (len(told) <= 4 and all(is_name(word, lexicon) for word in told)):
            office = "" if told[0] in ("who", "whose", "which") else " ".join(told).replace(" ,", ",")
            return Mention(subject.name, ", ".join(filter(None, (subject.office, office))))
        if subject.office and told and len(told) <= 4 and all(is_name(word, lexicon) for word in told):
            return Mention(" ".join(told), subject.office)
        if head and head[-1].islower() and 1 < len(told) <= 4 and all(is_name(word, lexicon) for word in told):
            return Mention(" ".join(told))  # “His editor, Jane Alderney,”
    return Mention()


def _ending(words: list[str], lexicon: Lexicon) -> Mention:
    """The name, and the title before it, that end a list of words."""
    start = len(words)
    while start and (is_name(words[start - 1], lexicon) or _inside(words, start, lexicon)):
        start -= 1
    name = words[start:]
    if len(name) > 1 and start and words[start - 1].lower() in ("in", "at", "from", "near"):
        name, start = name[1:], start + 1  # “In Geneva Sergei Lavrov said”
    name = name[-_longest(name, lexicon) :]
    start = len(words) - len(name)
    if name and start > 1 and words[start - 1] in ("and", "и"):
        other = _ending(words[: start - 1], lexicon)
        if other.name:
            return Mention(f"{other.name} {words[start - 1]} {' '.join(name)}", other.office)
    office = _title_before(words, start, lexicon)
    if name:
        return Mention(_bare(" ".join(name)), office)
    return Mention(office=office) if office else Mention()


def _longest(name: list[str], lexicon: Lexicon) -> int:
    """How many words a name can have: in Russian two, with a patronymic three; what stands before is a country."""
    if lexicon.code == "ru" and len(name) > 2 and not _PATRONYMIC.search(name[-2]):
        return 2
    return 3 if lexicon.code == "ru" else 5


def _inside(words: list[str], start: int, lexicon: Lexicon) -> bool:
    """A small word within a name, such as “von”."""
    if start == len(words) or words[start - 1] not in lexicon.particles:
        return False
    before = start - 1
    while before and words[before - 1] in lexicon.particles:
        before -= 1
    return bool(before) and is_name(words[before - 1], lexicon)


def _bare(name: str) -> str:
    return _POSSESSIVE.sub("", name)


def _title_before(words: list[str], start: int, lexicon: Lexicon) -> str:
    """The office, or the body, that stands before a place in a list of words."""
    begin = start
    while begin:
        word = words[begin - 1]
        if word in ",;:()—–" or lexicon.verbs.fullmatch(word):
            break
        known = bool(lexicon.heads.match(word) or lexicon.not_names.match(word) or lexicon.bodies.search(word))
        known = known or bool(lexicon.texts.match(word)) or word.lower() in lexicon.joining or word[0].isupper()
        # An ordinary small word belongs to a title only right before a head: “chief arms negotiator”.
        if not known and not (begin < start and _small_in_title(word, lexicon)):
            break
        begin -= 1
    office = words[begin:start]
    while office and (office[0].lower() in _DANGLING):
        office = office[1:]
    text = " ".join(office)
    has_head = any(lexicon.heads.match(word) or lexicon.texts.match(word) for word in office)
    return text if has_head or lexicon.bodies.search(text) else ""


def _small_in_title(word: str, lexicon: Lexicon) -> bool:
    if lexicon.code == "ru":
        return word.islower() and word.isalpha()
    return word in _SMALL or word.endswith("’s")


def after_verb(text: str, lexicon: Lexicon) -> Mention:
    """The subject that follows a verb: “said Lavrov”, “заявил в среду министр иностранных дел Сергей Лавров”."""
    words = tokens(text)
    place, skipped = 0, 0
    while place < len(words):
        word = words[place]
        if word in ",;:—–()":
            return Mention()
        if word.lower() in lexicon.pronouns:
            return Mention(pronoun=word.lower()) if place < 4 else Mention()
        if begins_name(words, place, lexicon) or _begins_title(words, place, lexicon):
            return _beginning(words, place, lexicon)
        passed_over = word.lower() in lexicon.between | {"the", "a", "an"} or lexicon.not_names.match(word)
        if lexicon.code == "en" and not passed_over:
            return Mention()
        if word.lower() in lexicon.prepositions:
            place = _past_phrase(words, place, lexicon)
            continue
        place, skipped = place + 1, skipped + 1
        if skipped > 6:
            return Mention()
    return Mention()


def _begins_title(words: list[str], place: int, lexicon: Lexicon) -> bool:
    if lexicon.code == "ru":
        return bool(lexicon.heads.match(words[place]) or lexicon.bodies.search(words[place]))
    # In English any word before the head may begin it: “the Kremlin's chief negotiator”.
    for word in words[place : place + 9]:
        if word in ",;:—–()":
            return False
        if lexicon.heads.match(word) or lexicon.bodies.search(word) or lexicon.texts.match(word):
            return True
        known = lexicon.not_names.match(word) or word.lower() in lexicon.joining or word[0].isupper()
        if not known and not _small_in_title(word, lexicon):
            return False
    return False


def _past_phrase(words: list[str], place: int, lexicon: Lexicon) -> int:
    """Beyond “в интервью РИА Новости” or “в Женеве”: small words after a preposition, then a place or an agency."""
    place += 1
    while place < len(words) and words[place][0].islower() and not lexicon.heads.match(words[place]):
        place += 1
    if place < len(words) and words[place][0].isupper():
        agency = bool(lexicon.not_names.match(words[place]))
        place += 1
        while agency and place < len(words) and lexicon.not_names.match(words[place]):
            place += 1
    return place


def _beginning(words: list[str], place: int, lexicon: Lexicon) -> Mention:
    """The title and the name that begin at a place, with what is told after a comma."""
    end = place
    while end < len(words) and words[end] not in ",;:—–()":
        if begins_name(words, end, lexicon):
            break
        if lexicon.code == "en" and words[end].lower() in ("in", "on", "at", "after", "during", "when", "told", "as"):
            break
        if lexicon.code == "ru" and end > place and words[end] in ("на", "в", "со") and not _title_goes_on(words, end):
            break
        end += 1
    office, start = " ".join(words[place:end]), end
    while end < len(words) and (is_name(words[end], lexicon) or words[end] in lexicon.particles) and end - start < 5:
        end += 1
    name = words[start:end]
    extra = len(name) - _longest(name, lexicon)
    if extra > 0 and place < start:
        office, name = f"{office} {' '.join(name[:extra])}", name[extra:]
    while name and name[-1] in lexicon.particles:
        name.pop()
    if not name:
        # “said the Ruritanian envoy, Emil Rassen”, “the chairwoman, Sen. Alice Toms, …”
        rest = words[end + 1 :] if end < len(words) and words[end] == "," else []
        rest = rest[: rest.index(",")] if "," in rest else rest[:5]
        while rest and not is_name(rest[-1], lexicon):
            rest.pop()
        found = _ending(rest, lexicon) if 1 < len(rest) < 6 else Mention()
        return Mention(found.name if " " in found.name else "", office)
    joined = end + 1 < len(words) and words[end] in ("and", "и") and is_name(words[end + 1], lexicon)
    if joined:
        other = _beginning(words, end + 1, lexicon)
        return Mention(f"{' '.join(name)} {words[end]} {other.name}", office)
    if not office and end + 1 < len(words) and words[end] == ",":
        told = []
        for word in words[end + 1 :]:
            if word in ",;:—–(":
                break
            told.append(word)
        if any(lexicon.heads.match(word) for word in told):
            office = " ".join(told)
    return Mention(_bare(" ".join(name)), office)


def _title_goes_on(words: list[str], place: int) -> bool:
    """“представитель России на переговорах Антонов”: what follows the preposition still leads to a name."""
    rest = words[place + 1 : place + 5]
    return any(word[0].isupper() for word in rest[1:]) and "," not in rest


def opening(sentence: str, lexicon: Lexicon) -> Mention:
    """Whom a sentence begins with: “Kerry arrived in Geneva”, “In Geneva, Secretary of State John Kerry met …”."""
    words = tokens(sentence)
    if words and begins_name(words, 0, lexicon):
        return _beginning(words, 0, lexicon)
    for place in range(min(len(words), 12)):
        if _begins_title(words, place, lexicon) and (found := _beginning(words, place, lexicon)).name:
            return found
    return Mention()
