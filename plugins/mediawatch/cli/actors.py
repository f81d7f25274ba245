"""``mediawatch actors``: look an actor up, and decide what its names mean."""

from __future__ import annotations

import argparse
import json
from getpass import getuser
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline import actor_edits
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
    alias = acts.add_parser("alias", help="give an actor of the list a further name")
    alias.add_argument("actor_id", metavar="ID")
    alias.add_argument("name", metavar="NAME")
    alias.set_defaults(run=run_alias)
    merge = acts.add_parser("merge", help="say that an actor is another one")
    merge.add_argument("actor_id", metavar="ID")
    merge.add_argument("into_id", metavar="INTO")
    merge.set_defaults(run=run_merge)
    split = acts.add_parser("split", help="say that a name does not mean an actor")
    split.add_argument("actor_id", metavar="ID")
    split.add_argument("name", metavar="NAME")
    split.set_defaults(run=run_split)
    undo = acts.add_parser("undo", help="take such a decision back")
    undo.add_argument("decision_id", metavar="NUMBER", type=int)
    undo.set_defaults(run=run_undo)
    decided = acts.add_parser("decisions", help="what was decided and holds")
    decided.set_defaults(run=run_decisions)


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


def run_alias(args: argparse.Namespace, settings: Settings) -> int:
    """Give a listed actor a further name."""
    with open_context(settings) as context:
        return _again(actor_edits.add_alias(context, args.actor_id, args.name, getuser()))


def run_merge(args: argparse.Namespace, settings: Settings) -> int:
    """Say that an actor is another one."""
    with open_context(settings) as context:
        return _again(actor_edits.merge(context, args.actor_id, args.into_id, getuser()))


def run_split(args: argparse.Namespace, settings: Settings) -> int:
    """Say that a name does not mean an actor."""
    with open_context(settings) as context:
        return _again(actor_edits.split(context, args.actor_id, args.name, getuser()))


def run_undo(args: argparse.Namespace, settings: Settings) -> int:
    """Take a decision back."""
    with open_context(settings) as context:
        return _again(actor_edits.undo(context, args.decision_id))


def run_decisions(_: argparse.Namespace, settings: Settings) -> int:
    """Print the decisions that hold."""
    words = {"alias": "is also called", "merge": "is", "split": "is not"}
    with open_context(settings) as context:
        rows = storage.decisions(context.conn)
    for row in rows:
        print(
            f"{row['decision_id']:>5}  {row['actor_id']} {words[row['kind']]} {row['value']}"
            f"  ({row['decided_by']}, {row['decided_at']:%Y-%m-%d})"
        )
    if not rows:
        print("Nothing was decided.")
    return 0


def _again(articles: int) -> int:
    print(f"Done. {articles} articles are read again; nothing of it is mailed.")
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
