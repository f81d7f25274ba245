"""``mediawatch watch``: saved searches, from file or by hand."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from mediawatch.alerts import importing, previewing, quality, watches
from mediawatch.alerts.message import one_line
from mediawatch.alerts.previewing import Preview
from mediawatch.errors import InputError, MediawatchError, QueryError
from mediawatch.model import Watch
from mediawatch.pipeline import alerts as steps
from mediawatch.pipeline import inputs
from mediawatch.pipeline.context import Context, open_context
from mediawatch.search.index import alias_name
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage import acts
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import transaction

SHOWN = 10
# Of a long file only the first new watches are tried on the archive; `preview` tries any.
JUDGED = 20


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
    act = acts.add_parser("edit", help="change a watch; what was there before is not mailed")
    act.add_argument("id")
    act.add_argument("--query", help="in Kibana's Lucene syntax")
    act.add_argument("--name")
    act.add_argument("--owner")
    act.add_argument("--to", action="append", metavar="ADDRESS", help="add a reader")
    act.set_defaults(run=edit)
    act = acts.add_parser("pause", help="stop a watch until it is resumed, or until a time")
    act.add_argument("id")
    act.add_argument("--until", help="a day or a time with zone, such as 2026-12-31T18:00+01:00")
    act.set_defaults(run=pause)
    for name, text in (
        ("resume", "start it again; what came meanwhile is not mailed"),
        ("remove", "remove it; what it found stays in the ledger"),
    ):
        act = acts.add_parser(name, help=text)
        act.add_argument("id")
        act.set_defaults(run=change, change=name)
    act = acts.add_parser("unsubscribe", help="end one reader's mails of a watch, on their word")
    act.add_argument("id")
    act.add_argument("address")
    act.set_defaults(run=unsubscribe)
    act = acts.add_parser("import", help="bring the watches up to a file")
    act.add_argument("file", type=Path, nargs="?", help="the profile's own when left out")
    act.add_argument("--prune", action="store_true", help="remove what has gone from the file")
    act.set_defaults(run=import_file)
    act = acts.add_parser("export", help="print the file of all watches")
    act.add_argument("file", type=Path, nargs="?", help="write it here instead")
    act.set_defaults(run=export)
    act = acts.add_parser("preview", help="the mails of the last 30 days as they would have been")
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
            state = f"{'failing' if row['active'] else 'paused'}: {row['failure']}"
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
    watch = _checked(entry, "watch add")
    if watch is None:
        return 2
    with open_context(settings) as context:
        with transaction(context.conn) as conn:
            if any(other.watch_id == args.id for other in importing.load(conn)):
                raise InputError(
                    f"there is a watch {args.id} already: `mediawatch watch edit {args.id}`, "
                    "or choose another id"
                )
            importing.save(conn, watch, context.now)
        print(f"{args.id}: active; it mails what is first seen from now on")
        _judge(context, watch)
    return 0


def edit(args: argparse.Namespace, settings: Settings) -> int:
    """Change one watch; 2 when what comes of it cannot be used."""
    with open_context(settings) as context:
        entry = watches.as_mapping(named(context, args.id))
        for field in ("query", "name", "owner"):
            if getattr(args, field) is not None:
                entry[field] = getattr(args, field)
        entry["recipients"] += [{"address": address} for address in args.to or ()]
        watch = _checked(entry, "watch edit")
        if watch is None:
            return 2
        with transaction(context.conn) as conn:
            importing.save(conn, watch, context.now)
        print(f"{args.id}: changed; it mails what is first seen from now on")
        _judge(context, watch)
    return 0


def _checked(entry: dict[str, Any], source: str) -> Watch | None:
    """The watch of an entry, or None with the fault on standard error."""
    found = watches.parse(yaml.safe_dump([entry], sort_keys=False, allow_unicode=True), source)
    if found.faults:
        print(f"mediawatch: {found.faults[0]}", file=sys.stderr)
        return None
    return found.entries[0].watch


def pause(args: argparse.Namespace, settings: Settings) -> int:
    """Pause one watch for all its readers."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        if args.until is None:
            done = storage.set_watch_active(conn, args.id, False, context.now)
        else:
            until = _moment(args.until)
            if until <= context.now:
                raise InputError(f"--until {args.until} has passed already")
            done = storage.pause_watch(conn, args.id, until)
    if not done:
        raise InputError(f"there is no watch {args.id}: see `mediawatch watch list`")
    print(f"{args.id}: paused" + (f" until {until:%Y-%m-%d %H:%M} UTC" if args.until else ""))
    return 0


def _moment(given: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"--until {given!r} is no time: write 2026-12-31 or 2026-12-31T18:00+01:00"
        ) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def change(args: argparse.Namespace, settings: Settings) -> int:
    """Resume or remove one watch."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        if args.change == "remove":
            done = storage.remove_watch(conn, args.id)
        else:
            done = storage.set_watch_active(conn, args.id, True, context.now)
    if not done:
        raise InputError(f"there is no watch {args.id}: see `mediawatch watch list`")
    print(f"{args.id}: {args.change}d")
    return 0


def unsubscribe(args: argparse.Namespace, settings: Settings) -> int:
    """End one subscription."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        reader = storage.reader_of(conn, args.id, args.address)
        if reader is None:
            raise InputError(f"{args.address} is no reader of {args.id}: see `watch export`")
        acts.unsubscribe(conn, args.id, reader, context.now)
    print(f"{args.address}: no more mails of {args.id}")
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
        for watch_id in (*report.added, *report.changed)[:JUDGED]:
            _judge(context, named(context, watch_id))
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
    """Show the mails of the last 30 days by week, and what to mend."""
    with open_context(settings) as context:
        watch = named(context, args.id)
        found, lines = _previewed(context, watch)
        with transaction(context.conn) as conn:
            lines += quality.advice(storage.verdicts(conn, watch.watch_id))
    print(f"{found.stories} stories in {previewing.DAYS} days")
    for reader in watch.recipients:
        print(f"about {found.a_week(reader.address):.1f} mails a week to {reader.address}")
    for week in found.weeks:
        mails = ", ".join(f"{number} to {address}" for address, number in week.mails)
        print(f"\nWeek of {week.monday}: {len(week.stories)} stories; mails: {mails or 'none'}")
        for story in week.stories[:SHOWN]:
            outlet = f"  ({one_line(story.outlet, 40)})" if story.outlet else ""
            print(f"  {story.first_seen_at:%a %H:%M}  {one_line(story.title, 90)}{outlet}")
        if len(week.stories) > SHOWN:
            print(f"  and {len(week.stories) - SHOWN} more")
    for line in lines:
        print(f"\n! {line}")
    return 0


def _previewed(context: Context, watch: Watch) -> tuple[Preview, list[str]]:
    """The preview of a watch and what looks wrong with it.

    Raises:
        InputError: the query cannot be run.
    """
    prefix, now = context.settings.index_prefix, context.now
    try:
        with connected(context.settings) as es:
            if not es.indices.exists_alias(name=alias_name(prefix)):
                return Preview(weeks=()), []
            window = context.settings.alert_window
            found = previewing.preview(es, prefix, watch, now, window)
            return found, list(quality.notes(es, prefix, watch, found, now))
    except QueryError as fault:
        raise InputError(f"watch {watch.watch_id}: {fault.message}") from None


def _judge(context: Context, watch: Watch) -> None:
    """Say what a watch that was just written would have done, where the archive can be asked."""
    try:
        found, lines = _previewed(context, watch)
    except MediawatchError as fault:
        print(f"mediawatch: it was not tried on the archive: {fault}", file=sys.stderr)
        return
    if not found.weeks:
        return
    a_day = found.stories / previewing.DAYS
    name = watch.watch_id
    print(f"{name}: {found.stories} stories in the last {previewing.DAYS} days, {a_day:.1f} a day")
    for reader in watch.recipients:
        print(f"{name}: about {found.a_week(reader.address):.1f} mails a week to {reader.address}")
    for line in lines:
        print(f"{name}: ! {line}")


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
