"""When a page was published and changed, in a stated order of trust.

JSON-LD, meta elements, marked time elements, the address, then htmldate's reading of the rest. A
year alone, a copyright line or a date of the whole site is no date of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import htmldate
from lxml.html import HtmlElement

from mediawatch.model import NO_DATE, DateFound
from mediawatch.text.dates import checked, day, parse_date
from mediawatch.text.metadata import Metadata, text_of

RULES = "page-dates-1"
PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished",
             "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
             "article.published", "article:published", "published_time", "pubdate", "publishdate",
             "publish-date", "publish_date", "dc.date.issued", "dcterms.issued", "dc.date",
             "dcterms.date", "dcterms.created", "date", "article_date_original",
             "originalpublicationdate", "rnews:datepublished", "og:published_time", "ptime",
             "citation_publication_date")  # fmt: skip
MODIFIED = ("article:modified_time", "og:article:modified_time", "datemodified",
            "og:updated_time", "dcterms.modified", "last-modified", "lastmod",
            "revised")  # fmt: skip
MARKED = re.compile(
    r"publish|pubdate|posted|created|timestamp|byline|article|dateline|entry-date", re.IGNORECASE
)
CHANGED = re.compile(r"modif|updat|chang", re.IGNORECASE)
IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-]?(\d{2})[/-]?(\d{2})(?=[/_.-]|$)")
UNSEEN = frozenset({"script", "style", "noscript", "template", "footer", "aside", "option"})
HAS_YEAR = re.compile(r"(?:19|20)\d{2}|[٢][٠]\d{2}")
MOST_WORDS = 12
# Words between a heading and the line that says when.
REACH = 80
# A text may be put online a day before or after what its address or dateline says.
NEAR = timedelta(days=2)


def page_dates(
    data: Metadata, tree: HtmlElement, url: str | None, seen: datetime, zone: str | None
) -> tuple[DateFound, DateFound]:
    """``published`` and ``modified``; conflicts between sources are flagged, not mended."""
    found = list(_published(data, tree, url, zone))
    published = _first(found)
    if published is None:
        published = _written(tree, zone) or _guessed(tree, url, seen) or NO_DATE
    elif any(_conflict(published, other) for other in found):
        published = replace(published, flags=(*published.flags, "date_conflict"))
    modified = _first(list(_modified(data, zone))) or NO_DATE
    return checked(published, seen), checked(modified, seen)


def _published(
    data: Metadata, tree: HtmlElement, url: str | None, zone: str | None
) -> Iterator[DateFound]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield parse_date(text_of(data.article.get(key)), origin=f"json-ld {key}", zone=zone)
    for key in PUBLISHED:
        if key in data.meta:
            yield parse_date(data.meta[key], origin=f"meta {key}", zone=zone)
    times = [element for element in tree.iter("time") if element.get("datetime")]
    for element in times[:50]:
        about = " ".join(
            filter(None, (element.get("itemprop"), element.get("class"), element.get("pubdate")))
        )
        marked = len(times) == 1 or element.get("pubdate") is not None or MARKED.search(about)
        if marked and not CHANGED.search(about):
            yield parse_date(element.get("datetime"), origin="time element", zone=zone)
    if written := IN_ADDRESS.search(url or ""):
        try:
            yield day(date(*map(int, written.groups())), raw=written[0], origin="address")
        except ValueError:
            return


def _modified(data: Metadata, zone: str | None) -> Iterator[DateFound]:
    yield parse_date(text_of(data.article.get("dateModified")), origin="json-ld", zone=zone)
    for key in MODIFIED:
        if key in data.meta:
            yield parse_date(data.meta[key], origin=f"meta {key}", zone=zone)


def _first(found: list[DateFound]) -> DateFound | None:
    usable = (date for date in found if date.precision in ("second", "minute", "day"))
    return next((date for date in usable if date.value is not None), None)


def _conflict(one: DateFound, other: DateFound) -> bool:
    if one.value is None or other.value is None or other.precision in ("month", "year"):
        return False
    return abs(one.value - other.value) > NEAR


def _written(tree: HtmlElement, zone: str | None) -> DateFound | None:
    """The date that stands alone in a small piece of the page, after its heading.

    Lists of other articles carry dates too: only the first one within reach of the heading
    counts, or the only one there is.
    """
    found: list[DateFound] = []
    since_heading: int | None = None
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in UNSEEN:
            continue
        if element.tag == "h1":
            since_heading = 0
        for text in (element.text, element.tail):
            words = (text or "").split()
            if not words:
                continue
            if since_heading is not None:
                since_heading += len(words)
            if len(words) > MOST_WORDS or not HAS_YEAR.search(text or ""):
                continue
            date = parse_date(" ".join(words), origin="visible text", zone=zone)
            if date.value is None or date.precision not in ("second", "minute", "day"):
                continue
            if since_heading is not None and since_heading <= REACH:
                return date
            found.append(date)
    return found[0] if len({date.local_date for date in found}) == 1 else None


def _guessed(tree: HtmlElement, url: str | None, seen: datetime) -> DateFound | None:
    """htmldate's reading of the visible page."""
    try:
        value = htmldate.find_date(
            tree,
            url=url,
            original_date=True,
            extensive_search=False,
            max_date=seen.date().isoformat(),
        )
        found = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC) if value else None
    except (ValueError, TypeError, OverflowError, AttributeError, RecursionError):
        return None  # a page that htmldate cannot read has no date
    return day(found.date(), raw=value, origin="htmldate") if found and value else None
