"""The headline of a page: what JSON-LD, OpenGraph, headings and title agree on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mediawatch.text.characters import one_line
from mediawatch.text.metadata import Metadata, text_of

RULES = "headlines-2"
# Three statements of equal worth: what the page shows, what it tells those who share it, what it
# tells machines. The window's title is made for search engines; Twitter's follows OpenGraph.
WEIGHTS = {"og": 1.0, "json-ld": 1.0, "heading": 1.0, "title": 0.6, "twitter": 0.3}
SEPARATOR = re.compile(r"\s+(?:[|•·»«›]|::|[-–—])\s+|\s*\|\s*")
WORDS = re.compile(r"\w+")
# Marks of wire services before a headline: a version's number or kind, in capitals.
PREFIX = re.compile(
    r"^(?:"
    r"(?:UPDATE|WRAP ?UP|ROUND-?UP|ZUSAMMENFASSUNG)\s*\d{0,2}\s*[-–—:/]"
    r"|(?:CORRECTED(?: \([^)]{1,40}\))?|CORRECTION|KORREKTUR|BERICHTIGUNG|REFILE|RPT|REPEAT|WDH"
    r"|BREAKING(?: NEWS)?|EILMELDUNG|EIL|URGENT[EI]?|ALERTE?|FLASH|MISE A JOUR|ACTUALIZACI[OÓ]N"
    r"|ATUALIZA(?:1|ÇÃO)|AGGIORNAMENTO)\s*\d?\s*[-–—:]"
    # Reuters joins the kind of an item to its headline.
    r"|(?:FACTBOX|EXCLUSIVE|ANALYSIS|INSIGHT|TIMELINE|EXPLAINER|INTERVIEW|POLL|BRIEF|PREVIEW|FEATURE"
    r"|COLUMN|FOCUS|TABLE|TEXT|NEWSMAKER|WITNESS|GRAPHIC)-(?=\S)"
    # Asian agencies count the leads.
    r"|\((?:\d(?:st|nd|rd|th) )?(?:LD|LEAD|UPDATE)\)|\d(?:ST|ND|RD|TH) (?:LD|LEAD|UPDATE):?"
    r")\s*(?=\S)"
)
COUNTER = re.compile(r"^\(\d{1,2}\)\s+(?=\S)|(?<=\S)\s+(?:\(\d{1,2}\)|\(?UPDATED?\)?)$")
LIVE = re.compile(r"\bLIVE\b|\b[Ll]ive(?:-?[Tt]icker|[ -]?[Bb]log| [Uu]pdates?)?\s*:")
LABEL_COSTS = 2.5
# A wording within another one that has one word in ten more is said by both.
ALMOST = 0.88
FEW = 4


def headline(data: Metadata, site: str | None) -> str:
    """The headline without the site's name, or an empty string. ``site`` is name or domain."""
    found = {
        "json-ld": text_of(data.article.get("headline")) or text_of(data.article.get("name")),
        "og": data.meta.get("og:title", ""),
        "twitter": data.meta.get("twitter:title", ""),
        "title": data.html_title,
    }
    names = {bare(name) for name in (site, data.meta.get("og:site_name")) if name}
    headings = [heading for heading in data.headings if not _is_name(heading, names)]
    others = [found["json-ld"], *headings]
    said = {
        kind: without_site(one_line(text), names, others) for kind, text in found.items() if text
    }
    if heading := _likely(headings, list(said.values())):
        said["heading"] = heading
    chosen = [said[kind] for kind in WEIGHTS if kind in said]
    return max(chosen, key=lambda text: _support(text, said), default="")


def _support(title: str, said: Mapping[str, str]) -> float:
    """How many say so. A live blog's headline is the one without its label, if there is one."""
    words = bare(title).split()
    agreed = sum(
        WEIGHTS[kind]
        for kind, other in said.items()
        if _says(bare(other).split(), words)
        # To the window's title an outlet adds its sections and names.
        or (kind == "title" and len(words) >= FEW and bare(title) in bare(other))
    )
    return agreed - (LABEL_COSTS if is_live(title) else 0)


def _says(words: list[str], others: list[str]) -> bool:
    """Whether ``words`` hold all of the others in their order, and hardly anything more."""
    left = iter(words)
    return len(words) * ALMOST <= len(others) and all(word in left for word in others)


def is_live(title: str) -> bool:
    """Whether a headline bears the label of a live blog."""
    return LIVE.search(title) is not None


def without_prefix(title: str) -> tuple[str, tuple[str, ...]]:
    """The headline without ``UPDATE 1-``, counters and the like, and the flag that says so."""
    bared = title
    for _ in range(3):  # RPT-UPDATE 2-
        bared = PREFIX.sub("", bared)
    bared = COUNTER.sub("", bared)
    return bared, ("headline_prefix",) if bared != title else ()


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


def _likely(headings: list[str], titles: list[str]) -> str:
    """The heading that shares most words with a title; the first where none does."""
    wanted = {word for title in titles for word in bare(title).split()}
    return max(headings, key=lambda heading: len(wanted & set(bare(heading).split())), default="")


def bare(text: str) -> str:
    """The words of a title alone, to compare it."""
    return " ".join(WORDS.findall(text.casefold()))
