"""The reporter's clauses: “Lavrov said”, “according to the ministry”, “— подчеркнул министр”."""

import re
from dataclasses import dataclass

from .lexicon import Lexicon
from .mentions import Mention, after_verb, before_verb, is_name, opening, tokens
from .names import nominative

_EDGE = ' \t\n\xa0,;:—–-"'
_QUOTED_AS = re.compile(r"\bquot(?:ed|es)\s+(?P<who>[^,:;]{3,80}?)\s+as\s+(?:saying|telling)")
_PASSED_ON = re.compile(
    r"(?:цитиру(?:ет|ют)|процитировал[аи]?|(?:приводит|приводят|переда[её]т|передают)\s+слова)\s+(?P<who>[^,:;]{3,80})",
    re.I,
)
_IN_A_TEXT = re.compile(
    r"^(?:говорится|сказано|отмечается|указано|указал[аио]?|подч[её]ркивается|сообщили|заявили|отметили|подчеркнули)\s+"
    r"(?:(?:(?:во?|на)\s+)(?P<text>\w+(?:\s+\w+)*)|(?P<rest>))",
    re.I,
)
_TEXT_OF = re.compile(
    r"^(?P<text>заявлени\w+|сообщени\w+|коммюнике|документ\w*|письм\w+|комментари\w+|послани\w+)\s*(?P<body>.*)$", re.I
)
_BODY_ENDS = re.compile(r"\s(?:по|в|на|от|во|о|об|со|с|для|после|перед|опубликованн\w+|распростран\w+)\s.*$")


@dataclass(frozen=True)
class Attribution:
    """That somebody said it: who, as named in the clause, and by which verb."""

    mention: Mention
    verb: str
    woman: bool = False


def after_quote(clause: str, lexicon: Lexicon, paused: bool = True) -> Attribution | None:
    """The clause that follows a quotation; without a pause between, it is speaker and verb at once."""
    clause = clause.strip(_EDGE)
    if not clause:
        return None
    if paused and (found := _special(clause, lexicon, 40)):
        return found
    verb = lexicon.remarks.search(clause)
    if not verb:
        return None
    left = clause[: verb.start()]
    if len(left.split()) > 28:
        return None
    subject = _subject(left, clause[verb.end() :], lexicon)
    if not paused and left.strip() and (before_verb(left, lexicon) != subject or not _only(subject, left, lexicon)):
        return None
    return _made(subject, verb[0], lexicon)


def before_quote(clause: str, lexicon: Lexicon) -> Attribution | None:
    """The clause that leads to a quotation; the verb nearest to it counts."""
    if found := _special(clause, lexicon, 200):
        return found
    verbs = list(lexicon.remarks.finditer(clause))
    for verb in reversed(verbs):
        if found := _made(_subject(clause[: verb.start()], clause[verb.end() :], lexicon), verb[0], lexicon):
            return found
    if clause.rstrip().endswith(":") or lexicon.leading.search(clause):
        # “Lavrov was blunt:”, “Lavrov ended by saying,”
        subject = opening(clause, lexicon)
        return Attribution(subject, "") if subject.name else None
    return None


def of_sentence(sentence: str, lexicon: Lexicon) -> Attribution | None:
    """Who is reported to have said what a sentence tells. The clause at its end outranks the one at its beginning."""
    bare = sentence.rstrip(" .!?…\n")
    for verb in reversed(list(lexicon.verbs.finditer(bare))):
        comma = max(
            bare.rfind(", ", 0, verb.start()), bare.rfind("— ", 0, verb.start()), bare.rfind("– ", 0, verb.start())
        )
        tail = bare[verb.end() :].split()
        if comma < 0 or len(tail) > 9 or (tail and tail[0].lower() in ("that", "what", "the", "it", "he", "she")):
            continue
        left = bare[comma + 1 : verb.start()].lstrip("—– ")
        inverted = not left.strip() or left.strip().lower() in lexicon.between
        subject = after_verb(bare[verb.end() :], lexicon) if inverted else before_verb(left, lexicon)
        if not subject:
            continue
        told = (lexicon.code == "ru" or subject.name) if inverted else _only(subject, left, lexicon)
        if told and not (lexicon.code == "ru" and re.search(r",\s*что\b", bare[verb.end() :])):
            return _made(subject, verb[0], lexicon)
    if found := _special(bare, lexicon, 60):
        return found
    first = lexicon.verbs.search(bare)
    if first and len(bare[: first.start()].split()) <= 24:
        return _made(_subject(bare[: first.start()], bare[first.end() :], lexicon), first[0], lexicon)
    return None


def _only(subject: Mention, left: str, lexicon: Lexicon) -> bool:
    """Whether a stretch is the subject and little else."""
    said = len(f"{subject.office} {subject.name} {subject.pronoun}".split())
    return bool(said) and len(tokens(left)) - said <= 4


def _subject(left: str, right: str, lexicon: Lexicon) -> Mention:
    stripped = [word for word in tokens(left) if word not in ",;:—–-"]
    empty = not stripped or all(word.lower() in lexicon.between | {"как", "as"} for word in stripped)
    if not empty:
        subject = before_verb(left, lexicon)
        if subject:
            return subject
        if lexicon.code != "ru" and not re.search(r"(?:^|\W)as\s*$", left):
            return Mention()
    return after_verb(right, lexicon)


def _made(subject: Mention, verb: str, lexicon: Lexicon) -> Attribution | None:
    if not subject:
        return None
    woman = bool(lexicon.women_verbs and lexicon.women_verbs.search(verb))
    return Attribution(subject, " ".join(verb.split()), woman)


def _special(clause: str, lexicon: Lexicon, within: int) -> Attribution | None:
    """Turns of phrase in which the speaker is no subject of the verb."""
    if match := lexicon.according.search(clause[: within + 20]):
        who = after_verb(clause[match.end() :], lexicon)
        if lexicon.code == "ru":
            who = _in_nominative(clause[match.end() :], who, lexicon)
        if who and match.start() <= within:
            return Attribution(who, " ".join(match[0].split()).lower())
    if lexicon.code == "en":
        if (match := _QUOTED_AS.search(clause)) and (who := before_verb(match["who"], lexicon)):
            return Attribution(who, "quoted as saying")
        return None
    if re.match(r"(?:по\s+)?(?:его|е[её])\s+(?:словам|слова)", clause.strip(_EDGE), re.I) or re.match(
        r"по\s+(?:его|е[её])\s+(?:словам|мнению)", clause.strip(_EDGE), re.I
    ):
        pronoun = "она" if re.search(r"\bе[её]\b", clause[:12], re.I) else "он"
        return Attribution(Mention(pronoun=pronoun), "по словам")
    if match := _PASSED_ON.search(clause):
        who = _in_nominative(match["who"], after_verb(match["who"], lexicon), lexicon)
        if re.match(r"(?:его|е[её])\b", match["who"], re.I):
            who = Mention(pronoun="он" if match["who"].lower().startswith("его") else "она")
        if who:
            return Attribution(who, match[0].split()[0].lower())
    if (match := _IN_A_TEXT.match(clause.strip(_EDGE))) and match["text"]:
        text = _TEXT_OF.match(match["text"])
        body = text["body"] if text else match["text"]
        body = _BODY_ENDS.sub("", f" {body} ").strip()
        if body and (
            lexicon.bodies.search(body.split()[0])
            or lexicon.bodies.search(body)
            or lexicon.not_names.match(body.split()[0])
        ):
            return Attribution(Mention(office=nominative(body)), match[0].split()[0])
        if text and not body:
            return Attribution(Mention(office=text["text"]), match[0].split()[0])
    return None


def _in_nominative(text: str, who: Mention, lexicon: Lexicon) -> Mention:
    """“по словам Сергея Лаврова”: the name as it stands in a list of people."""
    words = tokens(text)
    if not words:
        return Mention()
    if words[0].lower() in ("его", "её", "ее"):
        if words[1:] and lexicon.heads.match(words[1]):
            # “по словам его помощника”: whoever that is, it is not he.
            return Mention(office=nominative(words[1]))
        return Mention(pronoun="он" if words[0].lower() == "его" else "она")
    if who.name:
        return Mention(" ".join(nominative(part) for part in who.name.split()), who.office)
    if who.office:
        return Mention(office=nominative(who.office))
    if is_name(words[0], lexicon):
        return Mention(nominative(words[0]))
    return Mention()
