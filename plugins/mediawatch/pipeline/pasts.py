"""A feed's or sitemap's own past: page by page back in time, as an archive, never mailed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, InputError, ServiceError
from mediawatch.model import Rejected
from mediawatch.pipeline.bodies import keep_bodies
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.progress import Progress, silent
from mediawatch.pipeline.seeds import finish_reading
from mediawatch.sources import entries as ids
from mediawatch.sources.feeds import raw_entry, wants_page
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult, Limits
from mediawatch.sources.formats import PARSERS, Asked
from mediawatch.sources.items import Feed
from mediawatch.sources.robots import Robots
from mediawatch.sources.sitemaps import LIMITS
from mediawatch.storage import archives, sources
from mediawatch.storage.archives import Position
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import NewEntry
from mediawatch.text.worker import Worker

MOST_PAGES = 10_000
SECONDS = 20.0
MEGABYTES = 1_200
PAST = "past"


def read_past(ctx: Context, name: str, *, progress: Progress = silent) -> Counts:
    """Read back in time from a source's address until nothing new comes.

    Feeds: archived and paged feeds of RFC 5005, ``next_url`` of JSON Feed, WordPress's pages.
    Sitemaps: every sitemap of an index. ``name`` is the source's id or address. The counts:
    pages read (``pages``), items in them (``in``) and ``new``.

    Raises:
        InputError: there is no such source, or its first page cannot be read.
    """
    row = sources.find_source(ctx.conn, name)
    if row is None or row["removed"] or row["kind"] not in ("feed", "sitemap"):
        raise InputError(f"there is no feed or sitemap {name!r}; see `mediawatch sources list`")
    past = Past(ctx, _archive_of(ctx, row), row)
    counts: Counter[str] = Counter()
    with Worker(
        "mediawatch.sources.formats", "parse_source", seconds=SECONDS, megabytes=MEGABYTES
    ) as worker:
        failure = asyncio.run(past.read(worker, counts, progress))
    finish_reading(ctx, past.source_id, row["url"], counts, failure)
    if failure:
        raise InputError(f"{row['url']}: {failure}")
    return dict(counts)


def _archive_of(ctx: Context, row: dict[str, Any]) -> str:
    """The archive that a source's past is kept as; its source id."""
    source_id = ids.source_id("archive", row["url"])
    names = ("url", "title", "tags", "outlet_id", "fetch_policy")
    values = {name: row[name] for name in names}
    with transaction(ctx.conn):
        sources.add_source(
            ctx.conn,
            {**values, "source_id": source_id, "kind": "archive", "paused": False},
            ctx.now,
        )
    return source_id


@dataclass(frozen=True, slots=True)
class Past:
    """The past of one source: ``row`` is the live source, ``source_id`` its archive."""

    ctx: Context
    source_id: str
    row: dict[str, Any]

    async def read(self, worker: Worker, counts: Counter[str], progress: Progress) -> str | None:
        """Read page after page, each in a transaction of its own; why nothing could be read.

        A page that cannot be read is the end of a feed's past (WordPress answers 404 there), and
        costs only itself among the sitemaps of an index.
        """
        waiting = self._beginning()
        seen = set(waiting)
        failure: str | None = None
        async with Fetcher(self.ctx.settings, self.ctx.now, Limits(size=LIMITS)) as fetcher:
            robots = Robots(fetcher)
            while waiting and counts["pages"] < MOST_PAGES:
                address, *waiting = waiting
                result = await robots.refusal(address) or await fetcher.fetch(address)
                parsed = self._parse(worker, result)
                if not (isinstance(result, Fetched) and isinstance(parsed, Feed)):
                    failure = failure or getattr(parsed, "message", "no answer")
                    counts["failed"] += 1
                    continue
                older = (*(part.url for part in parsed.parts), parsed.older)
                following = [url for url in older if url and url not in seen]
                seen.update(following)
                new = self._keep(result, parsed, [*following, *waiting], counts["in"])
                counts.update({"pages": 1, "in": len(parsed.items), "new": new})
                progress(counts["pages"], counts["pages"] + len(waiting) if waiting else None)
                if new or not parsed.items:
                    waiting = [*following, *waiting]
        if not waiting:
            with transaction(self.ctx.conn):
                self._move(Position(head=PAST, records=counts["in"], done=True))
        return failure if not counts["pages"] else None

    def _beginning(self) -> list[str]:
        """The source's address, or the pages that an interrupted reading had before it."""
        at = archives.position(self.ctx.conn, self.source_id, self.row["url"], PAST)
        self.ctx.conn.commit()
        return [self.row["url"]] if at.done or at.place == "0" else at.place.split("\n")

    def _parse(self, worker: Worker, result: FetchResult) -> Feed | Rejected | FetchResult:
        if not isinstance(result, Fetched):
            return result
        parsed: Feed | Rejected = worker.call(Asked(self.row["kind"], result))
        if isinstance(parsed, Rejected) and parsed.code not in REJECTED:
            raise ServiceError(f"the past cannot be parsed: {parsed.message}")
        return parsed

    def _keep(self, result: Fetched, feed: Feed, following: list[str], before: int) -> int:
        """Write a page's items, and where to go on; how many are new."""
        made = (raw_entry(self.source_id, i, self.ctx.now, result.sha256) for i in feed.items)
        found = {entry.entry_id: entry for entry in made}
        with transaction(self.ctx.conn) as conn:
            known = sources.known_entries(conn, list(found))
            keep_bodies(self.ctx, [(result, PARSERS[self.row["kind"]])])
            new = [
                NewEntry(
                    entry=entry,
                    state="wanted" if wants_page(entry, self.row["fetch_policy"]) else "pending",
                )
                for entry_id, entry in found.items()
                if entry_id not in known
            ]
            sources.add_entries(conn, new, self.ctx.now)
            place = "\n".join(following) or "0"
            self._move(Position(head=PAST, place=place, records=before + len(found)))
            reached("past.written")
        return len(new)

    def _move(self, position: Position) -> None:
        archives.move_position(
            self.ctx.conn, self.source_id, self.row["url"], position, self.ctx.now
        )
