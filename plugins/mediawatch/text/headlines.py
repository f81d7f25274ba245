"""The headline of a page: what JSON-LD, OpenGraph, headings and title agree on."""

from __future__ import annotations

import re
from collections import defaultdict

from mediawatch.text.characters import one_line
from mediawatch.text.metadata import Metadata, text_of

RULES = "headlines-1"
# JSON-LD decides unless two others agree on something else.
WEIGHTS = {"json-ld": 2.0, "og": 1.2, "heading": 1.0, "title": 0.9, "twitter": 0.3}
SEPARATOR = re.compile(r"\s+(?:[|•·»«›]|::|[-–—])\s+|\s*\|\s*")
WORDS = re.compile(r"\w+")
# Marks of wire services before a headline: a version's number or kind, in capitals.
PREFIX = re.compile(
    r"^(?:(?:UPDATE|WRAPUP|WRAP UP)\s*\d{0,2}|CORRECTED(?: \([^)]{1,40}\))?|CORRECTION|REFILE|RPT"
    r"|REPEAT|BREAKING(?: NEWS)?|EILMELDUNG|EIL|URGENT|MISE A JOUR)\s*[-–—:]\s*(?=\S)"
)
CUT = re.compile(r"(?:\.\.\.|…)$")


def headline(data: Metadata, site: str | None) -> str:
    """The headline without the site's name, or an empty string. ``site`` is name or domain."""
    found = {
        "json-ld": text_of(data.article.get("headline")) or text_of(data.article.get("name")),
        "og": data.meta.get("og:title", ""),
        "twitter": data.meta.get("twitter:title", ""),
        "title": data.html_title,
    }
    names = {bare(name) for name in (site, data.meta.get("og:site_name")) if name}
    others = [found["json-ld"], *data.headings]
    candidates = [
        (kind, without_site(one_line(text), names, others)) for kind, text in found.items() if text
    ]
    candidates += [("heading", text) for text in _likely(data.headings, [t for _, t in candidates])]
    support: defaultdict[str, float] = defaultdict(float)
    for kind, text in candidates:
        support[bare(text)] += WEIGHTS[kind]
    if not support:
        return ""
    # Of two spellings of the same words the longer one has the marks.
    best = max(support, key=lambda words: support[words])
    return next(text for _, text in candidates if bare(text) == best)


def without_prefix(title: str) -> tuple[str, tuple[str, ...]]:
    """The headline without ``UPDATE 1-`` and the like, and the flag that says so."""
    found = PREFIX.match(title)
    return (title[found.end() :], ("headline_prefix",)) if found else (title, ())


def without_site(title: str, names: set[str], others: list[str]) -> str:
    """A title without the parts that name the site, or that no other title has.

    ``names`` are bare (see :func:`bare`).
    """
    marks = list(SEPARATOR.finditer(title))
    known = {bare(other) for other in others if other}
    if not marks or bare(title) in known:
        return title
    for mark in marks:
        for part in (title[: mark.start()], title[mark.end() :]):
            if bare(part) in known:
                return part
    while marks and _is_name(title[marks[-1].end() :], names):
        title = title[: marks.pop().start()]
    if marks and _is_name(title[: marks[0].start()], names):
        title = title[marks[0].end() :]
    return title


def _is_name(part: str, names: set[str]) -> bool:
    whole = bare(part)
    joined = whole.replace(" ", "")
    return any(
        whole == name
        or joined == name.replace(" ", "")
        or (len(joined) > 3 and joined in name.split())
        for name in names
    )


def _likely(headings: tuple[str, ...], titles: list[str]) -> list[str]:
    """The headings that share most words with a title; the only one where there is one."""
    if len(headings) < 2:
        return list(headings)
    wanted = {word for title in titles for word in WORDS.findall(title.casefold())}
    scored = []
    for heading in headings:
        words = set(WORDS.findall(heading.casefold()))
        scored.append((len(words & wanted), heading))
    best = max(score for score, _ in scored)
    return [next(heading for score, heading in scored if score == best)]


def bare(text: str) -> str:
    """The words of a title alone, to compare it."""
    return " ".join(WORDS.findall(text.casefold()))
