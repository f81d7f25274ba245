"""What the text stage asks of the database: raw entries in, articles and their versions out."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg2.extras import Json

from mediawatch.model import Article, RawEntry, SourceKind
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows

# The advisory lock under which keys are looked up and articles minted: two workers that see the
# same address at the same time make one article.
IDENTITY_LOCK = 7_150_323
LARGEST_PAGE = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEntry:
    """A claimed row of ``raw_entry`` with what is known of its source."""

    entry: RawEntry
    month: date
    source_kind: SourceKind
    source_outlet: str | None
    first_seen_at: datetime
    page_url: str | None
    page_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """A locked row of ``article`` with the text of its current version."""

    article_id: str
    first_seen_at: datetime
    index_month: date
    version_no: int
    intake: str
    tombstoned: bool
    url_key: str | None
    published_at: datetime | None
    published_date: date | None
    title: str
    body: str
    flags: tuple[str, ...]
    text_hash: str
    extractor: str
    seen_at: datetime


def claim_entries(conn: Connection, limit: int) -> list[PendingEntry]:
    """The oldest pending entries that nobody else holds, locked until the transaction ends."""
    return [pending_entry(row) for row in fetch_all(conn, "text/claim_entries", {"limit": limit})]


def pending_entry(row: Mapping[str, Any]) -> PendingEntry:
    """A row of ``raw_entry`` joined with its source."""
    return PendingEntry(
        entry=_raw_entry(row),
        month=row["month"],
        source_kind=row["source_kind"],
        source_outlet=row["source_outlet"],
        first_seen_at=row["first_seen_at"],
        page_url=row["page_url"],
        page_sha256=row["page_sha256"],
    )


def raw_content(conn: Connection, sha256: str) -> tuple[bytes, str | None] | None:
    """The bytes of a fetched page and its Content-Type; None when it is no longer kept.

    More than ``LARGEST_PAGE`` bytes are cut off.
    """
    row = fetch_one(conn, "text/raw_content", {"sha256": sha256})
    if row is None:
        return None
    unpacked = zlib.decompressobj(wbits=31).decompress(bytes(row["content"]), LARGEST_PAGE)
    return unpacked, row["content_type"]


def outlet_places(conn: Connection, outlet_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Zone and locale of the outlets that are known."""
    rows = fetch_all(conn, "text/outlet_places", {"outlet_ids": list(outlet_ids)})
    return {row["outlet_id"]: row for row in rows}


def lock_identity(conn: Connection) -> None:
    """Wait until no other transaction looks up keys or mints articles."""
    execute(conn, "text/lock_identity", {"lock": IDENTITY_LOCK})


def articles_of_keys(conn: Connection, keys: Sequence[str]) -> dict[str, str]:
    """The article of each key that is known."""
    rows = fetch_all(conn, "text/articles_of_keys", {"keys": list(keys)})
    return {row["key"]: row["article_id"] for row in rows}


def lock_articles(conn: Connection, article_ids: Iterable[str]) -> list[KnownArticle]:
    """The articles with their current text, oldest first, locked."""
    rows = fetch_all(conn, "text/lock_articles", {"article_ids": list(article_ids)})
    return [KnownArticle(**{**row, "flags": tuple(row["flags"] or ())}) for row in rows]


def insert_outlet(
    conn: Connection, outlet_id: str, name: str | None = None, country: str | None = None
) -> None:
    """An outlet as its pages describe it; named by its domain until one does.

    What is known of an outlet already is not replaced.
    """
    execute(
        conn,
        "text/insert_outlet",
        {"outlet_id": outlet_id, "name": name or outlet_id, "country": country},
    )


def insert_article(conn: Connection, article: Article, columns: Mapping[str, Any]) -> None:
    """A new article. ``columns``: article_id, outlet_id, first_seen_at, dated_at, dated_origin,
    intake, index_month, cause."""
    execute(conn, "text/insert_article", {**article_columns(article), **columns})


def update_article(conn: Connection, article: Article, columns: Mapping[str, Any]) -> None:
    """A new version in the article's own row. ``columns``: article_id, version_no, outlet_id,
    cause. First seen and effective date never move."""
    execute(conn, "text/update_article", {**article_columns(article), **columns})


def insert_version(conn: Connection, article: Article, columns: Mapping[str, Any]) -> None:
    """One content of an article. ``columns``: article_id, version_no, month, kind, entry_id,
    seen_at."""
    values = {**version_columns(article), "rules": Json(dict(article.rules))}
    execute(conn, "text/insert_version", {**values, **columns})


def insert_keys(conn: Connection, article_id: str, keys: Sequence[str], now: datetime) -> None:
    """Keys by which an article is found from now on; known ones stay where they are."""
    rows = [{"key": key, "article_id": article_id, "now": now} for key in keys]
    insert_rows(conn, "text/insert_keys", rows, "(%(key)s, %(article_id)s, %(now)s)")


def give_keys(conn: Connection, article_id: str, keys: Sequence[str], now: datetime) -> None:
    """Let known keys lead to another article from now on."""
    execute(conn, "text/give_keys", {"article_id": article_id, "keys": list(keys), "now": now})


def moved_article(conn: Connection, article: Article, outlet_id: str) -> str | None:
    """The article of this outlet with this headline, text and time of publication, if any."""
    values = {
        "text_hash": article.text_hash,
        "title": article.title,
        "outlet_id": outlet_id,
        "published_at": article.published.value,
    }
    row = fetch_one(conn, "text/moved_articles", values)
    return None if row is None else str(row["article_id"])


def insert_article_source(conn: Connection, article_id: str, pending: PendingEntry) -> None:
    """That an article stood in a source."""
    values = {
        "article_id": article_id,
        "source_id": pending.entry.source_id,
        "item_key": pending.entry.item_key,
        "first_seen_at": pending.first_seen_at,
    }
    execute(conn, "text/insert_article_source", values)


def set_intake(conn: Connection, article_id: str, intake: str) -> None:
    """How the article came in, as far as alerts care."""
    execute(conn, "text/set_intake", {"article_id": article_id, "intake": intake})


def merge_articles(conn: Connection, survivor: str, merged: str, now: datetime) -> None:
    """Two locked articles are one: keys and sources move, the merged one's document must go."""
    values = {"survivor": survivor, "merged": merged, "now": now}
    execute(conn, "text/move_keys", values)
    execute(conn, "text/move_sources", values)
    execute(conn, "text/mark_merged", values)
    execute(conn, "text/insert_merge_changes", values)


def finish_entry(
    conn: Connection,
    pending: PendingEntry,
    state: str,
    now: datetime,
    *,
    article_id: str | None = None,
    code: str | None = None,
    message: str | None = None,
) -> None:
    """How a raw entry ended: article, version, known or rejected."""
    values = {
        "entry_id": pending.entry.entry_id,
        "month": pending.month,
        "state": state,
        "article_id": article_id,
        "code": code,
        "message": message,
        "now": now,
    }
    execute(conn, "text/finish_entry", values)


def version_columns(article: Article) -> dict[str, Any]:
    """An article as ``article_version`` keeps it, without its rules."""
    return {
        "title": article.title,
        "body": article.body,
        "authors": list(article.authors),
        "agency": article.agency,
        "language": article.language,
        "flags": list(article.flags),
        "text_hash": article.text_hash,
        "extractor": article.extractor,
    }


def article_columns(article: Article) -> dict[str, Any]:
    """What the row of ``article`` holds of an article."""
    return {
        "url": article.url,
        "url_key": article.key,
        "language": article.language,
        "published_at": article.published.value,
        "published_raw": article.published.raw,
        "published_origin": article.published.origin,
        "published_precision": article.published.precision,
        "published_date": article.published.local_date,
        "modified_at": article.modified.value,
        "event_date": article.event_date.local_date,
        "flags": list(article.flags),
    }


def _raw_entry(row: Mapping[str, Any]) -> RawEntry:
    """The entry of a row: its columns, and the fields of its payload."""
    payload = dict(row["payload"])
    for name in ("authors", "categories", "enclosures"):
        payload[name] = tuple(payload.get(name) or ())
    fetched_at = payload.get("fetched_at")
    own = {
        "entry_id": row["entry_id"],
        "source_id": row["source_id"],
        "item_key": row["item_key"],
        "fetched_at": datetime.fromisoformat(fetched_at) if fetched_at else row["first_seen_at"],
    }
    known = {name: payload[name] for name in RawEntry.__dataclass_fields__ if name in payload}
    return RawEntry(**{**known, **own})
