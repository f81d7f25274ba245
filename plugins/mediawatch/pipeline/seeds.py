"""The step ``read_seeds``: folders below the seed roots, read again every few minutes.

What a folder held last is kept item by item, so that a change, a return to an older text and a
file that is gone are told by content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.errors import InputError
from mediawatch.model import RawEntry
from mediawatch.pipeline.context import Context, Counts
from mediawatch.sources import entries as ids
from mediawatch.sources import seeds
from mediawatch.sources.opt_outs import opt_outs
from mediawatch.sources.seed_items import SeedItem
from mediawatch.storage import archives
from mediawatch.storage import sources as storage
from mediawatch.storage.archives import Held
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd

ITEMS_AT_ONCE = 500
BYTES_AT_ONCE = 50_000_000
PARSER = "seeds 2"


def add_folder_source(conn: Connection, path: Path, now: datetime, roots: tuple[Path, ...]) -> str:
    """Follow a folder of seeds; its source id.

    Raises:
        InputError: it is no folder below one of the seed roots.
    """
    return _add_source(conn, "folder", seeds.folder_below(path, roots), now)


def add_archive_source(
    conn: Connection, path: Path, now: datetime, roots: tuple[Path, ...]
) -> tuple[str, Path]:
    """Know a file or folder as an archive; its source id and real path.

    Raises:
        InputError: it is not there, or not below one of the seed roots.
    """
    real = seeds.place_below(path, roots)
    return _add_source(conn, "archive", real, now), real


def _add_source(conn: Connection, kind: str, path: Path, now: datetime) -> str:
    source_id = ids.source_id(kind, str(path))
    values: dict[str, Any] = {
        "source_id": source_id,
        "kind": kind,
        "url": str(path),
        "title": path.name,
        "tags": [],
        "outlet_id": None,
        "fetch_policy": "never",
        "paused": False,
    }
    with transaction(conn):
        storage.add_source(conn, values, now)
    return source_id


def read_seeds(ctx: Context) -> Counts:
    """Read every folder source; how many articles there were, new, rejected, or vanished."""
    counts: Counter[str] = Counter()
    for row in storage.sources(ctx.conn, kind="folder"):
        if not row["paused"]:
            source_id, folder = row["source_id"], Path(row["url"])
            found: Counter[str] = Counter()
            failure: str | None = None
            try:
                real = seeds.folder_below(folder, ctx.settings.seed_roots)
                found = read_folder(ctx, source_id, real)
            except InputError as fault:
                failure = str(fault)
            finish_reading(ctx, source_id, str(folder), found, failure)
            counts.update(found)
    ctx.conn.commit()  # ends the reading transaction
    return dict(counts)


def finish_reading(
    ctx: Context, source_id: str, url: str, counts: Counter[str], failure: str | None
) -> None:
    """Write the state in which a reading leaves a folder or archive, and its row."""
    if failure:
        state = "failing"
    elif not counts["in"]:
        state = "empty"
    else:
        state = "fine" if counts["new"] else "unchanged"
    end = SourceEnd(
        state=state,
        reason=failure,
        next_fetch_at=ctx.now,
        failures=1 if failure else 0,
        is_ok=failure is None,
    )
    vanished = counts["vanished"]
    row = FetchRow(
        url=url,
        outcome="gone" if failure else "ok",
        message=failure or (f"{vanished} articles are there no more" if vanished else None),
        entries=counts["in"],
        new=counts["new"],
    )
    with transaction(ctx.conn):
        storage.finish_source(ctx.conn, source_id, end, ctx.now)
        storage.add_fetch(ctx.conn, source_id, row, ctx.now, ctx.now)


def read_folder(ctx: Context, source_id: str, folder: Path) -> Counter[str]:
    """Read all files of a folder and keep what is new or changed; what is gone is noted."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    unchanged: set[str] = set()
    batch: list[tuple[str, SeedItem]] = []
    size = 0
    for file, path in seeds.seed_paths(folder):
        digest = seeds.container_digest(path)
        if digest is not None:
            held = archives.held_items(ctx.conn, source_id, [file]).get(file)
            if held and held.sha256 == digest:
                unchanged.add(file)
                counts.update({"in": 1, "new": 0, "rejected": 0})
                continue
        for item in seeds.read_items(file, path):
            batch.append((file, item))
            seen.add(item.key)
            size += item.size
            if len(batch) >= ITEMS_AT_ONCE or size >= BYTES_AT_ONCE:
                counts.update(_keep(ctx, source_id, batch))
                batch, size = [], 0
        if digest is not None:
            counts.update(_keep(ctx, source_id, batch))
            batch, size = [], 0
            mark = SeedItem(key=file, sha256=digest)
            with transaction(ctx.conn):
                archives.hold_items(ctx.conn, source_id, [("", mark, 0)], ctx.now)
            seen.add(file)
    counts.update(_keep(ctx, source_id, batch))
    with transaction(ctx.conn):
        vanished = archives.note_gone(ctx.conn, source_id, seen, unchanged, ctx.now)
    if vanished:
        counts["vanished"] = vanished
    return counts


def _keep(ctx: Context, source_id: str, batch: list[tuple[str, SeedItem]]) -> Counter[str]:
    """Keep those items that are not there as they are."""
    if not batch:
        return Counter()
    by_key = {item.key: (file, item) for file, item in batch}
    reached("seeds.read")
    with transaction(ctx.conn) as conn:
        held = archives.held_items(conn, source_id, list(by_key))
        changed = list(_changed(by_key, held))
        made = {
            seeds.seed_entry_id(source_id, item, revision): item for _, item, revision in changed
        }
        known = storage.known_entries(conn, list(made)) if made else set()
        new = [
            _entry(ctx, source_id, entry_id, item)
            for entry_id, item in made.items()
            if entry_id not in known
        ]
        added = len(storage.add_entries(conn, new, ctx.now))
        archives.hold_items(conn, source_id, changed, ctx.now)
        reached("seeds.written")
    rejected = sum(entry.rejected is not None for entry in new)
    return Counter({"in": len(batch), "new": added, "rejected": rejected})


def _changed(
    by_key: dict[str, tuple[str, SeedItem]], held: dict[str, Held]
) -> Iterator[tuple[str, SeedItem, int]]:
    """What is not held as it is: file, item, and how many other contents it had before."""
    for key, (file, item) in by_key.items():
        before = held.get(key)
        if before is None:
            yield file, item, 0
        elif before.sha256 != item.sha256:
            yield file, item, before.revision + 1
        elif before.is_gone:
            yield file, item, before.revision


def _entry(ctx: Context, source_id: str, entry_id: str, item: SeedItem) -> NewEntry:
    entry = RawEntry(
        entry_id=entry_id,
        source_id=source_id,
        item_key=item.key,
        fetched_at=ctx.now,
        body_sha256=item.sha256 or None,
        **item.said,
    )
    if item.page is not None:
        storage.add_raw_body(
            ctx.conn,
            item.sha256,
            item.page,
            url=item.key,
            content_type="text/html",
            headers={},
            opt_outs=opt_outs({}, item.page),
            parser=PARSER,
            fetched_at=ctx.now,
        )
    state = "rejected" if item.rejected else "wanted" if item.is_address else "pending"
    return NewEntry(
        entry=entry,
        state=state,
        rejected=item.rejected,
        page_sha256=item.sha256 if item.page is not None else None,
    )
