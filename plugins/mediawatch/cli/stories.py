"""``mediawatch stories``: look at a story, its copies and how each came to it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings
from mediawatch.storage import stories as storage


def add_parsers(verbs: Any) -> None:
    """Add the verb ``stories`` with ``show``."""
    verb = verbs.add_parser("stories", help="the articles that carry the same text")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="a story with its articles")
    show.add_argument("story", help="the id of a story or article, or an article's address")
    show.add_argument("--json", action="store_true", help="for programs")
    show.set_defaults(run=run_show)


def run_show(args: argparse.Namespace, settings: Settings) -> int:
    """Print the story, the stories merged into it left in."""
    with open_context(settings) as context:
        found = storage.find_story(context.conn, args.story)
        if found is None:
            raise InputError(
                f"no story {args.story!r}; give the id of a story or article, or an address"
                " as `mediawatch search` prints it"
            )
        root = storage.root_of(context.conn, [found])[found]
        members = storage.members(context.conn, [root]).get(root, [])
    if args.json:
        print(json.dumps({"story": root, "articles": members}, default=str, ensure_ascii=False))
        return 0
    outlets = len({row["outlet_id"] for row in members if row["outlet_id"]})
    print(f"story {root}: {len(members)} articles, {outlets} known outlets")
    for row in members:
        print(_line(row))
    return 0


def _line(row: storage.Row) -> str:
    relation = row["relation"]
    if row["of_article_id"]:
        relation += f" of {row['of_article_id'][:14]} ({row['similarity']:.2f})"
    dated = f"{row['dated_at']:%Y-%m-%d %H:%M}"
    where = row["outlet_id"] or "outlet not known"
    return f"  {dated}  {where}  {relation}\n    {row['title']}\n    {row['url'] or 'no address'}"
