"""``mediawatch sources …``: what is followed, how it is, and how that is changed."""

from __future__ import annotations

import argparse
import json
import sys
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
from mediawatch.sources.opml import POLICIES, Listed, is_web_address
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

    act("list", run_list, "every source with its state")
    add = act("add", run_add, "follow a feed, or a folder below the seed roots")
    add.add_argument("address", help="the URL of a feed, or a folder")
    add.add_argument("--title", default="")
    add.add_argument("--tag", action="append", default=[])
    add.add_argument("--fetch", choices=POLICIES, default="short", help="when to read the pages")
    add.add_argument("--outlet", help="an outlet of outlets.csv")
    for name, run, text in (
        ("check", run_check, "read it now, change nothing, and say what is there"),
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
    if args.json:
        print(json.dumps(rows, default=_plain, ensure_ascii=False, indent=2))
        return 0
    if not rows:
        print("Nothing is followed yet: `mediawatch sources add URL` or `sources import FILE`.")
        return 0
    table = Table("state", "since", "source", "address", "reason", box=None)
    for row in rows:
        since = f"{row['state_since']:%Y-%m-%d %H:%M}" if row["state_since"] else ""
        reason = row["state_reason"] or SOURCE_STATES[row["state"]]
        table.add_row(row["state"], since, row["title"], row["url"], reason)
    Console().print(table, markup=False)
    return 0


def run_add(args: argparse.Namespace, settings: Settings) -> int:
    """Look at the address first; follow it when it is what it should be."""
    with open_context(settings) as ctx:
        if not is_web_address(args.address):
            folder, roots = Path(args.address), ctx.settings.seed_roots
            return _say(args, source_id=add_folder_source(ctx.conn, folder, ctx.now, roots))
        outlets = {outlet.outlet_id for outlet in storage.outlets(ctx.conn)}
        if args.outlet and args.outlet not in outlets:
            raise InputError(f"there is no outlet {args.outlet!r}; add it to outlets.csv first")
        seen = asdict(source_check.look(ctx.settings, args.address, ctx.now))
        listed = Listed(
            url=args.address,
            title=args.title,
            tags=tuple(args.tag),
            fetch=args.fetch,
            outlet=args.outlet,
        )
        with transaction(ctx.conn):
            known = source_files.with_outlet(listed, outlets)
            source_id = source_files.save(ctx.conn, known, ctx.now)
        return _say(args, source_id=source_id, **seen)


def run_check(args: argparse.Namespace, settings: Settings) -> int:
    """Read one source now and say what is there."""
    with open_context(settings) as ctx:
        row = _find(ctx, args.source)
        if row["kind"] != "feed":
            raise InputError(f"{row['url']} is a {row['kind']}; it is read by `step read_seeds`")
        seen = source_check.look(ctx.settings, row["url"], ctx.now)
        return _say(args, source_id=row["source_id"], **asdict(seen))


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


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
