"""Lines of a web page that are no part of the report on it."""

import re

_FURNITURE = re.compile(
    r"subscribe|sign\s+up|log\s?in\b|register\b|newsletter|share\s+(?:this|on|via)|tweet\b|follow\s+us|read\s+(?:more|also)|related\s+(?:stories"
    r"|articles|topics|news)|most\s+(?:read|popular|viewed)|stay\s+tuned|all\s+rights\s+reserved|©|copyright|cookies?\b|privacy\s+policy"
    r"|terms\s+of\s+(?:use|service)|advertis\w+|click\s+here|download\s+(?:the|our)\s+app|comments?\s*\(?\d*\)?$|to\s+participate\s+in\s+the"
    r"|add\s+a\s+comment|leave\s+a\s+comment|print\s+this|e-?mail\s+this|back\s+to\s+top|skip\s+to\s+|enable\s+javascript|your\s+browser"
    r"|loading|newsfeed|see\s+also|more\s+on\s+this|recommended|sponsored|file\s+photo|photo\s*(?:by|:|credit)|getty\s+images|image\s*:"
    r"|reporting\s+by|editing\s+by|writing\s+by|our\s+standards|the\s+latest\s+news|breaking\s+news|opens\s+in\s+new"
    r"|подпис(?:аться|ывайтесь|ка\b)|поделиться|читайте\s+(?:также|нас|ещё|еще)|по\s+теме|смотрите\s+также|комментари(?:и|ев|й)\s*\(?\d*\)?$|войти|войдите"
    r"|зарегистриру\w+|регистрация|все\s+права\s+защищены|реклама|политика\s+конфиденциальности|файлы\s+cookie|наш\s+(?:telegram|телеграм)|лента\s+новостей"
    r"|самое\s+(?:читаемое|важное|популярное)|рекомендуем|фото\s*[:©]|материалы\s+по\s+теме|заголовок\s+открываемого|новости\s+партн[её]ров|ещё\s+по\s+теме",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:file\s+photo|photo|image|video|picture|caption|фото|видео|иллюстрация)\b[\s:.–—-]", re.IGNORECASE
)
_ENDS = re.compile(r"[.?!…:][»”“\"’')\]]*(?:\s*\[\d+\])?$|[.,?!…][»”\"’']+[)\]]?$|[»”\"’][.,]?$|\)$")
# A sentence that speaks of itself with these words is the report; one that begins with them is the page.
_BEGINS = 60


def is_boilerplate(line: str) -> bool:
    """Navigation, buttons, captions, credits: short lines, or ones that begin like page furniture."""
    words = line.split()
    if not words or re.fullmatch(r"[\W\d_]+", line):
        return True
    if re.match(r"^[-–—|]\s*[A-ZА-ЯЁ]\w+(?:\s+[A-ZА-ЯЁ]\w+){0,3}$", line) or _CAPTION.match(line):
        return True
    found = _FURNITURE.search(line)
    if not found:
        return False
    quoted = re.search(r"[\"“„«]", line[: found.start()])
    return not quoted and ((len(words) < 14 and found.start() < _BEGINS) or found.start() < 4)


def is_sentence(line: str, words: int = 3) -> bool:
    return len(line.split()) >= words and bool(_ENDS.search(line.rstrip()))
