"""``mediawatch sources …``: what is followed, how it is, and how that is changed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from mediawatch.errors import SOURCE_STATES, InputError
from mediawatch.pipeline import source_check, source_files
from mediawatch.pipeline.context import Context, open_context
from mediawatch.pipeline.seeds import add_folder_source
from mediawatch.settings import Settings
from mediawatch.sources.opml import KINDS, POLICIES, Listed, is_web_address
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction


def add_parsers(verbs: Any) -> None:
    """Add the verb ``sources`` with what it can do."""
    sources = verbs.add_parser("sources", help="what is followed: feeds and folders")
    acts = sources.add_subparsers(dest="act", required=True, metavar="ACT")

    def act(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = acts.add_parser(name, help=text)
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.set_defaults(run=run)
        return parser

    listing = act("list", run_list, "every source with its state")
    listing.add_argument("--state", choices=sorted(SOURCE_STATES), help="only those in this state")
    add = act(
        "add", run_add, "follow a feed, sitemap or section page, or a folder below the seed roots"
    )
    add.add_argument("address", help="the URL of a feed, sitemap, page or site, or a folder")
    add.add_argument(
        "--kind",
        choices=KINDS,
        help="what is there: a section page is followed only when asked for (default: looked for)",
    )
    add.add_argument("--yes", action="store_true", help="follow it without asking")
    add.add_argument("--title", default="")
    add.add_argument("--tag", action="append", default=[])
    add.add_argument("--fetch", choices=POLICIES, default="short", help="when to read the pages")
    add.add_argument("--outlet", help="an outlet of outlets.csv")
    for name, run, text in (
        ("check", run_check, "read it now, change nothing, and say what is there and how it was"),
        ("pause", run_pause, "read it no more until it is resumed"),
        ("resume", run_resume, "read it again from now on"),
        ("remove", run_remove, "follow it no more; its articles stay"),
    ):
        act(name, run, text).add_argument("source", help="the id or address of a source")
    bring = act("import", run_import, "follow what an OPML file lists")
    bring.add_argument("file", type=Path)
    bring.add_argument("--prune", action="store_true", help="remove what is gone from the file")
    export = act("export", run_export, "write every feed to an OPML file")
    export.add_argument("file", type=Path, nargs="?", help="(default: standard output)")


def run_list(args: argparse.Namespace, settings: Settings) -> int:
    """Print every source."""
    with open_context(settings) as ctx:
        rows = storage.sources(ctx.conn)
    counts = Counter(row["state"] for row in rows)
    rows = [row for row in rows if args.state in (None, row["state"])]
    if args.json:
        print(json.dumps(rows, default=_plain, ensure_ascii=False, indent=2))
        return 0
    if not counts:
        print("Nothing is followed yet: `mediawatch sources add URL` or `sources import FILE`.")
        return 0
    table = Table("state", "since", "source", "address", "next", "reason", box=None)
    for row in rows:
        reason = row["state_reason"] or SOURCE_STATES[row["state"]]
        table.add_row(
            row["state"], _time(row["state_since"]), row["title"], row["url"], _next(row), reason
        )
    Console().print(table, markup=False)
    print(f"{counts.total()} sources: {', '.join(f'{n} {s}' for s, n in counts.most_common())}")
    return 0


def run_add(args: argparse.Namespace, settings: Settings) -> int:
    """Look at the address first, show what is there, and follow it when that is wanted."""
    with open_context(settings) as ctx:
        if not is_web_address(args.address):
            folder, roots = Path(args.address), ctx.settings.seed_roots
            return _say(args, source_id=add_folder_source(ctx.conn, folder, ctx.now, roots))
        outlets = {outlet.outlet_id for outlet in storage.outlets(ctx.conn)}
        if args.outlet and args.outlet not in outlets:
            raise InputError(f"there is no outlet {args.outlet!r}; add it to outlets.csv first")
        found = (
            [source_check.look(ctx.settings, args.address, ctx.now, args.kind, args.fetch)]
            if args.kind
            else source_check.find(ctx.settings, args.address, ctx.now, args.fetch)
        )
        seen = found[0] if len(found) == 1 else _chosen(args, found)
        known = storage.find_source(ctx.conn, seen.url)
        if known and not known["removed"]:
            raise InputError(f"{seen.url} is followed already: {known['source_id']}")
        asks = sys.stdin.isatty() and not args.yes and not args.json
        if asks:
            _say(args, **asdict(seen))
            if input("Follow it? [Y/n] ").strip().lower() not in ("", "y", "yes"):
                return 1
        listed = Listed(
            url=seen.url,
            kind=seen.kind,
            title=args.title,
            tags=tuple(args.tag),
            fetch=args.fetch,
            outlet=args.outlet,
        )
        with transaction(ctx.conn):
            source = source_files.with_outlet(listed, outlets)
            source_id = source_files.save(ctx.conn, source, ctx.now)
        return _say(args, **({} if asks else asdict(seen)), source_id=source_id)


def run_check(args: argparse.Namespace, settings: Settings) -> int:
    """Read a source or any address now, and say what is there and how it was before."""
    with open_context(settings) as ctx:
        row = storage.find_source(ctx.conn, args.source)
        if row is None and is_web_address(args.source):
            for seen in source_check.find(ctx.settings, args.source, ctx.now):
                _say(args, **asdict(seen))
            return 0
        row = _find(ctx, args.source)
        _tell(args, ctx, row)
        if row["kind"] in ("folder", "archive"):
            return 0
        kind, policy = row["kind"], row["fetch_policy"]
        seen = source_check.look(ctx.settings, row["url"], ctx.now, kind, policy)
        return _say(args, source_id=row["source_id"], **asdict(seen))


def _chosen(args: argparse.Namespace, found: list[source_check.Seen]) -> source_check.Seen:
    """The one of several feeds that the person wants."""
    lines = [f"{seen.url}  {seen.title} ({seen.items} items, {seen.fresh})" for seen in found]
    if not sys.stdin.isatty() or args.json or args.yes:
        listed = "".join(f"\n  {line}" for line in lines)
        raise InputError(f"{args.address} names {len(found)} feeds; add one of them:{listed}")
    for number, line in enumerate(lines, 1):
        print(f"{number}  {line}")
    wanted = input(f"Which one? [1-{len(found)}] ").strip()
    if not (wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(found)):
        raise InputError(f"{wanted!r} is none of them; nothing was added")
    return found[int(wanted) - 1]


def _tell(args: argparse.Namespace, ctx: Context, row: Mapping[str, Any]) -> None:
    """How a source is, and how it was: states and last readings."""
    if args.json:
        return
    reason = row["state_reason"] or SOURCE_STATES[row["state"]]
    _say(args, state=f"{row['state']} since {_time(row['state_since'])}: {reason}")
    for past in storage.source_history(ctx.conn, row["source_id"]):
        said = past["reason"] or SOURCE_STATES[past["state"]]
        print(f"  {_time(past['since'])}  {past['state']:<10} {said}")
    for fetch in storage.last_fetches(ctx.conn, row["source_id"]):
        said = fetch["message"] or f"{fetch['entries']} items, {fetch['new']} new"
        print(f"  {_time(fetch['started_at'])}  {fetch['outcome']:<10} {said}")


def run_pause(args: argparse.Namespace, settings: Settings) -> int:
    """Pause a source."""
    return _set_paused(args, settings, paused=True)


def run_resume(args: argparse.Namespace, settings: Settings) -> int:
    """Resume a source."""
    return _set_paused(args, settings, paused=False)


def run_remove(args: argparse.Namespace, settings: Settings) -> int:
    """Follow a source no more."""
    with open_context(settings) as ctx:
        row = _find(ctx, args.source)
        with transaction(ctx.conn):
            storage.remove_source(ctx.conn, row["source_id"])
        return _say(args, source_id=row["source_id"], removed=True)


def run_import(args: argparse.Namespace, settings: Settings) -> int:
    """Import an OPML file; 1 when something in it could not be used."""
    try:
        content = args.file.read_bytes()
    except OSError as fault:
        raise InputError(f"{args.file} cannot be read: {fault.strerror}") from None
    with open_context(settings) as ctx, transaction(ctx.conn):
        report = source_files.import_sources(
            ctx.conn, content, str(args.file.resolve()), ctx.now, prune=args.prune
        )
    for line in (*report.faults, *report.conflicts):
        print(line, file=sys.stderr)
    counts = {name: len(value) for name, value in asdict(report).items()}
    _say(args, **counts)
    return 1 if report.faults or report.conflicts else 0


def run_export(args: argparse.Namespace, settings: Settings) -> int:
    """Write the feeds as OPML."""
    with open_context(settings) as ctx:
        content = source_files.export_sources(ctx.conn, f"mediawatch {ctx.settings.profile}")
    if args.file is None:
        sys.stdout.write(content.decode("utf-8"))
        return 0
    try:
        args.file.write_bytes(content)
    except OSError as fault:
        raise InputError(f"{args.file} cannot be written: {fault.strerror}") from None
    return _say(args, file=str(args.file))


def _set_paused(args: argparse.Namespace, settings: Settings, *, paused: bool) -> int:
    with open_context(settings) as ctx:
        row = _find(ctx, args.source)
        with transaction(ctx.conn):
            storage.set_source(ctx.conn, {**row, "paused": paused}, ctx.now)
        return _say(args, source_id=row["source_id"], paused=paused)


def _find(ctx: Context, name: str) -> dict[str, Any]:
    row = storage.find_source(ctx.conn, name)
    if row is None or row["removed"]:
        raise InputError(f"there is no source {name!r}; see `mediawatch sources list`")
    return row


def _say(args: argparse.Namespace, **values: Any) -> int:
    """One answer, as JSON or as lines."""
    if args.json:
        print(json.dumps(values, default=_plain, ensure_ascii=False))
        return 0
    for name, value in values.items():
        shown = "; ".join(map(str, value)) if isinstance(value, list | tuple) else value
        if shown not in (None, ""):
            print(f"{name:<10} {shown}")
    return 0


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _next(row: Mapping[str, Any]) -> str:
    """When it is read again; nothing for what is read no more or with every run."""
    is_over = row["paused"] or row["state"] == "gone" or row["moved_into"]
    is_polled = row["kind"] in ("feed", "sitemap", "page") and not is_over
    return _time(row["next_fetch_at"]) if is_polled else ""


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
