"""``mediawatch backfill``: old texts, by hand: searched, counted and clustered, never mailed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich import progress as bars
from rich.console import Console

from mediawatch.errors import InputError
from mediawatch.pipeline import archives, pasts
from mediawatch.pipeline.context import open_context
from mediawatch.pipeline.progress import Progress, silent
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``backfill``."""
    verb = verbs.add_parser("backfill", help="take in archives, or the past of a source; no mails")
    verb.add_argument(
        "path",
        nargs="*",
        help="a WARC file, or a folder of WARC files or seeds, below the seed roots",
    )
    verb.add_argument("--source", help="the id or address of a feed or sitemap: its own past")
    verb.add_argument("--since", default="", help="pages captured on this day or later")
    verb.add_argument("--until", default="", help="pages captured on this day or earlier")
    verb.add_argument("--domains", default="", help="only of these sites, with commas")
    verb.add_argument("--languages", default="", help="only in these languages, such as en,fr")
    verb.add_argument("--json", action="store_true", help="answer as JSON")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read each place, or the past of a source; ended anywhere, the next call goes on there."""
    if bool(args.path) == bool(args.source):
        raise InputError("give either the paths of archives or --source NAME")
    choice = (args.since, args.until, args.domains, args.languages)
    if args.source and any(choice):
        raise InputError("--since, --until, --domains and --languages are for archives")
    counts: Counter[str] = Counter()
    with open_context(settings) as ctx:
        for place in args.path or [args.source]:
            with _bar(place) as progress:
                if args.source:
                    counts.update(pasts.read_past(ctx, place, progress=progress))
                else:
                    counts.update(archives.read_archive(ctx, place, *choice, progress=progress))
    if args.json:
        print(json.dumps(counts))
        return 0
    print(", ".join(f"{name} {number}" for name, number in counts.items()))
    if counts["new"]:
        print("They are worked on at the next run: `mediawatch run`, or by Airflow when it is up.")
    return 0


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    """A bar on the terminal; nothing where errors go to a file."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield silent
        return
    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        "{task.percentage:>3.0f} %",
    )
    with bars.Progress(*columns, bars.TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
