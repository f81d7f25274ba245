"""``mediawatch watch``: saved searches, from file or by hand."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from mediawatch.alerts import importing, watches
from mediawatch.alerts.message import one_line
from mediawatch.errors import InputError, QueryError
from mediawatch.model import Watch
from mediawatch.pipeline import alerts as steps
from mediawatch.pipeline import inputs
from mediawatch.pipeline.context import Context, open_context
from mediawatch.search.finding import find
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import transaction

PREVIEW = timedelta(days=30)
SHOWN = 10


def add_parsers(verbs: Any) -> None:
    """Add the verb ``watch``."""
    verb = verbs.add_parser("watch", help="saved searches that mail what is new")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("list", help="every watch and its state")
    act.add_argument("--json", action="store_true", help="for programs")
    act.set_defaults(run=show)
    act = acts.add_parser("add", help="add a watch; other fields by `watch import`")
    act.add_argument("id")
    act.add_argument("query", help="in Kibana's Lucene syntax")
    act.add_argument("--name", help="as it stands in the subject; the id when left out")
    act.add_argument("--owner", help="an address; the first --to when left out")
    act.add_argument("--to", action="append", required=True, metavar="ADDRESS")
    act.set_defaults(run=add)
    for name, text in (
        ("pause", "stop a watch until it is resumed"),
        ("resume", "start it again; what came meanwhile is not mailed"),
        ("remove", "remove it; what it found stays in the ledger"),
    ):
        act = acts.add_parser(name, help=text)
        act.add_argument("id")
        act.set_defaults(run=change, change=name)
    act = acts.add_parser("import", help="bring the watches up to a file")
    act.add_argument("file", type=Path, nargs="?", help="the profile's own when left out")
    act.add_argument("--prune", action="store_true", help="remove what has gone from the file")
    act.set_defaults(run=import_file)
    act = acts.add_parser("export", help="print the file of all watches")
    act.add_argument("file", type=Path, nargs="?", help="write it here instead")
    act.set_defaults(run=export)
    act = acts.add_parser("preview", help="what a watch would have found in the last 30 days")
    act.add_argument("id")
    act.set_defaults(run=preview)


def show(args: argparse.Namespace, settings: Settings) -> int:
    """List the watches."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        rows = storage.watches(conn)
        readers = {watch.watch_id: len(watch.recipients) for watch in importing.load(conn)}
    if args.json:
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        state = "active" if row["active"] else "paused"
        if row["failure"]:
            state = f"failing: {row['failure']}"
        print(f"{row['watch_id']}\t{state}\t{readers[row['watch_id']]} to\t{row['query']}")
    return 0


def add(args: argparse.Namespace, settings: Settings) -> int:
    """Add one watch, checked as an entry of a file is; 2 when it cannot be used."""
    entry = {
        "id": args.id,
        "name": args.name or args.id,
        "owner": args.owner or args.to[0],
        "query": args.query,
        "recipients": [{"address": address} for address in args.to],
    }
    found = watches.parse(yaml.safe_dump([entry], sort_keys=False), "watch add")
    if found.faults:
        print(f"mediawatch: {found.faults[0]}", file=sys.stderr)
        return 2
    with open_context(settings) as context, transaction(context.conn) as conn:
        if any(watch.watch_id == args.id for watch in importing.load(conn)):
            raise InputError(f"there is a watch {args.id} already: remove it, or choose another id")
        importing.save(conn, found.entries[0].watch, context.now)
    print(f"{args.id}: active; it mails what is first seen from now on")
    return 0


def change(args: argparse.Namespace, settings: Settings) -> int:
    """Pause, resume or remove one watch."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        if args.change == "remove":
            done = storage.remove_watch(conn, args.id)
        else:
            done = storage.set_watch_active(conn, args.id, args.change == "resume", context.now)
    if not done:
        raise InputError(f"there is no watch {args.id}: see `mediawatch watch list`")
    print(f"{args.id}: {args.change}d")
    return 0


def import_file(args: argparse.Namespace, settings: Settings) -> int:
    """Import a file; 1 when an entry had a fault or a conflict."""
    path = args.file or inputs.of_profile(settings).watches
    with open_context(settings) as context:
        report = steps.import_watches(context, path, prune=args.prune)
    for line in (*report.faults, *report.conflicts):
        print(f"mediawatch: {line}", file=sys.stderr)
    print(
        f"{len(report.added)} added, {len(report.changed)} changed, "
        f"{len(report.unchanged)} unchanged, {len(report.pruned)} removed"
    )
    return 1 if report.faults or report.conflicts else 0


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Write all watches as a file."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        text = watches.dump(importing.load(conn))
    if args.file is None:
        print(text, end="")
        return 0
    try:
        args.file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise InputError(f"{args.file}: {fault.strerror or fault}") from None
    return 0


def preview(args: argparse.Namespace, settings: Settings) -> int:
    """Count what a watch's query found in 30 days, and name the newest."""
    with open_context(settings) as context:
        watch = named(context, args.id)
        query = watch.query
        if watch.languages:
            query = f"({query}) AND language:({' OR '.join(watch.languages)})"
        since = (context.now - PREVIEW).date().isoformat()
        try:
            with connected(context.settings) as es:
                bounded = f"({query}) AND first_seen_at:[{since} TO *]"
                found = find(es, context.settings.index_prefix, bounded, SHOWN)
        except QueryError as fault:
            raise InputError(f"watch {args.id}: {fault.message}") from None
    weekly = found.stories * 7 / PREVIEW.days
    print(f"{found.stories} stories, {found.articles} articles in 30 days")
    print(f"about {weekly:.1f} mails a week to each instant reader")
    for story in found.groups:
        first = story.shown[0]
        print(f"  {first.dated_at[:10]}  {one_line(first.title.text, 90)}  ({story.articles})")
    return 0


def named(context: Context, watch_id: str) -> Watch:
    """A watch by its id.

    Raises:
        InputError: there is none.
    """
    with transaction(context.conn) as conn:
        for watch in importing.load(conn):
            if watch.watch_id == watch_id:
                return watch
    raise InputError(f"there is no watch {watch_id}: see `mediawatch watch list`")
