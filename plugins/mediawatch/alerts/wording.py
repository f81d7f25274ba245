"""The words of the mails in the reader's language, and dates as such a reader writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def words(language: str) -> Mapping[str, str]:
    """The words for a reader's language; English for one we do not have."""
    return WORDS.get(language, WORDS["en"])


def count(words: Mapping[str, str], name: str, number: int) -> str:
    """A number with its noun: the word ``<name>_1`` for one, else ``<name>_n`` with ``{n}``."""
    return words[f"{name}_1"] if number == 1 else words[f"{name}_n"].format(n=number)


def day(moment: datetime, language: str) -> str:
    """A day in words, such as ``15 May 2026``; ``moment`` is read as it stands."""
    months = words(language)["months"].split()
    number = "1er" if language == "fr" and moment.day == 1 else str(moment.day)
    return f"{number} {months[moment.month - 1]} {moment.year}"


def moment(when: datetime, zone: str, language: str) -> str:
    """Day, clock and zone for a reader in ``zone``, such as ``15 May 2026, 12:05 CEST``."""
    there = when.astimezone(ZoneInfo(zone))
    name = there.strftime("%Z")
    if not name or name[0] in "+-":
        name = f"UTC{name}"
    return f"{day(there, language)}, {there:%H:%M} {name}"
