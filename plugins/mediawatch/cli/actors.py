"""``mediawatch actors``: look an actor up."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings
from mediawatch.storage import meaning as storage
from mediawatch.storage.connection import Connection


def add_parsers(verbs: Any) -> None:
    """Add the verb ``actors``."""
    verb = verbs.add_parser("actors", help="people, organisations, countries in the news")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="who an actor is, its names and how often it is met")
    show.add_argument("wanted", metavar="NAME|ID")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=run_show)


def run_show(args: argparse.Namespace, settings: Settings) -> int:
    """Print every actor of a name, or the one of an id."""
    with open_context(settings) as context:
        actors = [_shown(context.conn, row) for row in _wanted(context.conn, args.wanted)]
    if not actors:
        raise InputError(f"no actor is called {args.wanted!r}, in the list or in any article")
    if args.json:
        print(json.dumps(actors, ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(map(_text, actors)))
    return 0


def _wanted(conn: Connection, wanted: str) -> list[dict[str, Any]]:
    return storage.find_actors(conn, wanted) + storage.local_actors(conn, wanted)


def _shown(conn: Connection, row: dict[str, Any]) -> dict[str, Any]:
    aliases = [alias["alias"] for alias in storage.actor_aliases(conn, row["actor_id"])]
    return {
        "actor_id": row["actor_id"],
        "kind": row["kind"],
        "name": row["name"],
        "country": row.get("country_name"),
        "aliases": aliases,
        "mentions": storage.actor_mentions(conn, row["actor_id"]),
    }


def _text(actor: dict[str, Any]) -> str:
    country = f", {actor['country']}" if actor["country"] else ""
    lines = [f"{actor['name']}  {actor['actor_id']}  ({actor['kind']}{country})"]
    if actor["aliases"]:
        lines.append(f"  names: {', '.join(actor['aliases'])}")
    for named in actor["mentions"]:
        lines.append(  # noqa: PERF401
            f"  {named['mentions']} mentions in {named['articles']} articles as {named['name']}"
        )
    if not actor["mentions"]:
        lines.append("  not met in any article yet")
    return "\n".join(lines)
