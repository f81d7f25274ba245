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
from mediawatch.text.visible_dates import visible_date, without_other_dates

RULES = "page-dates-2"
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
# How 12/11/2026 is written where the page says its language: the month first in the United States
# and the Philippines, either in other English without a country, else the day.
MONTH_FIRST = frozenset({"en-us", "en-ph"})
EITHER = frozenset({"en", "en-ca", "zh", "ja", "ko", "hu", "fa", "lt"})
# A text may be put online a day before or after what its address or dateline says.
NEAR = timedelta(days=2)


def page_dates(
    data: Metadata,
    tree: HtmlElement,
    url: str | None,
    seen: datetime,
    zone: str | None,
    day_first: bool | None = None,
) -> tuple[DateFound, DateFound]:
    """``published`` and ``modified``; conflicts between sources are flagged, not mended."""
    if day_first is None:
        day_first = day_comes_first(data.language)
    found = list(_published(data, tree, url, zone, day_first))
    published = _first(found)
    if published is None:
        titles = (data.html_title, data.meta.get("og:title", ""), *data.headings[:1])
        published = (
            visible_date(tree, titles, zone, day_first) or _guessed(tree, url, seen) or NO_DATE
        )
    elif any(_conflict(published, other) for other in found):
        published = replace(published, flags=(*published.flags, "date_conflict"))
    modified = _first(list(_modified(data, zone, day_first))) or NO_DATE
    return checked(published, seen), checked(modified, seen)


def day_comes_first(tag: str | None) -> bool | None:
    """How a language writes 12/11/2026: day first, month first (False), or nobody can say."""
    name = (tag or "").strip().replace("_", "-").casefold()
    if name in MONTH_FIRST:
        return False
    if not name or name in EITHER or name.partition("-")[0] in EITHER - {"en"}:
        return None
    return True


def _published(
    data: Metadata,
    tree: HtmlElement,
    url: str | None,
    zone: str | None,
    day_first: bool | None,
) -> Iterator[DateFound]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield parse_date(
            text_of(data.article.get(key)), origin=f"json-ld {key}", zone=zone, day_first=day_first
        )
    for key in PUBLISHED:
        if key in data.meta:
            yield parse_date(data.meta[key], origin=f"meta {key}", zone=zone, day_first=day_first)
    times = [element for element in tree.iter("time") if element.get("datetime")]
    for element in times[:50]:
        about = " ".join(
            filter(None, (element.get("itemprop"), element.get("class"), element.get("pubdate")))
        )
        marked = len(times) == 1 or element.get("pubdate") is not None or MARKED.search(about)
        if marked and not CHANGED.search(about):
            yield parse_date(
                element.get("datetime"), origin="time element", zone=zone, day_first=day_first
            )
    if written := IN_ADDRESS.search(url or ""):
        try:
            yield day(date(*map(int, written.groups())), raw=written[0], origin="address")
        except ValueError:
            return


def _modified(data: Metadata, zone: str | None, day_first: bool | None) -> Iterator[DateFound]:
    yield parse_date(
        text_of(data.article.get("dateModified")), origin="json-ld", zone=zone, day_first=day_first
    )
    for key in MODIFIED:
        if key in data.meta:
            yield parse_date(data.meta[key], origin=f"meta {key}", zone=zone, day_first=day_first)


def _first(found: list[DateFound]) -> DateFound | None:
    usable = (date for date in found if date.precision in ("second", "minute", "day"))
    return next((date for date in usable if date.value is not None), None)


def _conflict(one: DateFound, other: DateFound) -> bool:
    if one.value is None or other.value is None or other.precision in ("month", "year"):
        return False
    return abs(one.value - other.value) > NEAR


def _guessed(tree: HtmlElement, url: str | None, seen: datetime) -> DateFound | None:
    """htmldate's reading of the visible page."""
    try:
        value = htmldate.find_date(
            without_other_dates(tree),
            url=url,
            original_date=True,
            extensive_search=False,
            max_date=seen.date().isoformat(),
        )
        found = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC) if value else None
    except (ValueError, TypeError, OverflowError, AttributeError, RecursionError):
        return None  # a page that htmldate cannot read has no date
    return day(found.date(), raw=value, origin="htmldate") if found and value else None
