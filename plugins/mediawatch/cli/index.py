"""``mediawatch index``: rebuild and verify the search index, and say what its fields mean."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mediawatch.cli.search import whole_number
from mediawatch.errors import InputError
from mediawatch.pipeline import search as steps
from mediawatch.pipeline import verification
from mediawatch.pipeline.context import open_context
from mediawatch.search import fields
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``index``."""
    verb = verbs.add_parser("index", help="rebuild or verify the search index")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("rebuild", help="build it anew from Postgres and swap it in one step")
    act.add_argument(
        "--per-second",
        type=whole_number(1, 1_000_000),
        metavar="N",
        help="write at most so many documents a second",
    )
    act.set_defaults(run=rebuild)
    act = acts.add_parser("verify", help="compare it with Postgres and mend what differs")
    act.set_defaults(run=verify)
    act = acts.add_parser("fields", help="print the page on what each field means")
    act.add_argument("file", type=Path, nargs="?", help="write it here instead")
    act.set_defaults(run=describe)


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; what it gives is called with (done, in all)."""
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def rebuild(args: argparse.Namespace, settings: Settings) -> int:
    """Rebuild the index; 1 when a document was refused."""
    with open_context(settings) as context, progress_bar("Rebuilding") as update:
        counts = steps.rebuild(context, update, args.per_second)
    print(json.dumps(counts))
    return 1 if counts["bad"] else 0


def verify(_args: argparse.Namespace, settings: Settings) -> int:
    """Verify and mend the index; the days that differed are printed, then the counts."""
    with open_context(settings) as context, progress_bar("Verifying") as update:
        found = verification.verify(context, update)
    for day, each in found.drift().items():
        print(
            f"{day}: Postgres {each.database.documents:,} documents ({each.database.content:016x}),"
            f" Elasticsearch {each.index.documents:,} ({each.index.content:016x})"
        )
    print(json.dumps(found.counts))
    return 0


def describe(args: argparse.Namespace, _settings: Settings) -> int:
    """Print or write the page on the fields."""
    page = fields.page()
    if args.file is None:
        print(page, end="")
        return 0
    try:
        args.file.write_text(page, encoding="utf-8")
    except OSError as fault:
        raise InputError(f"{args.file}: {fault.strerror or fault}") from None
    return 0
