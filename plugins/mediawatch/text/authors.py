"""Bylines as lists of names: people, and the agencies that :mod:`agency` takes out of them.

What a byline says besides ("By", job titles, places, times, addresses, desks) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mediawatch.text.agency import is_agency
from mediawatch.text.markup import visible_line
from mediawatch.text.metadata import Metadata, text_of

RULES = "authors-2"
MOST = 20
META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "byl", "cxenseparse:author", "article:author_name")  # fmt: skip
ADDRESS = re.compile(r"\S+@\S+|(?<!\w)@\w+|\b(?:https?:|www\.)\S*", re.IGNORECASE)
LEAD = re.compile(
    r"^(?:(?:by|von|par|por|di|da|door|автор|текст|текст:|بقلم|كتب)\b(?:\s*[:\uff1a]|\s)\s*"
    r"|(?:written|posted|published|reported|reporting|additional reporting|story|words|analysis"
    r"|opinion|review|interview|exclusive|text)\s+by\s+"
    r"|(?:authors?|autor(?:en|es)?|auteurs?|byline|text|words|texte|texto|testo|written)\s*[:\uff1a]\s*"
    r"|(?:本报|本社|新华社|特约)?(?:记者|記者)\s*[/／:\uff1a]?\s*|文\s*[/／:\uff1a]\s*)",
    re.IGNORECASE,
)
# Others who had a hand in it, and who paid.
HELPERS = re.compile(
    r"^(?:(?:editing|edited|photos?|photographs?|photography|pictures?|video|graphics?|translated"
    r"|illustrations?|compiled|sponsored|presented|produced) by\b"
    r"|(?:fotos?|photos?|bild(?:er)?|video|kamera|redaktion|illustration|摄影|编辑|写真)\s*[:\uff1a])",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[;|\n/()\[\]•·&、]|\s[–—-]\s"
    r"|,?\s(?:and|und|et|y|e|en|и|та|with|avec|mit|con|com)\s+(?=\S+\s|agenc|agentur|[A-ZА-Я]))\s*"
)
COMMA = re.compile(r"\s*[,，]\s*")
AFTER = re.compile(
    r"\s+(?:(?:for|in|at|from|of|à|aus|für)\s+(?=[A-ZÀ-Þ]|the\b)|published\b|updated\b|posted\b"
    r"|\d).*$",
    re.IGNORECASE,
)
# "in" and the like before a small letter are no place.
SMALL = re.compile(r"\s+(?:for|in|at|from|of|à|aus|für)\s+[a-zß-ÿ]")
NO_NAME = re.compile(
    r"\d|[<>{}=:\uff1a?!\"“”]|\b(?:getty|istock|shutterstock|images?\b)", re.IGNORECASE
)
SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
HAN = re.compile(r"[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})+")
# Words of what a person is, and of what is no person.
JOBS = frozenset(
    {
    "correspondent", "correspondents", "reporter", "reporters", "editor", "editors",
    "journalist", "columnist", "contributor", "contributors", "producer", "writer", "writers",
    "director", "professor", "lecturer", "fellow", "senior", "chief", "head", "political",
    "foreign", "special", "guest", "author", "freelance", "anchor", "presenter", "intern",
    "redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporterin", "journaliste",
    "correspondant", "rédacteur", "periodista", "corresponsal", "redactor", "jornalista",
    "repórter", "giornalista", "inviato", "phd", "ph.d", "md", "m.d", "jr", "sr", "ii", "iii",
    "журналист", "корреспондент", "обозреватель", "журналіст", "кореспондент"
    }
)  # fmt: skip
INTRODUCED = frozenset({"by", "von", "par", "por", "di", "da", "door"})
DESKS = frozenset(
    {
    "staff", "desk", "team", "newsroom", "bureau", "board", "agencies", "agency", "agenturen",
    "agencias", "agences", "redaktion", "rédaction", "redacción", "redazione", "redação",
    "redactie", "редакция", "редакція", "editorial", "online", "newsletter", "digital", "media",
    "network", "admin", "administrator", "unknown", "null", "none", "undefined", "anonymous",
    "anonym", "user", "webmaster", "news", "politics", "business", "sports", "sport", "service",
    "press", "wires", "wire", "web", "nachrichten", "nachrichtenagentur", "newspaper",
    "university", "tv", "radio", "team.", "autor", "author", "the", "our", "own", "der", "die",
    "das", "la", "el", "le", "de", "del", "of"
    }
)  # fmt: skip
PAPERS = frozenset(
    {
    "daily", "times", "post", "herald", "mail", "express", "guardian", "telegraph", "standard",
    "tribune", "gazette", "journal", "observer", "today", "mirror", "star", "chronicle",
    "independent", "weekly", "magazine", "zeitung", "tagblatt", "anzeiger", "courier",
    "dispatch", "sentinel", "examiner"
    }
)  # fmt: skip


def page_authors(data: Metadata) -> tuple[str, ...]:
    """The authors that JSON-LD names, else the page's meta elements; the site only if alone."""
    named = list(_json_names(data.article.get("author")))
    for key in META:
        if not named:
            named = [v for v in data.all_meta.get(key, []) if not ADDRESS.search(v)]
    sites = {text_of(data.article.get("publisher")), data.meta.get("og:site_name", "")}
    known = {site.casefold() for site in sites}
    found = names(named)
    people = tuple(name for name in found if is_agency(name) or name.casefold() not in known)
    return people or found


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order, without "By", job titles, places and addresses."""
    found: dict[str, str] = {}
    for value in values:
        line = LEAD.sub("", ADDRESS.sub("", visible_line(value[:500])).strip())
        for part in SPLIT.split(line):
            for name in _people(part):
                found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST]


def _people(part: str) -> list[str]:
    """The names of "A. Smith, B. Jones" or "A. Smith, Washington"."""
    pieces = [_bare(piece) for piece in COMMA.split(part)]
    people = [name for piece in pieces if piece for name in _names(piece)]
    if len(pieces) < 2:
        return people
    if full := [name for name in people if " " in name or is_agency(name)]:
        return full
    # "Smith, Anna" is one name, turned round.
    return [f"{people[1]} {people[0]}"] if len(people) == len(pieces) == 2 else people[:1]


def _names(piece: str) -> list[str]:
    """The names of a piece without commas; more than one where blanks part Chinese ones."""
    if HAN.fullmatch(piece):
        return piece.split()
    if SLUG.fullmatch(piece):  # the last part of a profile's address
        piece = piece.replace("-", " ").title()
    if is_agency(piece):
        return [piece]
    name = _without_job(piece)
    return [_cased(name)] if name and _is_name(name) else []


def _bare(piece: str) -> str:
    """A piece without what introduces a name and what follows it; nothing for helpers."""
    piece = piece.strip(" ,.*•-–—")
    if HELPERS.match(piece):
        return ""
    piece = LEAD.sub("", piece)
    return piece if SMALL.search(piece) else AFTER.sub("", piece).strip(" ,.*•-–—")


def _without_job(name: str) -> str:
    """A name without the job before or after it; nothing where no person is left."""
    words = name.split()
    plain = [word.casefold().strip(".,") for word in words]
    had_job = False
    while plain and plain[-1] in JOBS:
        had_job = True
        words, plain = words[:-1], plain[:-1]
    while had_job and plain and plain[0] in JOBS:
        words, plain = words[1:], plain[1:]
    if not plain or plain[-1] in DESKS or all(word in DESKS | JOBS for word in plain):
        return ""
    return "" if had_job and PAPERS.intersection(plain) else " ".join(words)


def _cased(name: str) -> str:
    """A name in capitals as it is otherwise written."""
    return name.title() if name.isupper() and " " in name and len(name) > 6 else name


def _is_name(part: str) -> bool:
    return (
        1 < len(part) <= 60
        and not NO_NAME.search(part)
        and part.casefold().strip(". ") not in INTRODUCED
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
