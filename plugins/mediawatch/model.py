"""Every type that two rooms share, in the order in which an article meets them.

All types are frozen and hold values only. Datetimes are aware and in UTC; offsets are
Unicode code points; texts are NFC and free of NUL and lone surrogates once they have
passed ``text/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

SourceKind = Literal["feed", "sitemap", "page", "folder", "archive"]
FetchPolicy = Literal["never", "short", "always"]
Precision = Literal["second", "minute", "day", "month", "year", "none"]
Relation = Literal["original", "exact", "near", "excerpt", "version"]
# ``reprocess``: the rules changed, not the source.
VersionKind = Literal[
    "first", "completion", "typo", "update", "correction", "headline", "vanished", "reprocess"
]
Cause = Literal[
    "new_article",
    "new_version",
    "late_annotation",
    "alias_edit",
    "merge",
    "split",
    "reprocess",
    "backfill",
    "rebuild",
]
LIVE_CAUSES: frozenset[str] = frozenset({"new_article", "new_version", "late_annotation"})

# --- sources ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who publishes. ``outlet_id`` is a registrable domain or a slug; tier 1 is the largest."""

    outlet_id: str
    name: str
    country: str | None = None
    zone: str | None = None
    locale: str | None = None
    tier: int | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed, sitemap, page, folder or archive that we follow, with its fetch state."""

    source_id: str
    kind: SourceKind
    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    outlet_id: str | None = None
    fetch: FetchPolicy = "short"
    state: str = "new"
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """What the outside said about one item, untouched but decoded, with where we got it.

    ``published`` and ``updated`` are the source's own strings. ``content`` is HTML or plain
    text as ``content_type`` says (``html``, ``text``, ``seed``, ``page``: a whole HTML page).
    """

    entry_id: str
    source_id: str
    item_key: str
    url: str | None = None
    guid: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    content_type: Literal["html", "text", "seed", "page"] = "html"
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    language: str | None = None
    fetched_at: datetime
    body_sha256: str | None = None


# --- text ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFound:
    """A date with its evidence. ``value`` is an instant in UTC; a day is kept at 12:00 UTC."""

    value: datetime | None
    raw: str | None
    local_date: date | None
    precision: Precision
    origin: str
    flags: tuple[str, ...] = ()


NO_DATE = DateFound(value=None, raw=None, local_date=None, precision="none", origin="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One publication of a text as a person would call it: the result of the text stage.

    ``key`` is what is compared (None without an address), ``url`` what is shown.
    ``extractor`` and ``rules`` say what made it. ``outlet_name`` and ``outlet_country`` (two
    letters) are what the page says of its outlet.
    """

    title: str
    body: str
    url: str | None
    key: str | None
    authors: tuple[str, ...]
    agency: str | None
    language: str
    published: DateFound
    modified: DateFound
    event_date: DateFound
    outlet: str | None
    flags: tuple[str, ...]
    text_hash: str
    extractor: str
    rules: Mapping[str, str]
    outlet_name: str | None = None
    outlet_country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An input that is no article: a code of ``errors.REJECTED`` and one sentence."""

    code: str
    message: str


# --- stories ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """What clustering decided of one article. ``of`` is the article it repeats."""

    article_id: str
    story_id: str
    relation: Relation
    of: str | None
    similarity: float


# --- meaning ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place in the text where an actor is named; ``part`` is ``title`` or ``body``."""

    part: Literal["title", "body"]
    start: int
    end: int
    text: str
    actor_id: str
    meant_id: str | None
    kind: str
    name: str
    via: str
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One stretch of quoted speech, without its marks, over the body."""

    start: int
    end: int
    text: str
    kind: Literal["direct", "indirect"]
    speaker_id: str | None
    speaker_name: str | None
    speaker_text: str | None
    reporter: str | None
    cue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what to whom; ``start`` and ``end`` are the place in the body that says it.

    ``kind`` is one of the PLOVER scheme; ``uncertain``: negated, conditional or far apart.
    """

    start: int
    end: int
    source_id: str
    kind: str
    target_id: str
    uncertain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScore:
    """An IPTC Media Topic (``medtop:`` and 8 digits) with a score of 0 to 1."""

    topic_id: str
    label: str
    score: float
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """All that the meaning stage says of one article version."""

    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    topics: tuple[TopicScore, ...] = ()
    relations: tuple[Deed, ...] = ()
    flags: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)


# --- search ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One document of the index: ``fields`` as in the mapping; version is a change number.

    ``fields`` is None for a document that must go (hidden, merged, tombstoned).
    """

    article_id: str
    index: str
    version: int
    fields: Mapping[str, Any] | None


# --- alerts ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One recipient of one watch, and how they want to hear of it."""

    address: str
    language: str = "en"
    zone: str = "UTC"
    mode: Literal["instant", "digest", "both"] = "instant"
    max_per_hour: int | None = None
    quiet: tuple[str, ...] = ()
    digest_times: tuple[str, ...] = ()
    digest_days: tuple[str, ...] = ()
    empty_digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A saved search whose new matches are mailed. ``query`` is as the person wrote it."""

    watch_id: str
    name: str
    owner: str
    query: str
    languages: tuple[str, ...] = ()
    unit: Literal["story", "event"] = "story"
    news: tuple[str, ...] = ("new",)
    active: bool = True
    expires: datetime | None = None
    recipients: tuple[Subscription, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An old and a new sentence, one of them empty where it only went or came.

    The marks are the words that differ, as (start, end) into each.
    """

    old: str
    new: str
    old_marks: tuple[tuple[int, int], ...] = ()
    new_marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Far more stories than usual: in the hour before ``until``, and in the median hour."""

    stories: int
    usual: float
    until: datetime
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a watch matched: where, which sentence, and the marked words' offsets into it.

    ``start`` is the place of the sentence in the title or body. ``speaker`` says who is quoted,
    where the part is a quotation and that is known. ``changes`` are those of a new version.
    """

    part: Literal["title", "lead", "body", "quote", "field"]
    sentence: str
    marks: tuple[tuple[int, int], ...]
    start: int
    clauses: tuple[str, ...]
    speaker: str | None = None
    changes: tuple[Change, ...] = ()
    spike: Spike | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One watch met one story or event, for one cause."""

    watch_id: str
    unit: Literal["story", "event", "watch"]
    unit_id: str
    cause_key: str
    article_id: str
    version_no: int
    reason: Reason
    state: Literal["live", "suppressed"]
    suppressed_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One composed e-mail: the bytes that will be sent, and their ledger key."""

    recipient: str
    kind: Literal["instant", "digest"]
    slot: str
    message_id: str
    subject: str
    content: bytes
