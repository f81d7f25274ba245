"""Dates as sources write them: one string in, an instant with its evidence out.

Read are the spellings of feeds and pages: RFC 822 and 2822 with named zones and two-digit years,
ISO 8601 and its profiles, partial dates, asctime, seconds since 1970, dates in words in the
languages of ``calendar.toml``. What cannot be a date gives no value and ``invalid_date``; a wrong
date is worse than none. The source's own string is always kept.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from mediawatch.model import NO_DATE, DateFound, Precision
from mediawatch.text.zones import read_zone

RULES = "dates-2"
WORDS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("calendar.toml").read_text(encoding="utf-8")
)
# The first newspapers are of 1605: an earlier year is a fault of a program.
FIRST_YEAR = 1605
LONGEST = 120
NOON = time(12)
# The last places on earth to end a day, and the first to begin one.
FIRST_DAWN = timedelta(hours=14)


def _by_word(table: dict[str, list[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for names in table.values():
        for number, words in enumerate(names, start=1):
            for word in words.split():
                found.setdefault(word, number)
    return found


MONTHS = _by_word(WORDS["months"])
WEEKDAYS = _by_word(WORDS["weekdays"])
FILLER = frozenset(WORDS["filler"]["words"].split())

ISO = re.compile(
    r"(?P<y>\d{4})(?:(?P<dash>-?)(?P<m>\d{1,2})(?:(?P=dash)(?P<d>\d{1,2}))?)?"
    r"(?:(?:\s*T\s*|\s+)(?P<clock>\d{1,2}(?:(?::\d{1,2}){1,2}|\d{2}(?:\d{2})?)?)(?:[.,]\d+)?"
    r"\s*(?P<zone>\S.*)?)?",
    re.IGNORECASE,
)
ISO_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?(\d))?", re.IGNORECASE)
EPOCH = re.compile(r"\d{10}(?:\d{3})?")
NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?!\d)")
CLOCK = re.compile(
    r"(?<![\d:./-])(\d{1,2})(?:[:h]|\.(?=\d\d(?:\s|$)))(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*([apAP]\.?[mM]\b\.?|[صم](?:باحا|ساء|باحاً|ساءً|باحًا)?(?!\w))?"
    r"(?:\s*((?:GMT|UTC|Z)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-Z][a-z]+/[A-Z]\w+|[A-Z]{1,5}(?:\d[A-Z]{3})?)(?![\w]))?",
)
COMMENT = re.compile(r"\([^)]*\)\s*$")
CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
WIDE = str.maketrans("：／．－", ":/.-")
# Reiwa 1 is 2019.
REIWA = re.compile(r"令和\s*(\d{1,2}|元)\s*(?=年)")
CJK_WEEKDAY = re.compile(
    r"[(（]\s*(?:[月火水木金土日]|[周週][一二三四五六日])(?:曜日?)?\s*(?:・祝)?\s*[)）]|(?:星期|[周週]|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?"
)
CJK_CLOCK = re.compile(
    r"(午前|午後|上午|下午|凌晨|晚上|中午)?\s*(\d{1,2})\s*[時时点點]\s*(?:(\d{1,2})\s*分)?(?:\s*(\d{1,2})\s*秒)?"
)
AFTERNOON = frozenset({"午後", "下午", "晚上"})
# Names of months in two words, as in Beirut, Damascus and Baghdad.
TWO_WORDS = {"كانون الثاني": "يناير", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر",
             "كانون الأول": "ديسمبر", "كانون الاول": "ديسمبر", "تشرين الاول": "أكتوبر"}  # fmt: skip
TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(slots=True)
class _Parts:
    year: int | None = None
    month: int | None = None
    day: int | None = None
    clock: tuple[int, int, int] | None = None
    seconds: bool = False
    zone: str | None = None
    weekday: int | None = None
    # "mar" is March and mardi, martes, martedì: the other words of the date decide.
    either: str | None = None


def parse_date(
    raw: str | None, *, origin: str, zone: str | None = None, day_first: bool | None = None
) -> DateFound:
    """A date of a source with its evidence, ``NO_DATE`` where there is none.

    ``zone`` (IANA) is where a time without zone was written; without it such a time is read as
    UTC and flagged ``no_zone``. ``day_first`` reads 12/11: without it that is no date.
    """
    if raw is None or not raw.strip():
        return NO_DATE
    nothing = replace(NO_DATE, raw=raw[:LONGEST], origin=origin, flags=("invalid_date",))
    if len(raw) > LONGEST:
        return nothing
    text = _plain_digits(raw)
    try:
        if EPOCH.fullmatch(text):
            instant = datetime.fromtimestamp(int(text[:10]), UTC)
            return _sane(
                DateFound(
                    value=instant,
                    raw=raw,
                    local_date=instant.date(),
                    precision="second",
                    origin=origin,
                )
            )
        parts = _read_iso(text) or _read_words(text, day_first)
        return _sane(_assemble(parts, raw, origin, zone)) if parts else nothing
    except (ValueError, OverflowError):
        return nothing


def day(value: date, *, raw: str, origin: str, flags: tuple[str, ...] = ()) -> DateFound:
    """A date of day precision: kept at 12:00 UTC, never shifted by a zone."""
    return DateFound(
        value=datetime.combine(value, NOON, UTC),
        raw=raw,
        local_date=value,
        precision="day",
        origin=origin,
        flags=flags,
    )


def is_future(found: DateFound, seen: datetime) -> bool:
    """Whether a date lies after ``seen``; a day only if it has begun nowhere on earth."""
    if found.value is None or found.local_date is None:
        return False
    if found.precision in ("second", "minute"):
        return found.value > seen
    return found.local_date > (seen + FIRST_DAWN).date()


def checked(found: DateFound, seen: datetime) -> DateFound:
    """The date, flagged ``future_date`` where it lies after ``seen``."""
    if is_future(found, seen) and "future_date" not in found.flags:
        return replace(found, flags=(*found.flags, "future_date"))
    return found


def effective(published: DateFound, first_seen: datetime) -> tuple[datetime, str]:
    """``dated_at`` and ``dated_origin``: published, or first seen.

    First seen stands in where the source says nothing, less than a day, or a time to come.
    """
    exact = published.precision in ("second", "minute", "day")
    if published.value is None or not exact or is_future(published, first_seen):
        return first_seen, "first_seen"
    return published.value, "published"


def _plain_digits(text: str) -> str:
    text = COMMENT.sub("", text.strip()).replace("\u00a0", " ").strip(" ,;")
    text = "".join(str(unicodedata.decimal(c, c)) for c in text).translate(WIDE)
    if text.isascii():
        return text
    for words, word in TWO_WORDS.items():
        text = text.replace(words, word)
    return _plain_cjk(text) if "年" in text else text


def _plain_cjk(text: str) -> str:
    """A Chinese or Japanese date as ``2026-05-14 10:30``, without its weekday."""
    text = REIWA.sub(lambda m: str(2018 + (1 if m[1] == "元" else int(m[1]))), text)
    text = CJK.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02} ", text)
    return CJK_CLOCK.sub(_plain_clock, CJK_WEEKDAY.sub(" ", text)).strip()


def _plain_clock(found: re.Match[str]) -> str:
    hour = int(found[2])
    hour += 12 if found[1] in AFTERNOON and hour < 12 else 0
    return f" {hour:02}:{int(found[3] or 0):02}" + (f":{int(found[4]):02}" if found[4] else "")


def _read_iso(text: str) -> _Parts | None:
    if week := ISO_WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
        return _Parts(monday.year, monday.month, monday.day)
    found = ISO.fullmatch(text)
    if not found or (found["m"] and not found["dash"] and not re.match(r"\d{8}(?!\d)", text)):
        return None  # 202611 may be anything
    parts = _Parts(int(found["y"]))
    parts.month = int(found["m"]) if found["m"] else None
    parts.day = int(found["d"]) if found["d"] else None
    if clock := found["clock"]:
        if parts.day is None:
            return None
        numbers = clock.split(":") if ":" in clock else re.findall("..", clock.zfill(2))
        hour, minute, second = (*map(int, numbers), 0, 0)[:3]
        parts.clock, parts.seconds, parts.zone = (
            (hour, minute, second),
            len(numbers) > 2,
            found["zone"],
        )
    return parts


def _read_words(text: str, day_first: bool | None) -> _Parts | None:
    parts = _Parts()
    if clock := CLOCK.search(text):
        hour = int(clock[1])
        if clock[4] and hour <= 12:
            hour = hour % 12 + (12 if clock[4][0] in "pPم" else 0)
        parts.clock = (hour, int(clock[2]), int(clock[3] or 0))
        parts.seconds, parts.zone = clock[3] is not None, clock[5]
        end = clock.end()
        word = (clock[5] or "").strip(".").casefold()
        if word in MONTHS or word in WEEKDAYS or word in FILLER:
            parts.zone, end = None, clock.start(5)
        text = f"{text[: clock.start()]} {text[end:]}"
    if numeric := NUMERIC.search(text):
        if not _read_numeric(numeric, parts, day_first):
            return None
        text = f"{text[: numeric.start()]} {text[numeric.end() :]}"
    for token in TOKEN.findall(text):
        if not _read_token(token, parts):
            return None
    if parts.either and parts.month is None:
        parts.month = MONTHS[parts.either]
    elif parts.either:
        parts.weekday = WEEKDAYS[parts.either]
    return parts if parts.year is not None and parts.month is not None else None


def _read_token(token: str, parts: _Parts) -> bool:
    """Take one word or number of a date; False where it has no place in one."""
    word = token.casefold()
    if token.isdigit():
        if len(token) == 4 and parts.year is None:
            parts.year = int(token)
        elif len(token) <= 2 and parts.day is None:
            parts.day = int(token)
        elif len(token) == 2 and parts.year is None:
            parts.year = _full_year(int(token))
        else:
            return False
    elif word in MONTHS and word in WEEKDAYS and parts.either is None:
        parts.either = word
    elif word in MONTHS and parts.month in (None, MONTHS[word]):  # "نيسان / أبريل" is one month
        parts.month = MONTHS[word]
    elif word in WEEKDAYS:
        parts.weekday = WEEKDAYS[word]
    elif parts.clock and parts.zone is None and read_zone(token):
        parts.zone = token
    else:
        return word in FILLER
    return True


def _read_numeric(found: re.Match[str], parts: _Parts, day_first: bool | None) -> bool:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        parts.year, parts.month, parts.day = first, second, third
        return True
    if len(found[1]) == 3 or len(found[4]) in (1, 3):
        return False
    parts.year = third if len(found[4]) == 4 else _full_year(third)
    if found[2] == "." or first > 12:
        day_first = True
    elif second > 12:
        day_first = False
    elif first == second:
        day_first = True
    if day_first is None:
        return False
    parts.day, parts.month = (first, second) if day_first else (second, first)
    return True


def _full_year(short: int) -> int:
    """RFC 2822, 4.3: 00 to 49 are of this century."""
    return short + (2000 if short < 50 else 1900)


def _assemble(parts: _Parts, raw: str, origin: str, zone: str | None) -> DateFound:
    assert parts.year is not None
    precision: Precision = "day" if parts.day else "month" if parts.month else "year"
    local = date(parts.year, parts.month or 1, parts.day if parts.day is not None else 1)
    flags: tuple[str, ...] = ()
    if parts.weekday is not None and parts.day and local.isoweekday() != parts.weekday:
        flags = ("weekday_mismatch",)
    if parts.clock is None or precision != "day":
        return replace(day(local, raw=raw, origin=origin, flags=flags), precision=precision)
    hour, minute, second = parts.clock
    later = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    clock = time(0 if later else hour, minute, min(second, 59) if second == 60 else second)
    given: tzinfo | None = read_zone(parts.zone) if parts.zone else None
    if given is None:
        given = read_zone(zone) if zone else None
        if given is None:
            given, flags = UTC, (*flags, "no_zone")
    local_time = datetime.combine(local, clock, given) + later
    if local_time.utcoffset() != local_time.replace(fold=1).utcoffset():
        # The hour that summer time skips or doubles: the earlier reading, and not a sure one.
        flags = (*flags, "no_zone")
    value = local_time.astimezone(UTC)
    return DateFound(
        value=value,
        raw=raw,
        local_date=local,
        precision="second" if parts.seconds else "minute",
        origin=origin,
        flags=flags,
    )


def _sane(found: DateFound) -> DateFound:
    """No value for the first day of a clock that was never set, or before there was news."""
    assert found.value is not None
    assert found.local_date is not None
    unset = abs(found.value - datetime(1970, 1, 1, tzinfo=UTC)) <= FIRST_DAWN
    if unset or found.local_date.year < FIRST_YEAR:
        return replace(
            NO_DATE, raw=found.raw, origin=found.origin, flags=(*found.flags, "invalid_date")
        )
    return found
