"""``mediawatch reprocess``: make a stage again under the rules of today; nothing is mailed."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline import reprocess
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``reprocess``."""
    verb = verbs.add_parser("reprocess", help="make a stage again under the rules of today")
    verb.add_argument("--stage", required=True, choices=sorted(reprocess.STAGES))
    verb.add_argument(
        "--since",
        required=True,
        metavar="DATE",
        help="what was first seen since, such as 2026-05-01",
    )
    verb.add_argument("--json", action="store_true", help="for programs")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Make the stage again and print what changed."""
    since = read_since(args.since)
    with open_context(settings) as context:
        summary = reprocess.reprocess(context, args.stage, since)
    if args.json:
        examples = [asdict(example) for example in summary.examples]
        print(json.dumps({**summary.as_json(), "examples": examples}, ensure_ascii=False))
        return 0
    if not summary.counts:
        print(f"Nothing was first seen since {since:%Y-%m-%d %H:%M} UTC.")
    for name, count in summary.counts.items():
        print(f"{count:>9}  {name}")
    for name, count in summary.fields.items():
        print(f"{count:>9}  with another {name}")
    for example in summary.examples:
        print(f"  {example.article_id}  {example.field}: {example.before} → {example.after}")
    return 0


def read_since(given: str) -> datetime:
    """A day, or a time with its zone (UTC where it has none).

    Raises:
        InputError: it is neither.
    """
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"--since {given!r} is no date; write 2026-05-01 or 2026-05-01T08:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
