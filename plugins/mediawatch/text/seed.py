"""The seed format: a plain text file, its day in front of the first paragraph.

The first line may begin with `` date YYYY-MM-DD ``. That prefix is the date of publication and
never part of title, body or hash. There is no title: the first sentence stands in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from mediawatch.model import NO_DATE, DateFound
from mediawatch.text.characters import clean
from mediawatch.text.dates import day
from mediawatch.text.paragraphs import first_sentence, paragraphs

RULES = "seed-1"
ORIGIN = "seed header"
# After it come a blank, a line break, or nothing: " date 2021-12-160 " is no header.
HEADER = re.compile(r"[\s\ufeff]*date[ \t]+(\d{4})-(\d{2})-(\d{2})(?=\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seed:
    """What a seed says. ``title`` is the first sentence of ``body``."""

    title: str
    body: str
    published: DateFound
    flags: tuple[str, ...]


def read_seed(text: str) -> Seed:
    """Title, body and date of a seed's text. A day that does not exist gives no date."""
    text = clean(text)
    published = NO_DATE
    if header := HEADER.match(text):
        published = _published(header)
        text = text[header.end() :]
    body = "\n\n".join(paragraphs(text))
    flags = ("derived_title", *published.flags)
    return Seed(title=first_sentence(body), body=body, published=published, flags=flags)


def _published(header: re.Match[str]) -> DateFound:
    raw = "-".join(header.groups())
    try:
        return day(date(*map(int, header.groups())), raw=raw, origin=ORIGIN)
    except ValueError:
        return replace(NO_DATE, raw=raw, origin=ORIGIN, flags=("invalid_date",))
