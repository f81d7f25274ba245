"""The date that a page shows beside its headline, for pages that declare none.

A page shows many dates: of today, of other articles, of comments, of its copyright. The one of
the article stands alone in a small piece of text, shortly after the headline or right above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from mediawatch.model import DateFound
from mediawatch.text.dates import parse_date

UNSEEN = frozenset({"style", "noscript", "template", "footer", "aside", "option", "title"})
HEADINGS = frozenset({"h1", "h2", "h3"})
COMMENTS = re.compile(r"\bcomments?\b|\bdisqus\b|\brelated\b|\bsidebar\b", re.IGNORECASE)
HAS_YEAR = re.compile(r"(?:19|20)\d{2}|[٢][٠]\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2}\b")
# What stands beside a date on the same line: an author, a place, "read in 3 minutes".
PARTS = re.compile(r"[|•·●—–]|\s[-/]\s")
CHANGED = re.compile(
    r"updat|modifi|edited|aktualisiert|geändert|mis à jour|actualizad|modificat|aggiornat"
    r"|atualizad|bijgewerkt|gewijzigd|обновлен|изменен|оновлен|змінен|تحديث|更新|修订",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved", re.IGNORECASE)
# A script that writes one text into the page: the reader sees what stands in the quotation marks.
WRITTEN_BY_SCRIPT = re.compile(r"\s*[\w.$]{1,40}\(\s*([\"'])([^\"']{6,40})\1\s*\)\s*;?\s*")
MOST_WORDS = 12
MOST_OTHER_WORDS = 5
# Words between the headline and the line that says when, after it and before it.
REACH, REACH_ABOVE = 80, 25
LONGEST_NOTICE, FEW = 300, 20
# Pieces of text that are looked at: the headline of an article stands before them all.
MOST_PIECES = 20_000
EXACT = ("second", "minute", "day")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A date where it stands, in words from the beginning of the page."""

    date: DateFound
    place: int
    changed: bool


def visible_date(
    tree: HtmlElement, titles: Sequence[str], zone: str | None, day_first: bool | None
) -> DateFound | None:
    """When the page says that its article was published, or None.

    ``titles`` are the headline in the spellings known: a heading of that text is where the
    article begins; else the first ``h1`` is.
    """
    shown, headline = _read(tree, titles, zone, day_first)
    published = [one for one in shown if not one.changed]
    if headline is not None:
        after = [one for one in shown if 0 <= one.place - headline <= REACH]
        above = [one for one in published if 0 < headline - one.place <= REACH_ABOVE]
        first = next((one for one in after if not one.changed), None)
        if first or above:
            return (first or above[-1]).date
        if after:
            return after[0].date
    days = {one.date.local_date for one in published}
    below = [one for one in published if headline is None or one.place > headline]
    return below[0].date if below and len(days) == 1 else None


def without_other_dates(tree: HtmlElement) -> HtmlElement:
    """A copy of a page without its foot, its comments, its related articles and copyright."""
    copied = deepcopy(tree)
    around = _around_headings(copied)
    for element in list(copied.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        about = f"{element.get('class') or ''} {element.get('id') or ''}"
        other = element.tag in ("footer", "aside") or COMMENTS.search(about)
        owned = element.tag != "script" and COPYRIGHT.search(element.text or "")
        if (other and element not in around) or (
            owned and len(element) <= FEW and len(element.text_content()) < LONGEST_NOTICE
        ):
            element.drop_tree()
    return copied


def _read(
    tree: HtmlElement, titles: Sequence[str], zone: str | None, day_first: bool | None
) -> tuple[list[_Shown], int | None]:
    """Every date that stands alone, and where the headline ends."""
    known = {bare for title in titles if len(bare := _bare(title)) > 10}
    around = _around_headings(tree)
    shown: list[_Shown] = []
    first_h1: int | None = None
    headline: int | None = None
    place = 0
    label = ""
    for element, text, begins in islice(_texts(tree), MOST_PIECES):
        words = text.split()
        if begins and element.tag in HEADINGS:
            heading = "".join(element.itertext())
            ends = place + len(heading.split())
            if element.tag == "h1" and first_h1 is None:
                first_h1 = ends
            bare = _bare(heading)
            if headline is None and len(bare) > 10 and any(bare in title for title in known):
                headline = ends
        place += len(words)
        date = None if _is_other(element, text, around) else _date_in(words, zone, day_first)
        if date is not None:
            changed = CHANGED.search(f"{label} {text}") is not None
            shown.append(_Shown(date, place, changed))
        label = text if len(words) <= 4 and date is None else ""
    return shown, headline if headline is not None else first_h1


def _texts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str, bool]]:
    """Each piece of text that is seen, with the element whose tag it follows, and whether that
    is the beginning of the element. A heading comes even without text of its own."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            pieces: tuple[str | None, str | None] = (None, element.tail)
        elif element.tag == "script":
            written = WRITTEN_BY_SCRIPT.fullmatch(element.text or "")
            pieces = (written[2] if written else None, element.tail)
        elif element.tag in UNSEEN:
            pieces = (None, element.tail)
        else:
            pieces = (element.text, element.tail)
        for piece, begins in zip(pieces, (True, False), strict=True):
            if (piece and not piece.isspace()) or (begins and element.tag in HEADINGS):
                yield element, piece or "", begins


def _around_headings(tree: HtmlElement) -> frozenset[HtmlElement]:
    """The elements that hold a first heading: none of them is a comment or a side matter."""
    return frozenset(parent for heading in tree.iter("h1") for parent in heading.iterancestors())


def _is_other(element: HtmlElement, text: str, around: frozenset[HtmlElement]) -> bool:
    """Whether a piece belongs to the comments, another article or the foot of the page."""
    if not HAS_YEAR.search(text) or COPYRIGHT.search(text):
        return True
    for parent in (element, *element.iterancestors()):
        if parent.tag in ("footer", "aside"):
            return True
        if parent.tag in ("article", "main", "body") or parent in around:
            return False
        about = f"{parent.get('class') or ''} {parent.get('id') or ''}"
        if COMMENTS.search(about):
            return True
    return False


def _date_in(words: Sequence[str], zone: str | None, day_first: bool | None) -> DateFound | None:
    """The date of a short piece: all of it, a part of its line, its beginning or its end."""
    if len(words) > MOST_WORDS:
        return None
    whole = " ".join(words)
    for part in dict.fromkeys((whole, *(p.strip() for p in PARTS.split(whole)))):
        if found := _exact(part, zone, day_first):
            return found
    for left_out in range(1, min(MOST_OTHER_WORDS, len(words) - 1) + 1):
        for part in (words[:-left_out], words[left_out:]):
            if HAS_YEAR.search(" ".join(part)) and (
                found := _exact(" ".join(part), zone, day_first)
            ):
                return found
    return None


def _exact(text: str, zone: str | None, day_first: bool | None) -> DateFound | None:
    found = parse_date(text, origin="visible text", zone=zone, day_first=day_first)
    return found if found.value is not None and found.precision in EXACT else None


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
