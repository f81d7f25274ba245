"""``mediawatch step NAME`` runs a step here and now, as its DAG would; ``migrate`` comes first."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mediawatch.pipeline import steps
from mediawatch.settings import Settings
from mediawatch.stack import services


def add_parsers(verbs: Any) -> None:
    """Add the verbs ``step`` and ``migrate``."""
    verb = verbs.add_parser("step", help="run one step of the pipeline here and now")
    verb.add_argument("name", choices=sorted(steps.STEPS))
    verb.add_argument("arguments", nargs="*", help="what the step takes, such as a folder")
    verb.set_defaults(run=run)
    verb = verbs.add_parser("migrate", help="bring the database up to date")
    verb.set_defaults(run=migrate)


def migrate(_args: argparse.Namespace, settings: Settings) -> int:
    """Apply the missing migrations and make the partitions of these days."""
    applied = services.prepare_database(services.resolve(settings).database_url or "")
    print(f"Applied: {', '.join(applied)}" if applied else "The database is up to date.")
    return 0


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run the step and print its counts as JSON."""
    print(json.dumps(steps.run(args.name, settings, None, *args.arguments)))
    return 0
