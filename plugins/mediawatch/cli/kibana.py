"""``mediawatch kibana``: data view, dashboard and saved searches."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mediawatch.cli.search import whole_number
from mediawatch.errors import InputError
from mediawatch.pipeline import kibana as steps
from mediawatch.pipeline.context import open_context
from mediawatch.search import kibana_checks, kibana_objects, pictures
from mediawatch.search.index import alias_name
from mediawatch.search.kibana_requests import TimeRange
from mediawatch.search.server import connected
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``kibana``."""
    verb = verbs.add_parser("kibana", help="dashboard and saved searches for Kibana")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("sync", help="write ours anew in Kibana; others are left alone")
    act.set_defaults(run=sync)
    act = acts.add_parser("build", help="make the file to import from its description")
    act.add_argument("file", type=Path, nargs="?", default=kibana_objects.SHIPPED)
    act.set_defaults(run=build)
    act = acts.add_parser("pictures", help="draw the panels of the dashboard, without Kibana")
    act.add_argument("folder", type=Path)
    act.add_argument("--days", type=whole_number(1, 3660), default=7, help="how far back")
    act.set_defaults(run=draw)


def sync(_args: argparse.Namespace, settings: Settings) -> int:
    """Import into Kibana; 1 when it refused an object."""
    with open_context(settings) as context:
        synced, left_out = steps.sync(context)
    print(f"Kibana has {synced.taken} objects of mediawatch, as they are now.")
    for line in left_out:
        print(f"! not in Kibana: {line}")
    for line in synced.failed:
        print(f"mediawatch: Kibana refused {line}", file=sys.stderr)
    return 1 if synced.failed else 0


def build(args: argparse.Namespace, settings: Settings) -> int:
    """Write the file of a profile; 1 when an object would not work in Kibana."""
    prefix = settings.index_prefix
    made = kibana_objects.objects(kibana_objects.described(), prefix)
    faults = kibana_checks.faults(made, alias_name(prefix))
    for fault in faults:
        print(f"mediawatch: {fault}", file=sys.stderr)
    if faults:
        return 1
    _write(args.file, kibana_objects.ndjson(made))
    print(f"{args.file}: {len(made)} objects")
    return 0


def draw(args: argparse.Namespace, settings: Settings) -> int:
    """Write a picture of each panel into a folder."""
    with open_context(settings) as context, connected(context.settings) as es:
        when = TimeRange(_day(context.now - timedelta(days=args.days - 1)), _day(context.now))
        drawn = pictures.of_dashboard(es, context.settings.index_prefix, when)
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(f"{args.folder}: {fault.strerror or fault}") from None
    for name, picture in drawn.items():
        _write(args.folder / f"kibana-{name}.svg", picture)
    print(f"{args.folder}: {len(drawn)} pictures")
    return 0


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise InputError(f"{file}: {fault.strerror or fault}") from None
