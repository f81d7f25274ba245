"""The program ``mediawatch``: one file a room, each adding its own verbs."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import mediawatch.cli
from mediawatch.errors import MediawatchError
from mediawatch.settings import Settings


def parser() -> argparse.ArgumentParser:
    """The parser with the verbs of every room."""
    top = argparse.ArgumentParser(
        prog="mediawatch", description="Media monitoring on a laptop or a server."
    )
    top.add_argument("--profile", help="act on this profile instead of 'own'")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for module in sorted(m.name for m in pkgutil.iter_modules(mediawatch.cli.__path__)):
        importlib.import_module(f"mediawatch.cli.{module}").add_parsers(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0 done, 1 the job could not be done, 2 wrong use."""
    args = parser().parse_args(arguments)
    env = dict(os.environ)
    if args.profile:
        env["MEDIAWATCH_PROFILE"] = args.profile
    try:
        return int(args.run(args, Settings.from_env(env)))
    except MediawatchError as fault:
        print(f"mediawatch: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mediawatch: stopped", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
