"""Sitemap indexes: their sitemaps are noted when the index is read, then read one by one."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from mediawatch.errors import FETCH, REJECTED, ServiceError
from mediawatch.model import RawEntry, Rejected
from mediawatch.pipeline.bodies import keep_bodies
from mediawatch.pipeline.context import Context
from mediawatch.sources.feeds import raw_entry
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult, Limits
from mediawatch.sources.formats import PARSERS, Asked, first_state
from mediawatch.sources.items import Feed, Part
from mediawatch.sources.sitemaps import LIMITS, w3c_moment
from mediawatch.storage import archives, sources
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import NewEntry
from mediawatch.text.worker import Worker

PARTS_AT_ONCE = 20
LEASE = timedelta(minutes=30)
# So many sitemaps of one index are read at its first reading, and so many that changed later.
MOST_AT_ONCE = 20
DEEPEST = 2  # an index of indexes of sitemaps, and no further
ATTEMPTS = 3
FIRST_WAIT = timedelta(minutes=10)
NO_DATE = datetime.min.replace(tzinfo=UTC)


def note_parts(ctx: Context, source_id: str, parts: tuple[Part, ...], depth: int = 1) -> None:
    """Note the sitemaps of an index; the newest of them are to be read next.

    Years of sitemaps are not read at once: those beyond the newest are noted as the past.
    """
    if not parts:
        return
    is_past = depth == 1 and not archives.has_parts(ctx.conn, source_id)
    newest_first = sorted(
        enumerate(parts),
        key=lambda found: (w3c_moment(found[1].changed) or NO_DATE, found[0]),
        reverse=True,
    )
    archives.put_parts(
        ctx.conn,
        (
            {
                "source_id": source_id,
                "url": part.url,
                "depth": depth,
                "changed": part.changed,
                "is_past": is_past,
                "next_fetch_at": ctx.now if place < MOST_AT_ONCE else None,
            }
            for place, (_, part) in enumerate(newest_first)
        ),
    )


def read_parts(ctx: Context, worker: Worker) -> Counter[str]:
    """Read every sitemap of an index that is due; how many were read, failed, and brought."""
    counts: Counter[str] = Counter()
    while True:
        with transaction(ctx.conn):
            claimed = archives.claim_parts(ctx.conn, ctx.now, ctx.now + LEASE, PARTS_AT_ONCE)
        if not claimed:
            return counts
        for row, result in asyncio.run(_fetch_all(ctx, claimed)):
            counts.update(_keep_part(ctx, worker, row, result))


async def _fetch_all(
    ctx: Context, rows: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], FetchResult]]:
    async with Fetcher(ctx.settings, ctx.now, Limits(size=LIMITS)) as fetcher:
        results = await asyncio.gather(
            *(
                fetcher.fetch(row["url"], etag=row["etag"], last_modified=row["last_modified"])
                for row in rows
            )
        )
    return list(zip(rows, results, strict=True))


def _keep_part(
    ctx: Context, worker: Worker, row: dict[str, Any], result: FetchResult
) -> Counter[str]:
    """Write all that came of one part in one transaction."""
    parsed: Feed | Rejected | None = None
    if isinstance(result, Fetched) and result.sha256 != row["body_sha256"]:
        parsed = worker.call(Asked("sitemap", result))
        if isinstance(parsed, Rejected) and parsed.code not in REJECTED:
            raise ServiceError(f"sitemaps cannot be parsed: {parsed.message}")
    with transaction(ctx.conn):
        new = 0
        if isinstance(result, Fetched) and isinstance(parsed, Feed):
            keep_bodies(ctx, [(result, PARSERS["sitemap"])])
            new = _keep_items(ctx, row, result, parsed)
            if parsed.parts and row["depth"] < DEEPEST:
                note_parts(ctx, row["source_id"], parsed.parts, row["depth"] + 1)
        archives.finish_part(ctx.conn, _end(ctx, row, result, parsed))
    failed = isinstance(result, FetchFailed) or isinstance(parsed, Rejected)
    items = parsed.items if isinstance(parsed, Feed) else ()
    return Counter({"parts": 1, "failed": int(failed), "in": len(items), "new": new})


def _keep_items(ctx: Context, row: dict[str, Any], result: Fetched, feed: Feed) -> int:
    found: dict[str, tuple[Any, RawEntry]] = {}
    for item in feed.items:
        entry = raw_entry(row["source_id"], item, ctx.now, result.sha256)
        found[entry.entry_id] = (item, entry)
    known = sources.known_entries(ctx.conn, list(found))
    new = (
        NewEntry(
            entry=entry,
            state=first_state(
                "sitemap", item, entry, row["policy"], ctx.now, is_first=row["is_past"]
            ),
        )
        for entry_id, (item, entry) in found.items()
        if entry_id not in known
    )
    return len(sources.add_entries(ctx.conn, new, ctx.now))


def _end(
    ctx: Context, row: dict[str, Any], result: FetchResult, parsed: Feed | Rejected | None
) -> dict[str, Any]:
    end: dict[str, Any] = {
        "source_id": row["source_id"],
        "url": row["url"],
        "outcome": "ok" if parsed else "unchanged",
        "message": None,
        "failures": 0,
        "etag": row["etag"],
        "last_modified": row["last_modified"],
        "body_sha256": row["body_sha256"],
        "is_read": True,
        "next_fetch_at": None,
        "now": ctx.now,
    }
    fault = parsed if isinstance(parsed, Rejected) else result
    if isinstance(fault, Rejected | FetchFailed):
        failures = row["failures"] + 1
        wait = FIRST_WAIT * 2 ** (failures - 1)
        return end | {
            "outcome": fault.code,
            "message": fault.message or FETCH.get(fault.code),
            "failures": failures,
            "is_read": False,
            "next_fetch_at": ctx.now + wait if failures < ATTEMPTS else None,
        }
    if isinstance(result, Fetched) and result.is_whole:
        end |= {
            "etag": result.headers.get("etag"),
            "last_modified": result.headers.get("last-modified"),
            "body_sha256": result.sha256,
        }
    return end
