"""Names as they are listed: from a declined Russian form to the nominative, and from Cyrillic letters to Latin ones.

Rules of thumb for the surnames and offices of this record, good enough to propose; the editor confirms.
"""

import re

# The ending of an oblique case, and what stands for it in the nominative. The first that fits is taken.
_ENDINGS = [
    (r"(ов|ев|ёв|ин|ын)(?:ым|ом|а|у|е)$", r"\1"),
    (r"(ов|ев|ёв|ин|ын)(?:ой|ою)$", r"\1а"),
    (r"(с|ц)к(?:ого|ому|им|ом)$", r"\1кий"),
    (r"(с|ц)кой$", r"\1кая"),
    (
        r"^(Серге|Алексе|Андре|Матве|Никола|Евгени|Юри|Дмитри|Анатоли|Васили|Георги|Григори|Валери|Аркади|Геннади)"
        r"(?:я|ю|ем|е|и)$",
        r"\1й",
    ),
    (r"^(Игор)(?:я|ю|ем|е)$", r"\1ь"),
    (r"^(Мари)(?:и|ю|ей)$", r"\1я"),
    (
        r"^(Александр|Владимир|Михаил|Иван|Виктор|Борис|Олег|Константин|Антон|Леонид|Павл|Петр|Пётр|Джон|Марк|Роберт"
        r"|Фёдор|Федор|Степан)(?:а|у|ом|е)$",
        r"\1",
    ),
    (r"^Павл$", "Павел"),
    (r"^([Мм])инистра(?!\w)", r"\1инистр"),
    (r"^([Гг])лавы(?!\w)", r"\1лава"),
    (r"^([Пп])резидента(?!\w)", r"\1резидент"),
    (r"^([Дд])ипломата$", r"\1ипломат"),
    (r"^([Пп])осла(?!\w)", r"\1осол"),
    (r"^([Пп])редставителя(?!\w)", r"\1редставитель"),
    (r"^([Сс])екретаря(?!\w)", r"\1екретарь"),
    (r"^([Зз])аместителя(?!\w)", r"\1аместитель"),
    (r"^([Дд])иректора(?!\w)", r"\1иректор"),
    (r"^([Зз])амминистра$", r"\1амминистра"),
    (r"^Кремл[яею]$", "Кремль"),
    (r"^МИДа$", "МИД"),
    (r"^Госдепа$", "Госдеп"),
    (r"^Госдепартамент(?:а|е|у)(?!\w)", "Госдепартамент"),
    (r"^Пентагон(?:а|е|у)$", "Пентагон"),
    (r"^Бело(?:го|м) доме?а?(?!\w)", "Белый дом"),
    (r"^([Мм])инистерств(?:а|е|у)(?!\w)", r"\1инистерство"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), replacement) for pattern, replacement in _ENDINGS]

_LETTERS = dict(
    re.findall(
        r"(\w)=(\w*)",
        "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p "
        "р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya "
        "і=i ї=i є=e ґ=g ў=u ә=a ұ=u ү=u қ=k ң=n ғ=g ө=o һ=h",
    )
)
# Several ways of writing one sound in Latin letters; names are compared by the plainest.
_PLAINER = [
    ("iy", "i"), ("yi", "i"), ("ij", "i"), ("ey", "ei"), ("ay", "ai"), ("oy", "oi"), ("yy", "i"), ("yo", "e"),
    ("ye", "e"), ("je", "e"), ("ie", "e"), ("ks", "x"), ("w", "v"), ("y", "i"), ("j", "i"), ("ii", "i"), ("’", ""),
    ("'", ""), ("tch", "ch"), ("sch", "shch"), ("ou", "u"), ("ff", "f"),
]  # fmt: skip


def nominative(word: str) -> str:
    for pattern, replacement in _COMPILED:
        changed, times = pattern.subn(replacement, word)
        if times:
            return changed
    return word


def latin(name: str) -> str:
    """A name by the sound of its letters, so that Лавров, Lavrov and Lavroff are one."""
    text = "".join(_LETTERS.get(letter, letter) for letter in name.lower())
    for written, plainer in _PLAINER:
        text = text.replace(written, plainer)
    text = re.sub(r"([oe])f\b", r"\1v", text)  # Lavroff
    return re.sub(r"[^a-z .-]", "", text)
