"""Pages far larger than any article: what no reader sees goes first, then the rest is cut.

Extraction costs more than the page is long; an article stands in the first megabytes of its page
or nowhere.
"""

from __future__ import annotations

# Characters and tags that are read. The largest live blogs come to half of that.
LONGEST = 2_000_000
MOST_TAGS = 40_000
UNSEEN = (("<script", "</script"), ("<style", "</style"), ("<svg", "</svg"), ("<!--", "-->"))
DATA = "ld+json"


def trimmed(html: str) -> tuple[str, bool]:
    """The page within the limits, and whether something was cut off that may be text."""
    if len(html) <= LONGEST and html.count("<") <= MOST_TAGS:
        return html, False
    if len(html) > LONGEST:
        for opening, closing in UNSEEN:
            html = _without(html, opening, closing)
    end = min(len(html), LONGEST)
    if html.count("<", 0, end) > MOST_TAGS:
        end = _position_of_tag(html, MOST_TAGS)
    if end == len(html):
        return html, False
    return html[: max(html.rfind("<", 0, end), end - 1_000)], True


def _without(html: str, begin: str, end: str) -> str:
    """Without the stretches between two marks; what a page says of itself in JSON-LD stays."""
    lower = html.lower() if html.isascii() else html
    kept: list[str] = []
    place = 0
    while (start := lower.find(begin, place)) >= 0:
        stop = lower.find(end, start)
        if stop < 0:
            break
        tag_end = html.find(">", start)
        is_data = begin == "<script" and DATA in lower[start : max(start, tag_end)]
        kept.append(html[place : stop if is_data else start])
        place = stop if is_data else stop + len(end)
    kept.append(html[place:])
    return "".join(kept)


def _position_of_tag(html: str, number: int) -> int:
    place = -1
    for _ in range(number):
        place = html.find("<", place + 1)
    return place
