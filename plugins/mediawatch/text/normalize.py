"""The one function that turns what the outside said into an article, or says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from mediawatch.model import NO_DATE, Article, DateFound, RawEntry, Rejected
from mediawatch.text import (
    agency,
    authors,
    characters,
    dates,
    extraction,
    happening,
    headlines,
    language,
    page_kinds,
    phrases,
    seed,
    urls,
)
from mediawatch.text.extraction import Page, PageText
from mediawatch.text.markup import visible_text
from mediawatch.text.page_dates import NEAR
from mediawatch.text.paragraphs import first_sentence
from mediawatch.text.phrases import without_furniture
from mediawatch.text.rejections import refused

RULES: Mapping[str, str] = {
    "characters": characters.RULES,
    "urls": urls.RULES,
    "dates": dates.RULES,
    "language": language.RULES,
    "agency": agency.RULES,
    "event date": happening.RULES,
}
WORD = re.compile(r"\w+")
FEED_RULES = {"authors": authors.RULES, "phrases": phrases.RULES}
CUT_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\[&hellip;\])$")


@dataclass(frozen=True, slots=True)
class Request:
    """What :func:`article_of` needs, in one value for the worker.

    ``zone`` and ``day_first`` are how the outlet writes times and dates.
    """

    entry: RawEntry
    page: Page | None
    languages: tuple[str, ...]
    zone: str | None = None
    day_first: bool | None = None


def article_of(request: Request) -> Article | Rejected:
    """:func:`article`, called through a worker."""
    return article(
        request.entry,
        request.page,
        languages=request.languages,
        zone=request.zone,
        day_first=request.day_first,
    )


def article(
    entry: RawEntry,
    page: Page | None,
    *,
    languages: Sequence[str],
    zone: str | None = None,
    day_first: bool | None = None,
) -> Article | Rejected:
    """An article of one raw entry and, where there is one, the page behind it."""
    if entry.content_type == "seed":
        return _of_seed(entry, languages)
    if entry.content_type == "page" and page is None:
        page = Page(entry.content, entry.url)
    found = extraction.extract(page, entry.fetched_at, zone, day_first) if page else None
    return _of_feed(entry, found, languages, zone, day_first)


def text_hash(body: str) -> str:
    """The same for two bodies of the same words, whatever their capitals, marks and blanks."""
    return sha256(" ".join(WORD.findall(body.casefold())).encode("utf-8")).hexdigest()


def _of_seed(entry: RawEntry, languages: Sequence[str]) -> Article | Rejected:
    read = seed.read_seed(entry.content)
    if not read.body:
        return refused("empty")
    published = dates.checked(read.published, entry.fetched_at)
    return _finished(
        languages, title=read.title, body=read.body, url=None, people=(),
        published=published, modified=NO_DATE, hint=entry.language, flags=read.flags,
        extractor="seed", rules={"seed": seed.RULES},
    )  # fmt: skip


def _of_feed(
    entry: RawEntry,
    found: PageText | Rejected | None,
    languages: Sequence[str],
    zone: str | None,
    day_first: bool | None,
) -> Article | Rejected:
    page = found if isinstance(found, PageText) else None
    refusal = found if isinstance(found, Rejected) else None
    title = characters.one_line(entry.title)
    body = "" if entry.content_type == "page" else feed_body(entry)
    flags: tuple[str, ...] = ()
    extractor = "feed"
    if page and _words(page.body) >= _words(body):
        title, body, extractor = page.title or title, page.body, page.extractor
        flags = page.flags
    elif page:
        flags = tuple(flag for flag in page.flags if flag in page_kinds.FLAGS)
    elif page is None and (CUT_OFF.search(body) or refusal is not None):
        flags = ("teaser_only",)
        if refusal is not None and refusal.code == "paywall_empty":
            flags = (*flags, "paywalled")
    if not title and not body:
        return refusal or refused("empty")
    title, prefixed = headlines.without_prefix(title)
    if not title:
        title, prefixed = first_sentence(body), (*prefixed, "derived_title")
    said = dates.parse_date(
        entry.published, origin="feed published", zone=zone, day_first=day_first
    )
    updated = dates.parse_date(entry.updated, origin="feed updated", zone=zone, day_first=day_first)
    published = _published(said, page.published if page else NO_DATE)
    modified = updated if updated.value else (page.modified if page else updated)
    address = urls.address(entry.url) if entry.url else None
    return _finished(
        languages, title=title, body=body,
        url=page.url if page and page.url else (address.url if address else None),
        people=authors.names(entry.authors) or (page.authors if page else ()),
        published=dates.checked(published, entry.fetched_at),
        modified=dates.checked(modified, entry.fetched_at),
        hint=(page and page.language) or entry.language, flags=(*flags, *prefixed),
        extractor=extractor, rules=extraction.RULES if page else FEED_RULES,
        outlet=(page.site, page.country) if page else (None, None),
    )  # fmt: skip


def feed_body(entry: RawEntry) -> str:
    """The fuller of content and summary as visible text, without the furniture of feeds."""
    plain = entry.content_type == "text"
    content = characters.clean(entry.content) if plain else visible_text(entry.content)
    body = max(content, visible_text(entry.summary), key=_words)
    return "\n\n".join(without_furniture(body.split("\n\n")))


def _published(feed: DateFound, page: DateFound) -> DateFound:
    """The page's own statement, else the feed's, else what the page lets guess."""
    stated = page.origin.startswith(("json-ld", "meta")) and page.precision in ("second", "minute")
    if feed.value is None:
        return page if page.value else feed
    if page.value is None:
        return feed
    chosen = page if stated else feed
    if abs(page.value - feed.value) > NEAR and "date_conflict" not in chosen.flags:
        return replace(chosen, flags=(*chosen.flags, "date_conflict"))
    return chosen


def _finished(
    languages: Sequence[str],
    *,
    title: str,
    body: str,
    url: str | None,
    people: tuple[str, ...],
    published: DateFound,
    modified: DateFound,
    hint: str | None,
    flags: tuple[str, ...],
    extractor: str,
    rules: Mapping[str, str],
    outlet: tuple[str | None, str | None] = (None, None),
) -> Article:
    found_language = language.detect(f"{title}\n{body}", languages, hint)
    if language.is_mixed(body, found_language, languages):
        flags = (*flags, "mixed_language")
    event = happening.happened(body, found_language, published)
    credited, people = agency.credit(body, people)
    if page_kinds.is_release(body):
        flags = (*flags, "press_release")
    found = urls.address(url) if url else None
    return Article(
        title=title,
        body=body,
        url=url,
        key=found.key if found else None,
        authors=people,
        agency=credited,
        language=found_language,
        published=published,
        modified=modified,
        event_date=event,
        outlet=urls.registrable_domain(url) if url else None,
        flags=tuple(dict.fromkeys((*flags, *published.flags, *modified.flags, *event.flags))),
        text_hash=text_hash(body or title),
        extractor=extractor,
        rules={**RULES, **rules},
        outlet_name=outlet[0],
        outlet_country=outlet[1],
    )


def _words(text: str) -> int:
    return len(WORD.findall(text))
