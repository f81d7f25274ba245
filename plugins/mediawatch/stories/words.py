"""Words, sentences, numbers and names of a text, as the comparing of texts needs them.

Nothing here is shown to people. Everything runs in linear time on any input.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*")
# A sentence ends at a line end, or at a stop that is followed by a blank.
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)\]]*\s+|(?<=[。！？])|\n+")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:\w|\w\.\w|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|Inc|Corp|Ltd|Co"
    r"|vs|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
NUMBER_WORDS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion trillion""".split()  # noqa: SIM905
)
DATE_WORD = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?"
    r"|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
QUOTATION = re.compile(r"“([^”\n]{8,2000})”|«([^»\n]{8,2000})»|\"([^\"\n]{8,2000})\"")


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return WORD.findall(text.casefold())


def sentences(text: str) -> list[str]:
    """The sentences of a text, blanks collapsed; abbreviations end none."""
    found: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        part = text[start : end.start()]
        if "\n" not in end[0] and ABBREVIATION.search(part[-8:].rstrip()):
            continue
        found.append(part)
        start = end.end()
    found.append(text[start:])
    return [" ".join(part.split()) for part in found if part.strip()]


def numbers(text: str) -> list[str]:
    """The numbers of a text, in figures or in English words, ``1,200`` as ``1200``."""
    figures = [found.replace(",", "") for found in NUMBER.findall(text)]
    return figures + [word for word in words(text) if word in NUMBER_WORDS]


@lru_cache(maxsize=100_000)
def is_number(small: str) -> bool:
    """Whether a small-letter word is a number or the name of a day or month."""
    return small[0].isdigit() or small in NUMBER_WORDS or bool(DATE_WORD.fullmatch(small))


def names(sentence: str) -> list[str]:
    """The capitalised words of a sentence but its first: most of them name somebody."""
    found = WORD.findall(sentence)
    return [w for w in found[1:] if w[0].isupper() and (len(w) > 1 or not w.isascii())]


def quotations(text: str) -> list[str]:
    """What stands between quotation marks, as a line of small-letter words."""
    return [" ".join(words("".join(found))) for found in QUOTATION.findall(text)]
