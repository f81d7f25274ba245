"""``mediawatch export``: what a query finds as a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mediawatch.cli.index import progress_bar
from mediawatch.errors import InputError, QueryError
from mediawatch.pipeline import export as steps
from mediawatch.pipeline.context import open_context
from mediawatch.search.export import FORMATS, NO_HOME, Wish
from mediawatch.search.export_columns import UNITS
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``export``."""
    verb = verbs.add_parser(
        "export", help="write what a query finds to a file, with a codebook and a checksum"
    )
    verb.add_argument("query", help="as for `mediawatch search`")
    verb.add_argument("file", type=Path, help="such as trial.csv; its ending names the format")
    verb.add_argument("--format", choices=FORMATS, help="when the file's ending does not say it")
    verb.add_argument("--unit", choices=UNITS, default="article", help="what a row stands for")
    verb.add_argument(
        "--bodies", action="store_true", help="whole texts too; mind the publishers' rights"
    )
    verb.set_defaults(run=export)


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Export; 2 when the query is wrong."""
    form = args.format or args.file.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise InputError(f"{args.file}: say the format with --format {{{','.join(FORMATS)}}}")
    wish = Wish(
        query=args.query,
        form=form,
        unit=args.unit,
        bodies=args.bodies,
        home=settings.public_url or NO_HOME,
    )
    try:
        with open_context(settings) as context, progress_bar("Exporting") as update:
            done = steps.write(context, wish, args.file, update)
    except QueryError as fault:
        print(f"mediawatch: query: {fault}", file=sys.stderr)
        return 2
    print(f"{args.file}: {done.rows:,} rows of {done.articles:,} articles, sha256 {done.checksum}")
    return 0
