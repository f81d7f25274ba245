"""The steps that read folders below the seed roots: seeds every few minutes, archives by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.errors import InputError
from mediawatch.model import RawEntry
from mediawatch.pipeline.context import Context, Counts
from mediawatch.sources import entries as ids
from mediawatch.sources import seeds
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd

FILES_AT_ONCE = 500


def add_folder_source(
    conn: Connection, path: Path, now: datetime, roots: tuple[Path, ...], kind: str = "folder"
) -> str:
    """Follow a folder of seeds (or, with kind ``archive``, know it); its source id.

    Raises:
        InputError: it is no folder below one of the seed roots.
    """
    folder = seeds.folder_below(path, roots)
    source_id = ids.source_id(kind, str(folder))
    values: dict[str, Any] = {
        "source_id": source_id,
        "kind": kind,
        "url": str(folder),
        "title": folder.name,
        "tags": [],
        "outlet_id": None,
        "fetch_policy": "never",
        "paused": False,
    }
    with transaction(conn):
        storage.add_source(conn, values, now)
    return source_id


def read_seeds(ctx: Context) -> Counts:
    """Read every folder source; how many files there were, were new, and were rejected."""
    counts: Counter[str] = Counter()
    for row in storage.sources(ctx.conn, kind="folder"):
        if not row["paused"]:
            counts.update(_read_folder(ctx, row["source_id"], Path(row["url"])))
    ctx.conn.commit()  # ends the reading transaction
    return dict(counts)


def read_archive(ctx: Context, path: str) -> Counts:
    """Take in a folder of seeds below the seed roots as an archive: searched, never mailed.

    Raises:
        InputError: it is no folder below one of the seed roots.
    """
    roots = ctx.settings.seed_roots
    source_id = add_folder_source(ctx.conn, Path(path), ctx.now, roots, "archive")
    return dict(_read_folder(ctx, source_id, Path(path)))


def _read_folder(ctx: Context, source_id: str, folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    failure: str | None = None
    try:
        real = seeds.folder_below(folder, ctx.settings.seed_roots)
        paths = seeds.seed_paths(real)
        while some := list(islice(paths, FILES_AT_ONCE)):
            counts.update(_keep_files(ctx, source_id, some))
    except InputError as fault:
        failure = str(fault)
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
    row = FetchRow(
        url=str(folder),
        outcome="gone" if failure else "ok",
        message=failure,
        entries=counts["in"],
        new=counts["new"],
    )
    with transaction(ctx.conn):
        storage.finish_source(ctx.conn, source_id, end, ctx.now)
        storage.add_fetch(ctx.conn, source_id, row, ctx.now, ctx.now)
    return counts


def _keep_files(ctx: Context, source_id: str, paths: list[tuple[str, Path]]) -> Counter[str]:
    """Read some files and keep those that are not there as they are."""
    read = [file for key, path in paths if (file := seeds.read_seed_file(key, path)) is not None]
    found = {seeds.seed_entry_id(source_id, file): file for file in read}
    reached("seeds.read")
    with transaction(ctx.conn):
        known = storage.known_entries(ctx.conn, list(found))
        new = [
            _seed_entry(ctx, source_id, entry_id, file)
            for entry_id, file in found.items()
            if entry_id not in known
        ]
        added = storage.add_entries(ctx.conn, new, ctx.now)
        reached("seeds.written")
    rejected = sum(entry.rejected is not None for entry in new)
    return Counter({"in": len(read), "new": added, "rejected": rejected})


def _seed_entry(ctx: Context, source_id: str, entry_id: str, file: seeds.SeedFile) -> NewEntry:
    entry = RawEntry(
        entry_id=entry_id,
        source_id=source_id,
        item_key=file.key,
        content=file.text or "",
        content_type="seed",
        fetched_at=ctx.now,
        body_sha256=file.sha256 or None,
    )
    state = "rejected" if file.rejected else "pending"
    return NewEntry(entry=entry, state=state, rejected=file.rejected)
