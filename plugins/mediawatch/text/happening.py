"""When the reported thing happened, as the text itself says: "on Thursday (15)", "am Montag".

Only the first paragraph is read, and only against the day of publication: later paragraphs tell
of other days.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from mediawatch.model import NO_DATE, DateFound
from mediawatch.text.dates import WORDS, day

RULES = "happening-1"
ORIGIN = "text"
READ = 600
# Before the weekday: words that turn it into another week or into a habit.
OTHER_WEEK = {
    "en": "last|next|every|each|this coming|by|until|before|since",
    "fr": "chaque|tous les|avant|depuis|jusqu'à|jusqu’à",
    "de": "nächsten|letzten|kommenden|vergangenen|jeden|bis|seit|vor",
    "es": "próximo|pasado|cada|hasta|desde|todos los",
    "it": "prossimo|scorso|ogni|fino a|entro|da",
    "pt": "próxima|próximo|cada|até|desde|todas as",
    "nl": "volgende|vorige|komende|elke|iedere|tot|sinds|vóór",
    "ru": "следующий|прошлый|каждый|до|с",
    "ar": "كل|منذ|حتى|قبل",
    "uk": "наступний|минулий|кожен|до|з",
}
AFTER = {"en": "next|last", "fr": "prochain|dernier", "es": "próximo|que viene|pasado",
         "it": "prossimo|scorso", "pt": "que vem|passad[ao]"}  # fmt: skip


def happened(body: str, language: str, published: DateFound) -> DateFound:
    """The day that the first paragraph names, of precision ``day``, or ``NO_DATE``.

    A day in brackets decides; where it does not fit the weekday beside it the flag
    ``weekday_mismatch`` says so. A weekday alone is the last one up to the day of publication.
    """
    if published.local_date is None or published.precision not in ("second", "minute", "day"):
        return NO_DATE
    pattern = _pattern(language)
    if pattern is None:
        return NO_DATE
    base = published.local_date
    for found in pattern.finditer(body.split("\n\n", 1)[0][:READ]):
        raw = " ".join(found[0].split())
        if found["yesterday"]:
            return day(base - timedelta(days=1), raw=raw, origin=ORIGIN)
        if found["before"] or found["after"]:
            continue
        weekday = _weekdays(language)[found["weekday"].casefold()]
        if found["day"] is None:
            back = (base.isoweekday() - weekday) % 7
            return day(base - timedelta(days=back), raw=raw, origin=ORIGIN)
        named = _day_near(base, int(found["day"]), weekday)
        if named is not None:
            flags = () if named.isoweekday() == weekday else ("weekday_mismatch",)
            return day(named, raw=raw, origin=ORIGIN, flags=flags)
    return NO_DATE


def _day_near(base: date, number: int, weekday: int) -> date | None:
    """The day of that number around ``base``: one that fits the weekday, else the last past one."""
    days = [base + timedelta(days=n) for n in range(1, -31, -1)]
    days += [base + timedelta(days=n) for n in range(2, 15)]
    fitting = [d for d in days if d.day == number]
    for found in fitting:
        if found.isoweekday() == weekday:
            return found
    return fitting[0] if fitting else None


def _weekdays(language: str) -> dict[str, int]:
    words: list[str] = WORDS["weekdays"].get(language, [])
    return {
        word: number
        for number, names in enumerate(words, start=1)
        for word in names.split()
        if len(word) > 4  # "mar", "So", "dom" are other words too
    }


@lru_cache(maxsize=32)
def _pattern(language: str) -> re.Pattern[str] | None:
    if language not in WORDS["weekdays"]:
        return None
    names = "|".join(sorted(map(re.escape, _weekdays(language)), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?P<before>(?:{OTHER_WEEK[language]})\s+)?(?P<weekday>{names})\b"
        rf"(?:\s*\((?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\)"
        rf"|(?P<after>\s+(?:{AFTER.get(language, '(?!)')})\b))?"
        rf"|(?P<yesterday>{WORDS['yesterday'][language]})\b)",
        re.IGNORECASE,
    )
