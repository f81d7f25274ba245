"""What a publisher asks machines not to do with an answer: in its headers or in its page.

``noindex``, ``noarchive``, ``noai`` of X-Robots-Tag and of meta robots; ``tdm-reservation`` of the
TDM Reservation Protocol. They are recorded with every answer, for whoever decides what may be done.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from mediawatch.sources.charsets import decode

RULES = frozenset({"noindex", "noarchive", "nosnippet", "noai", "noimageai"})
# How this program is addressed; robots of all names count too.
OURS = frozenset({"mediawatch", "*"})
LOOKED_AT = 200_000
META = re.compile(rb"<meta\b[^<>]{1,1000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"""(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)


def opt_outs(
    headers: Mapping[str, str], body: bytes, *, is_reserved: bool = False
) -> tuple[str, ...]:
    """The opt-outs of one answer, sorted; header names are small letters.

    ``is_reserved``: the site reserves text and data mining at this address (see ``tdm_rep``).
    """
    found = set(_of_tag(headers.get("x-robots-tag", "")))
    if is_reserved or headers.get("tdm-reservation", "").strip() == "1":
        found.add("tdm-reservation")
    for name, content in _metas(body[:LOOKED_AT]):
        if name in ("robots", "mediawatch"):
            found.update(_rules(content))
        elif name == "tdm-reservation" and content.strip() == "1":
            found.add("tdm-reservation")
    return tuple(sorted(found))


def _of_tag(value: str) -> Iterator[str]:
    """X-Robots-Tag: rules for all, or after a name and a colon for one robot until the next."""
    for_us = True
    for part in value.split(","):
        robot, colon, rule = part.rpartition(":")
        if colon and robot.strip().lower() not in ("unavailable_after", "max-snippet"):
            for_us = robot.strip().lower() in OURS
        if for_us:
            yield from _rules(rule)


def _rules(text: str) -> Iterator[str]:
    for rule in text.lower().split(","):
        said = rule.strip()
        if said == "none":
            yield "noindex"
        if said in RULES:
            yield said


def _metas(body: bytes) -> Iterator[tuple[str, str]]:
    for tag in META.findall(body):
        said = {
            name.lower(): html.unescape(first or second or third)
            for name, first, second, third in ATTRIBUTE.findall(decode(tag).text)
        }
        yield said.get("name", "").strip().lower(), said.get("content", "")
