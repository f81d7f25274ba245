"""Bylines as lists of names: people only; agencies and desks are no persons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mediawatch.text.markup import visible_line
from mediawatch.text.metadata import Metadata

RULES = "authors-1"
MOST = 20
META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "byl", "cxenseparse:author", "article:author_name")  # fmt: skip
LEAD = re.compile(
    r"^(?:by|von|par|por|di|da|door|текст|автор)(?:\s*:|\s)\s*|^(?:written|reported|story|words|"
    r"analysis|opinion|review|interview|exclusive|text)\s+by\s+|^(?:author|autor|auteur|byline)s?\s*:\s*",
    re.IGNORECASE,
)
SPLIT = re.compile(r"\s*(?:;|\||\n|/|\s[–—-]\s|,?\s+(?:and|und|et|y|e|en|и|und)\s+(?=\S+\s)|&)\s*")
COMMA = re.compile(r"\s*,\s*")
NO_NAME = re.compile(
    r"https?:|www\.|@|\d{3,}|[<>{}\[\]=:]|\b(?:getty|istock|images?)\b", re.IGNORECASE
)
SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
NO_WORDS = re.compile(r"\S+@\S+|\b(?:https?:|www\.)\S+", re.IGNORECASE)
TITLE = re.compile(
    r"\b(?:correspondents?|reporters?|editors?|journalists?|columnists?|contributors?|producer|"
    r"writers?|staff|desk|team|newsroom|bureau|chief|head of|director|professor|lecturer|fellow|"
    r"redaktion|redaktor|redakteurin|rédaction|redacción|redazione|redação|redactie|editorial|"
    r"agenc(?:y|ies)|agencia|agence|press association|online|newsletter|digital|newspaper|media|"
    r"university|ph\.?d\.?|m\.?d\.?|jr\.?|politics|business|sports?|news|admin|administrator)\b",
    re.IGNORECASE,
)
ONLY_TITLE = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "ph.d.", "md", "m.d."})
PLACE = re.compile(r"^(?:in|à|en|aus|uit)\s+\S", re.IGNORECASE)


def page_authors(data: Metadata) -> tuple[str, ...]:
    """The authors that JSON-LD names, else the page's meta elements."""
    named = list(_json_names(data.article.get("author")))
    if not named:
        for key in META:
            named = [v for v in data.all_meta.get(key, []) if not NO_NAME.search(v)]
            if named:
                break
    return names(named)


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order, without "By", job titles, places and addresses."""
    found: dict[str, str] = {}
    for value in values:
        line = NO_WORDS.sub("", visible_line(value[:500]))
        for part in SPLIT.split(LEAD.sub("", line.strip())):
            for name in _people(LEAD.sub("", part or "").strip(" ,.()*•-–—")):
                if SLUG.fullmatch(name):  # the last part of a profile's address
                    name = name.replace("-", " ").title()  # noqa: PLW2901
                found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST]


def _people(part: str) -> list[str]:
    """The names of "A. Smith, B. Jones" or "A. Smith, Washington"."""
    pieces = [piece for piece in COMMA.split(part) if piece]
    if len(pieces) < 2:
        return [part] if _is_name(part) else []
    full = [piece for piece in pieces if " " in piece and _is_name(piece)]
    if full:
        return [p for p in full if not (TITLE.search(p) or PLACE.match(p))] or full[:1]
    # "Smith, Anna" is one name, turned round.
    return [f"{pieces[1]} {pieces[0]}"] if len(pieces) == 2 and all(map(_is_name, pieces)) else []


def _is_name(part: str) -> bool:
    return (
        1 < len(part) <= 60
        and not NO_NAME.search(part)
        and part.casefold() not in ONLY_TITLE
        and len(part.split()) <= 6
        and any(c.isalpha() for c in part)
    )


def _json_names(value: Any) -> Iterable[str]:
    waiting = [value]
    seen = 0
    while waiting and seen < 100:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting[:0] = value[:50]
        elif isinstance(value, dict):
            waiting.insert(0, value.get("name"))
