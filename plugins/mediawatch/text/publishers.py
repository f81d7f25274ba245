"""Who publishes a page: the name that it gives itself, and the country of its address.

Both only describe an outlet that nobody described: what a person wrote down is never replaced.
"""

from __future__ import annotations

import re
from typing import Any

from mediawatch.text.characters import one_line
from mediawatch.text.headlines import bare
from mediawatch.text.metadata import Metadata, text_of

RULES = "publishers-1"
LONGEST = 60
NO_NAME = re.compile(r"https?:|www\.|[|<>{}@]|\bhome ?page\b", re.IGNORECASE)
# Country domains that are sold to all the world.
SOLD = frozenset({"ai", "am", "cc", "co", "fm", "gg", "gl", "im", "io", "is", "la", "li", "ly",
                  "me", "mn", "mu", "nu", "pm", "ps", "sc", "sh", "so", "st", "su", "to", "tv",
                  "vc", "vg", "ws"})  # fmt: skip
CODE = re.compile(r"[A-Z]{2}")
OTHERS = {"uk": "GB", "eu": None}


def site_name(data: Metadata) -> str | None:
    """How a page names its site: OpenGraph, else the publisher of JSON-LD."""
    stated = (
        data.meta.get("og:site_name", ""),
        text_of(data.article.get("publisher")),
        data.meta.get("application-name", ""),
    )
    for given in stated:
        name = one_line(given)
        if name and len(name) <= LONGEST and not NO_NAME.search(name) and not _is_title(name, data):
            return name
    return None


def country(data: Metadata, domain: str | None) -> str | None:
    """Two letters (ISO 3166) of the publisher's stated address, else of a country's domain."""
    publisher = _first(data.article.get("publisher"))
    address = _first(publisher.get("address")) if isinstance(publisher, dict) else None
    stated = text_of(address.get("addressCountry")) if isinstance(address, dict) else ""
    if CODE.fullmatch(stated):
        return stated
    last = domain.rpartition(".")[2] if domain else ""
    if len(last) != 2 or last in SOLD:
        return None
    return OTHERS[last] if last in OTHERS else last.upper()


def _is_title(name: str, data: Metadata) -> bool:
    return bare(name) == bare(data.meta.get("og:title", ""))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value
