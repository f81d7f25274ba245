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
    top.add_argument(
        "--profile", help="act on this profile instead of 'own'; may stand before or after the verb"
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for module in sorted(m.name for m in pkgutil.iter_modules(mediawatch.cli.__path__)):
        importlib.import_module(f"mediawatch.cli.{module}").add_parsers(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0 done, 1 the job could not be done, 2 wrong use."""
    profile, rest = _profile(arguments)
    args = parser().parse_args(rest)
    env = dict(os.environ)
    if profile:
        env["MEDIAWATCH_PROFILE"] = profile
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


def _profile(arguments: Sequence[str] | None) -> tuple[str | None, list[str]]:
    """The value of ``--profile``, wherever it stands, and the other arguments."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--profile")
    known, rest = first.parse_known_args(arguments)
    return known.profile, rest
