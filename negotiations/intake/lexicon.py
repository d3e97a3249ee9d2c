"""What reporting words look like in a language: the vocabulary by which a reporter says who said something."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lexicon:
    """One language of wire reports."""

    code: str
    # “said”, “заявил”: what makes a clause an attribution.
    verbs: re.Pattern[str]
    # The same and more: what means speaking when it stands right after a quotation.
    remarks: re.Pattern[str]
    # “by saying:” leads to a quotation of whom the sentence is about.
    leading: re.Pattern[str]
    # Other words for an office, so that “the head of state” is the president.
    synonyms: dict[str, str]
    # What may stand between a speaker and the verb, such as “also” or “later”.
    between: frozenset[str]
    # “he” and the like, with the sex of who is meant where the word tells.
    pronouns: dict[str, str]
    # “minister”: what a speaker may be called instead of by name. Beginnings of words, small letters.
    heads: re.Pattern[str]
    # “ministry”: bodies that speak, and are never meant by a person's name.
    bodies: re.Pattern[str]
    # “statement”: a text that speaks for whoever issued it.
    texts: re.Pattern[str]
    # “diplomat”: called so only after having been named.
    vague: re.Pattern[str]
    # Who asks the questions; what they say is no statement of a party.
    press: re.Pattern[str]
    # Capital letters that begin no name of a person: countries, days, months, agencies, first words of sentences.
    not_names: re.Pattern[str]
    # Small words inside a title of office, such as “of the”.
    joining: frozenset[str]
    # Words after which a capital letter is a place and no speaker.
    prepositions: frozenset[str]
    # “article”, “exercise”: what follows in quotation marks is a title.
    titles: re.Pattern[str]
    # “according to”, “по словам”.
    according: re.Pattern[str]
    # “the official”: one already spoken of. “an official”: somebody new.
    indefinite: frozenset[str]
    # Abbreviations whose full stop ends no sentence.
    abbreviations: re.Pattern[str]
    women: re.Pattern[str]
    women_verbs: re.Pattern[str] | None = None
    particles: frozenset[str] = field(default_factory=frozenset)

    def sex_of(self, name: str) -> str:
        """“f” where a name or title tells that a woman is meant, else unknown."""
        given = name.split()[-2:-1]
        ends_in_a = bool(given) and self.code == "en" and re.search(r"^[A-Z][a-z]+a$", given[0])
        is_woman = ends_in_a and given[0] not in ("Nikita", "Ilya", "Joshua", "Luca", "Sasha", "Ezra", "Kosta", "Seiya")
        return "f" if is_woman or self.women.search(name) else ""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
