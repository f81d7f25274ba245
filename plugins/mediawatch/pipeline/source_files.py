"""Outlets and sources between file and database: import entry by entry, and write back.

An entry is written only when its own text changed since its last import. One that was also
edited in the database is a conflict: the database wins. Entries that have gone from the file
stay, unless the import prunes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from mediawatch.model import Outlet
from mediawatch.sources.entries import hashed, source_id
from mediawatch.sources.opml import Listed, read_opml, write_opml
from mediawatch.sources.outlets import outlet_of, read_outlets
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection

Entry = TypeVar("Entry", Outlet, Listed)


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did: ids by what became of them, and a line for each fault or conflict."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def import_outlets(
    conn: Connection, text: str, file: str, now: datetime, *, prune: bool = False
) -> Report:
    """Bring the outlets up to an ``outlets.csv``; the caller commits.

    Raises:
        InputError: it is no such file.
    """
    found = read_outlets(text, file)
    report = Report(faults=list(found.faults))
    imported = storage.imported(conn, file)
    stored = {
        outlet.outlet_id: outlet
        for outlet in storage.outlets(conn)
        if outlet.outlet_id in imported or not _is_met_only(outlet)
    }

    def write(outlet: Outlet) -> None:
        storage.put_outlets(conn, [outlet])

    _import(conn, file, found.outlets, stored, write, report, now)
    if prune:
        _prune(conn, file, found.outlets, lambda name: storage.remove_outlet(conn, name), report)
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
    wanted = {}
    for listed in found.listed:
        if listed.outlet and listed.outlet not in outlets:
            report.faults.append(
                f"{file}: {listed.url}: mw:outlet {listed.outlet!r} is in no outlets.csv; "
                "the source is kept without"
            )
        wanted[source_id(listed.kind, listed.url)] = with_outlet(listed, outlets)
    rows = {row["source_id"]: row for row in storage.sources(conn, with_removed=True)}
    stored = {name: from_row(row) for name, row in rows.items() if not row["removed"]}

    def write(listed: Listed) -> None:
        save(conn, listed, now)

    _import(conn, file, wanted, stored, write, report, now)
    if prune:
        _prune(conn, file, wanted, lambda name: storage.remove_source(conn, name), report)
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


def _import(
    conn: Connection,
    file: str,
    wanted: Mapping[str, Entry],
    stored: Mapping[str, Entry],
    write: Callable[[Entry], None],
    report: Report,
    now: datetime,
) -> None:
    """The rule of the house for every file, entry by entry."""
    known = storage.imported(conn, file)
    for name, entry in wanted.items():
        origin = _hash(entry)
        before = known.get(name)
        here = stored.get(name)
        if before is not None and before[0] == origin:
            report.unchanged.append(name)
            continue
        if here is not None and _hash(here) == origin:
            report.unchanged.append(name)
        elif _was_edited(here, before):
            report.conflicts.append(
                f"{file}: {name} was edited or removed in the database too; the database wins: "
                "export it, or remove the entry from the file"
            )
            continue
        else:
            write(entry)
            (report.added if here is None else report.changed).append(name)
        storage.put_imported(conn, file, name, origin, _stored_hash(entry), now)


def _was_edited(here: Outlet | Listed | None, before: tuple[str, str] | None) -> bool:
    """Whether what the database has is not what the last import wrote."""
    if here is None or before is None:
        return (here is None) != (before is None)
    return _stored_hash(here) != before[1]


def _prune(
    conn: Connection,
    file: str,
    wanted: Mapping[str, Outlet | Listed],
    remove: Callable[[str], bool],
    report: Report,
) -> None:
    for name in storage.imported(conn, file).keys() - wanted.keys():
        if remove(name):
            report.pruned.append(name)
        storage.forget_imported(conn, file, name)


def _hash(entry: Outlet | Listed) -> str:
    return hashed(*(f"{name}={value!r}" for name, value in sorted(asdict(entry).items())))


def _stored_hash(entry: Outlet | Listed) -> str:
    """Of what only people change in the database: a source's title may come from its feed."""
    return _hash(replace(entry, title="") if isinstance(entry, Listed) else entry)
