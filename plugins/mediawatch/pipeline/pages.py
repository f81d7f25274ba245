"""The steps that read the pages behind items: once when wanted, and again while they are young."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.pipeline.bodies import keep_body
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.reservations import reserved
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import from_payload, hashed
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult, Limits
from mediawatch.sources.plain import visible_text
from mediawatch.sources.rechecks import FIRST_LOOK, UNTIL, next_look
from mediawatch.sources.robots import Robots
from mediawatch.sources.unpacking import SizeLimits
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import NewEntry
from mediawatch.storage.vanishing import GONE_FOR, note_missing, seen_again

PAGES_AT_ONCE = 50
LEASE = timedelta(minutes=30)
KINDS = ("text/html", "application/xhtml+xml", "text/plain")
LIMITS = Limits(size=SizeLimits(packed=5_000_000, unpacked=10_000_000))
ATTEMPTS = 3
FIRST_WAIT = timedelta(minutes=10)
# What will not be otherwise in half an hour.
FINAL = frozenset(
    {"http_4xx", "gone", "robots", "private_address", "too_large", "bomb", "too_many_redirects"}
    | {"bad_http"}
)
MISSING = (404, 410)
# A page that went missing late is still looked at until it counts as gone.
RECHECK_UNTIL = 2 * UNTIL


def fetch_pages(ctx: Context) -> Counts:
    """Fetch every wanted page; how many were asked for, came, failed for good, or wait.

    A page that fails three times leaves its entry to what the feed said of it.
    """
    counts: Counter[str] = Counter()
    while True:
        with transaction(ctx.conn):
            until = ctx.now + LEASE
            claimed = storage.claim_pages(ctx.conn, ctx.now, until, PAGES_AT_ONCE)
        if not claimed:
            return dict(counts)
        for row, result in asyncio.run(_fetch_all(ctx, claimed)):
            counts["in"] += 1
            counts[_keep_page(ctx, row, result)] += 1


def recheck_articles(ctx: Context) -> Counts:
    """Look again at the pages of young articles, the younger the oftener.

    A page whose visible text changed enters as a new entry of the same item.
    """
    counts: Counter[str] = Counter()
    while True:
        with transaction(ctx.conn):
            until, since = ctx.now + LEASE, ctx.now - RECHECK_UNTIL
            claimed = storage.claim_rechecks(ctx.conn, ctx.now, until, since, PAGES_AT_ONCE)
        if not claimed:
            return dict(counts)
        for row, result in asyncio.run(_fetch_all(ctx, claimed)):
            counts["in"] += 1
            counts[_keep_recheck(ctx, row, result)] += 1


async def _fetch_all(
    ctx: Context, rows: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], FetchResult]]:
    """The pages of these rows, each site's robots.txt asked first."""
    async with Fetcher(ctx.settings, ctx.now, LIMITS) as fetcher:
        robots = Robots(fetcher)

        async def one(url: str) -> FetchResult:
            refusal = await robots.refusal(url)
            return refusal or await fetcher.fetch(url, kinds=KINDS)

        results = await asyncio.gather(*(one(row["url"]) for row in rows))
        came = {result.url for result in results if isinstance(result, Fetched)}
        reserved_at = await reserved(ctx, fetcher, came)
    reached("pages.fetched")
    return [
        ({**row, "is_reserved": result.url in reserved_at}, result)
        for row, result in zip(rows, results, strict=True)
    ]


def _keep_page(ctx: Context, row: dict[str, Any], result: FetchResult) -> str:
    """Write what came of one page: ``ok``, ``failed`` or ``later``."""
    attempts = row["page_attempts"] + 1
    end: dict[str, Any] = {
        "entry_id": row["entry_id"],
        "month": row["month"],
        "state": "pending",
        "page_url": None,
        "page_sha256": None,
        "outcome": "ok",
        "attempts": attempts,
        "next_at": None,
    }
    outcome = "ok"
    with transaction(ctx.conn):
        if isinstance(result, Fetched):
            keep_body(ctx, result, row["month"], is_reserved=row["is_reserved"])
            end |= {
                "page_url": result.url,
                "page_sha256": result.sha256,
                "next_at": ctx.now + FIRST_LOOK,
            }
        elif isinstance(result, FetchFailed):
            outcome = "failed"
            end["outcome"] = result.code
            if attempts < ATTEMPTS and result.code not in FINAL:
                outcome = "later"
                wait = max(FIRST_WAIT * 2 ** (attempts - 1), result.retry_after or timedelta())
                end |= {"state": "wanted", "next_at": ctx.now + wait}
        storage.finish_page(ctx.conn, end)
        reached("pages.written")
    return outcome


def _keep_recheck(ctx: Context, row: dict[str, Any], result: FetchResult) -> str:
    """Write what became of a page: ``changed``, ``same``, ``failed`` or ``vanished``."""
    next_at = next_look(row["first_seen_at"], ctx.now)
    with transaction(ctx.conn):
        if isinstance(result, FetchFailed) and result.status in MISSING:
            vanished = note_missing(ctx.conn, row["article_id"], ctx.now)
            if next_at is None and not vanished:
                next_at = ctx.now + GONE_FOR
            storage.finish_recheck(ctx.conn, row["entry_id"], row["month"], next_at)
            return "vanished" if vanished else "failed"
        storage.finish_recheck(ctx.conn, row["entry_id"], row["month"], next_at)
        if not isinstance(result, Fetched):
            return "failed"
        seen_again(ctx.conn, row["article_id"])
        before = storage.raw_body(ctx.conn, row["page_sha256"])
        said = visible_text(decode(result.body, result.content_type).text)
        if before is None or visible_text(decode(before).text) == said:
            return "same"
        month = storage.month_of(ctx.now)
        keep_body(ctx, result, month, is_reserved=row["is_reserved"])
        entry_id = hashed(row["source_id"], row["item_key"], said)
        entry = replace(from_payload(row["payload"]), entry_id=entry_id, fetched_at=ctx.now)
        new = NewEntry(
            entry=entry,
            state="pending",
            page_sha256=result.sha256,
            page_url=result.url,
            page_next_at=next_at,
        )
        if entry_id not in storage.known_entries(ctx.conn, [entry_id]):
            storage.add_entries(ctx.conn, [new], ctx.now)
    return "changed"
