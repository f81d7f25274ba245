"""Pages that are no article: walls, missing pages, sections, empty shells, films without words.

The phrases are data (``walls.toml``), literal, in the default languages. They are looked for only
where a page shows little other text, so that an article about cookies stays one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected
from mediawatch.text.phrasebook import Inside, any_of, plain, read_phrases

_TABLES = read_phrases("walls.toml")
RULES = f"rejections-{_TABLES['version']}"
# Below this many characters the whole text may be furniture; the others are lengths of walls and
# notices. A sign of Chinese or Japanese counts as three letters.
LITTLE = 900
NOTICE, WALL, STUB, WORD = 700, 450, 250, 30
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
CONSENT = any_of(_TABLES["consent"])
ROBOTS = Inside(_TABLES["robots"])
MISSING = Inside(_TABLES["missing"])
FAULT = Inside(_TABLES["fault"])
PAYWALL = Inside(_TABLES["paywall"])
SCRIPTS = Inside(_TABLES["scripts"])
BEGINNING = 600
LOOKED_AT = 4_000
SERVER_FAULT = "The page is an error message of its server, not an article."
FILM = "The page holds a video and no text."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows. ``body`` is what was found as its article; ``page`` the beginning of all
    that it shows (looked at only where the body is shorter than LITTLE). ``closed``: it says that
    it is not free to read; ``stated``: that it is an article; ``film``: that it is a video.
    """

    title: str
    body: str
    page: str
    closed: bool = False
    stated: bool = False
    film: bool = False


def rejection(shown: Shown) -> Rejected | None:
    """Why a page is no article, or None."""
    if _size(shown.body) >= LITTLE:
        return None
    return _notice(shown) or _wall(shown) or _nothing(shown)


def _notice(shown: Shown) -> Rejected | None:
    """A page that says in its headline that it has no article."""
    if _size(shown.body) >= (STUB if shown.stated else NOTICE):
        return None
    title = plain(shown.title)
    if MISSING.search(title):
        return refused("soft_404")
    return Rejected(code="soft_404", message=SERVER_FAULT) if FAULT.search(title) else None


def _wall(shown: Shown) -> Rejected | None:
    """A page that asks for something before it shows its text."""
    size, title, body = _size(shown.body), plain(shown.title), plain(shown.body)
    start = _start(shown)
    if size < (STUB if shown.stated else WALL) and ROBOTS.search(start):
        return refused("bot_wall")
    if _asks_consent(body) or (size < WORD and _asks_consent(start)):
        return refused("consent_wall")
    if size < WALL and PAYWALL.search(f"{title}\n{body}") and _only_asks(shown.body):
        return refused("paywall_empty")
    if size < STUB and SCRIPTS.search(body if size >= WORD else start):
        return refused("script_page")
    return None


def _nothing(shown: Shown) -> Rejected | None:
    """A page without text, by what else it shows."""
    if _size(shown.body) >= WORD:
        return None
    start = _start(shown)
    if shown.closed or PAYWALL.search(start):
        return refused("paywall_empty")
    if shown.film:
        return Rejected(code="not_text", message=FILM)
    if shown.body.strip():
        return None
    return refused("soft_404" if MISSING.search(start[:BEGINNING]) else "empty")


def is_paywall(line: str) -> bool:
    """Whether a short line says that the rest is for those who pay."""
    return len(line) < WALL and PAYWALL.search(plain(line))


def refused(code: str) -> Rejected:
    """A rejection with the sentence of its code."""
    return Rejected(code=code, message=REJECTED[code])


def _start(shown: Shown) -> str:
    return f"{plain(shown.title)}\n{plain(shown.page[:LOOKED_AT])}"


def _asks_consent(text: str) -> bool:
    return len({found.group() for found in CONSENT.finditer(text)}) >= 2


def _only_asks(body: str) -> bool:
    """Whether hardly anything is left of a text without the lines that ask to pay."""
    left = [line for line in body.split("\n\n") if not is_paywall(line)]
    return _size("".join(left)) < STUB


def _size(text: str) -> int:
    return len(text) + 2 * len(WIDE.findall(text))
