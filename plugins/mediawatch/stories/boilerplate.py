"""What is left of a text without credits, datelines and the lines that sites put on everything.

Only for comparing: the text that people see keeps every word.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from hashlib import sha256

from mediawatch.stories.words import sentences, words

LONGEST_LINE = 600  # a longer sentence or paragraph is never boilerplate
# Where an outlet puts its own lines: among the first and last paragraphs of a text.
FIRST, LAST = 2, 4

DATELINE = re.compile(
    r"^\W{0,3}[A-ZÀ-Þ][\w .,'’/-]{0,60}?(?:\((?:[A-Z][\w .]{1,20})\)\s*[-–—:]{1,2}"
    r"|,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]* \d{1,2}\s*[-–—]{1,2})\s*"
    r"|^[A-ZÀ-Þ][A-ZÀ-Þ .,'’-]{2,40}\s[-–—]{1,2}\s"
)
# For sentences in small letters.
AGENCY = r"(?:reuters|ap|afp|dpa|ansa|efe|xinhua|tass|interfax|pti|ians|bloomberg|agency|agencies)"
CREDIT = re.compile(
    r"\W*(?:(?:additional )?(?:reporting|writing|editing|compiled|edited|written|translated)"
    r"(?: and (?:reporting|writing|editing))? by\b"
    rf"|with (?:reporting|files|input|inputs) (?:by|from)\b|{AGENCY}\W*$"
    rf"|(?:source|quelle|fuente|fonte): ?{AGENCY}\W*$"
    r"|(?:©|\(c\)|copyright\b)"
    r"|this (?:story|article|version) (?:corrects|has been corrected|was corrected|updates|has been"
    r" updated)\b"
    r"|(?:read|see|watch|listen|more|also|related)(?: more| also| now)?: )"
)
ON_EVERYTHING = re.compile(
    r"\b(?:all rights reserved|sign up (?:to|for) (?:our|the)|subscribe (?:to|now)"
    r"|(?:our|daily|weekly) newsletters?|follow us on|download our app"
    r"|(?:privacy|cookie) (?:policy|notice|settings)|terms (?:of use|and conditions)"
    r"|(?:we|site|website|partners) uses? cookies|(?:accept|reject|manage) (?:all )?cookies"
    r"|may not be (?:published|reproduced)|click here|to your inbox"
    r"|cookies (?:verwenden|akzeptieren)|wir verwenden cookies|nous utilisons des cookies"
    r"|tous droits réservés|alle rechte vorbehalten|politique de confidentialité|lire aussi"
    r"|appeared first on)\b"
)


def core_text(body: str) -> str:
    """The body without dateline, agency credits and site-wide lines, one sentence a line."""
    on_everything = ON_EVERYTHING.search(body.lower()) is not None
    kept = [
        sentence
        for sentence in sentences(body)
        if len(sentence) > LONGEST_LINE
        or not _is_boilerplate(sentence.lower(), on_everything=on_everything)
    ]
    if kept:
        kept[0] = DATELINE.sub("", kept[0], count=1)
    return "\n".join(kept)


def outlet_lines(body: str) -> list[int]:
    """Hashes (signed, 64 bits) of the paragraphs of a body that may be its outlet's own lines."""
    return [line for line in _lines(body) if line is not None]


def without_lines(body: str, known: Collection[int]) -> str:
    """The body without the lines that its outlet puts on everything; never without all."""
    lines = _lines(body) if known else []
    if not any(line in known for line in lines):
        return body
    pairs = zip(_paragraphs(body), lines, strict=True)
    return "\n\n".join(paragraph for paragraph, line in pairs if line not in known) or body


def _paragraphs(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def _lines(body: str) -> list[int | None]:
    """For each paragraph its hash, or None where it cannot be a line of the outlet."""
    paragraphs = _paragraphs(body)
    ends = {*range(FIRST), *range(len(paragraphs) - LAST, len(paragraphs))}
    return [
        _hashed(paragraph) if place in ends and len(paragraph) <= LONGEST_LINE else None
        for place, paragraph in enumerate(paragraphs)
    ]


def _hashed(paragraph: str) -> int:
    told = " ".join(words(paragraph)).encode("utf-8", "replace")
    return int.from_bytes(sha256(told).digest()[:8], "big", signed=True)


def _is_boilerplate(sentence: str, *, on_everything: bool) -> bool:
    """``on_everything``: whether any sentence may be such a line."""
    if CREDIT.match(sentence):
        return True
    return on_everything and ON_EVERYTHING.search(sentence) is not None
