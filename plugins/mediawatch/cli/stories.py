"""``mediawatch stories``: look at a story and how each copy came to it; correct it by hand."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import Any

from mediawatch.pipeline import story_decisions
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings
from mediawatch.storage import stories as storage
from mediawatch.storage import story_decisions as decision_storage

WANTED = "the id of a story or article, or an article's address"
WHY_ORIGIN = {
    "agency": "a news agency's own publication",
    "earliest": "the earliest",
    "outlet": "as early as another, from the larger outlet",
    "first_seen": "the first that was seen",
}


def add_parsers(verbs: Any) -> None:
    """Add the verb ``stories`` with ``show``, ``merge``, ``split`` and ``undo``."""
    verb = verbs.add_parser("stories", help="the articles that carry the same text")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="a story with its articles and what was decided of it")
    show.add_argument("story", help=WANTED)
    show.add_argument("--json", action="store_true", help="for programs")
    show.set_defaults(run=run_show)
    merge = acts.add_parser("merge", help="let two stories be one")
    merge.add_argument("story", help=WANTED)
    merge.add_argument("other", help=WANTED)
    merge.set_defaults(run=run_merge)
    split = acts.add_parser("split", help="take articles out of a story, for good")
    split.add_argument("story", help=WANTED)
    split.add_argument("articles", nargs="+", help="ids or addresses of those that leave")
    split.set_defaults(run=run_split)
    undo = acts.add_parser("undo", help="take a merge or split back")
    undo.add_argument("decision", type=int, help="its number, as show and the act itself print it")
    undo.set_defaults(run=run_undo)
    for act in (merge, split):
        act.add_argument("--by", default=getpass.getuser(), help="who decides; you by default")


def run_show(args: argparse.Namespace, settings: Settings) -> int:
    """Print the story, the stories merged into it left in."""
    with open_context(settings) as context:
        root = story_decisions.root_story(context.conn, args.story)
        story = storage.story_row(context.conn, root)
        members = storage.members(context.conn, [root]).get(root, [])
        decided = decision_storage.decisions_of(context.conn, [root, *story["merged"]])
    if args.json:
        found = {"story": root, **story, "articles": members, "decisions": decided}
        print(json.dumps(found, default=str, ensure_ascii=False))
        return 0
    outlets = len({row["outlet_id"] for row in members if row["outlet_id"]})
    print(f"story {root}: {len(members)} articles, {outlets} known outlets")
    if story["event_id"]:
        print(f"  event {story['event_id']}")
    if story["repeat_of"]:
        print(f"  repeats the text of story {story['repeat_of']}")
    for row in members:
        is_origin = row["article_id"] == story["origin_article_id"]
        print(_line(row, WHY_ORIGIN[story["origin_reason"]] if is_origin else None))
    for row in decided:
        undone = f", taken back {row['undone_at']:%Y-%m-%d %H:%M}" if row["undone_at"] else ""
        print(
            f"  decision {row['decision_id']}: {row['kind']} {row['other_id']} by"
            f" {row['decided_by']}, {row['decided_at']:%Y-%m-%d %H:%M}{undone}"
        )
    return 0


def run_merge(args: argparse.Namespace, settings: Settings) -> int:
    """Merge two stories and say how to take it back."""
    with open_context(settings) as context:
        found = story_decisions.merge(context, args.story, args.other, args.by)
    print(f"{found.other_id} goes on in {found.story_id}")
    print(f"take it back with `mediawatch stories undo {found.decision_id}`")
    return 0


def run_split(args: argparse.Namespace, settings: Settings) -> int:
    """Split articles off and say how to take it back."""
    with open_context(settings) as context:
        found = story_decisions.split(context, args.story, args.articles, args.by)
    print(f"{found.other_id} is a story of its own, apart from {found.story_id}")
    print(f"take it back with `mediawatch stories undo {found.decision_id}`")
    return 0


def run_undo(args: argparse.Namespace, settings: Settings) -> int:
    """Take a decision back."""
    with open_context(settings) as context:
        found = story_decisions.undo(context, args.decision)
    print(f"decision {found.decision_id} on {found.story_id} and {found.other_id} is taken back")
    return 0


def _line(row: storage.Row, why_origin: str | None) -> str:
    relation = row["relation"]
    if row["of_article_id"]:
        relation += f" of {row['of_article_id'][:14]} ({row['similarity']:.2f})"
    if why_origin:
        relation += f"; the origin: {why_origin}"
    dated = f"{row['dated_at']:%Y-%m-%d %H:%M}"
    where = row["outlet_id"] or "outlet not known"
    return (
        f"  {dated}  {where}  {relation}\n    {row['title']}\n    {row['url'] or 'no address'}"
        f"\n    {row['article_id']}"
    )
