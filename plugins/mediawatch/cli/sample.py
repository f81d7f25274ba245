"""``mediawatch sample …``: the sample newsroom, for trying out and for tests."""

from __future__ import annotations

import argparse
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mediawatch.settings import Settings
from mediawatch.stack import sample_server

SAMPLE = "sample"
HIGHEST_PORT = 65_535


def add_parsers(verbs: Any) -> None:
    """Add the verb ``sample``."""
    sample = verbs.add_parser("sample", help="the sample newsroom: six sources of invented news")
    acts = sample.add_subparsers(dest="act", required=True, metavar="ACT")
    serve = acts.add_parser("serve", help="serve it on the loopback address until interrupted")
    serve.add_argument("--port", type=_port, default=0, help="0: the last one, or any free one")
    serve.set_defaults(run=run_serve)
    advance = acts.add_parser("advance", help="bring out the edition with a corrected article")
    advance.set_defaults(run=run_advance)


def run_serve(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until the person interrupts."""
    home = _settings(settings).profile_home
    with sample_server.start(home, datetime.now(UTC), args.port) as server:
        print(f"The sample newsroom is at {server.base_url}; its sources:")
        for line in sample_server.addresses(server.port):
            print(f"  {line}")
        print("Stop it with Ctrl-C.", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


def run_advance(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    """Bring out the second edition."""
    sample_server.advance(_settings(settings).profile_home)
    print("The second edition is out: one article is corrected.")
    return 0


def _settings(settings: Settings) -> Settings:
    """The newsroom belongs to the profile ``sample`` unless another one is named."""
    return settings if settings.profile != "own" else replace(settings, profile=SAMPLE)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; use 0 to {HIGHEST_PORT}")
    return int(text)
