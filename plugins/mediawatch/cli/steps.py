"""``mediawatch step NAME``: run one step of the pipeline here and now, as its DAG would."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mediawatch.pipeline import steps
from mediawatch.settings import Settings


def add_parsers(verbs: Any) -> None:
    """Add the verb ``step``."""
    verb = verbs.add_parser("step", help="run one step of the pipeline here and now")
    verb.add_argument("name", choices=sorted(steps.STEPS))
    verb.add_argument("arguments", nargs="*", help="what the step takes, such as a folder")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run the step and print its counts as JSON."""
    print(json.dumps(steps.run(args.name, settings, None, *args.arguments)))
    return 0
