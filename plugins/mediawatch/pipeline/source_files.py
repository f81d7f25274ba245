"""Outlets and sources between file and database: import entry by entry, and write back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any

from mediawatch.model import Outlet
from mediawatch.sources.entries import hashed, source_id
from mediawatch.sources.opml import Listed, read_opml, write_opml
from mediawatch.sources.outlets import outlet_of, read_outlets
from mediawatch.storage import file_entries
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection
from mediawatch.storage.file_entries import Report, Stored


def import_outlets(
    conn: Connection, text: str, file: str, now: datetime, *, prune: bool = False
) -> Report:
    """Bring the outlets up to an ``outlets.csv``; the caller commits.

    Raises:
        InputError: it is no such file.
    """
    found = read_outlets(text, file)
    report = Report(faults=list(found.faults))
    imported = file_entries.imported(conn, file)
    stored = {
        outlet.outlet_id: _stored(outlet)
        for outlet in storage.outlets(conn)
        if outlet.outlet_id in imported or not _is_met_only(outlet)
    }
    wanted = {
        name: _entry(file, name, outlet, partial(storage.put_outlets, conn, [outlet]))
        for name, outlet in found.outlets.items()
    }
    file_entries.import_entries(conn, file, wanted, stored, report, now)
    if prune:
        file_entries.prune(
            conn, file, wanted, lambda name: storage.remove_outlet(conn, name), report
        )
    return report


def import_sources(
    conn: Connection, content: bytes, file: str, now: datetime, *, prune: bool = False
) -> Report:
    """Bring the sources up to an OPML file; the caller commits.

    Raises:
        InputError: it is no OPML.
    """
    found = read_opml(content, file)
    report = Report(faults=list(found.faults))
    outlets = {outlet.outlet_id for outlet in storage.outlets(conn)}
    rows = {row["source_id"]: row for row in storage.sources(conn, with_removed=True)}
    ids = {(row["kind"], row["url"]): name for name, row in rows.items()}
    wanted: dict[str, file_entries.Entry] = {}
    for listed in found.listed:
        if listed.outlet and listed.outlet not in outlets:
            report.faults.append(
                f"{file}: {listed.url}: mw:outlet {listed.outlet!r} is in no outlets.csv; "
                "the source is kept without"
            )
        # A source that moved keeps the id of its first address.
        name = ids.get((listed.kind, listed.url)) or source_id(listed.kind, listed.url)
        source = with_outlet(listed, outlets)
        wanted[name] = _entry(file, name, source, partial(save, conn, source, now))
    stored = {name: _stored(from_row(row)) for name, row in rows.items() if not row["removed"]}
    file_entries.import_entries(conn, file, wanted, stored, report, now)
    if prune:
        file_entries.prune(
            conn, file, wanted, lambda name: storage.remove_source(conn, name), report
        )
    return report


def _is_met_only(outlet: Outlet) -> bool:
    """Whether an outlet was only met in articles: nobody has said more of it than its domain."""
    return outlet == Outlet(outlet_id=outlet.outlet_id, name=outlet.outlet_id)


def with_outlet(listed: Listed, outlets: Collection[str]) -> Listed:
    """The source with its outlet if that is known, else with the known outlet of its domain."""
    outlet = listed.outlet if listed.outlet in outlets else outlet_of(listed.url, outlets)
    return replace(listed, outlet=outlet)


def save(conn: Connection, listed: Listed, now: datetime) -> str:
    """Write a source as a person wants it; its id."""
    values: dict[str, Any] = {
        "source_id": source_id(listed.kind, listed.url),
        "kind": listed.kind,
        "url": listed.url,
        "title": listed.title,
        "tags": list(listed.tags),
        "outlet_id": listed.outlet,
        "fetch_policy": listed.fetch,
        "paused": listed.paused,
    }
    if not storage.add_source(conn, values, now):
        there = storage.source_at(conn, listed.kind, listed.url)
        values["source_id"] = there or values["source_id"]
        storage.set_source(conn, values, now)
    return str(values["source_id"])


def export_sources(conn: Connection, title: str) -> bytes:
    """Every source that a file may hold, as OPML."""
    rows = (row for row in storage.sources(conn) if row["kind"] not in ("folder", "archive"))
    return write_opml(title, map(from_row, rows))


def from_row(row: Mapping[str, Any]) -> Listed:
    """A source of the database as it would be listed."""
    return Listed(
        url=row["url"],
        kind=row["kind"],
        title=row["title"],
        tags=tuple(row["tags"]),
        fetch=row["fetch_policy"],
        outlet=row["outlet_id"],
        paused=row["paused"],
    )


def _entry(
    file: str, name: str, entry: Outlet | Listed, write: Callable[[], object]
) -> file_entries.Entry:
    return file_entries.Entry(
        origin=_hash(entry),
        whole=_hash(entry),
        kept=_kept_hash(entry),
        write=write,
        edited=(
            f"{file}: {name} was edited or removed in the database too; the database wins: "
            "export it, or remove the entry from the file"
        ),
    )


def _stored(entry: Outlet | Listed) -> Stored:
    return Stored(_hash(entry), _kept_hash(entry))


def _hash(entry: Outlet | Listed) -> str:
    return hashed(*(f"{name}={value!r}" for name, value in sorted(asdict(entry).items())))


def _kept_hash(entry: Outlet | Listed) -> str:
    """Of what only people change in the database: a source's title may come from its feed."""
    return _hash(replace(entry, title="") if isinstance(entry, Listed) else entry)
