"""People correct stories: merge, split and undo, as rows that outlive clustering. No mail comes
of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediawatch.errors import InputError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.story_merging import choose_again, choose_origins, merge_pairs
from mediawatch.storage import stories as storage
from mediawatch.storage import story_decisions as decisions
from mediawatch.storage.connection import Connection, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it was written down; ``story_id`` keeps what ``other_id`` gave or got."""

    decision_id: int
    story_id: str
    other_id: str


def merge(context: Context, one: str, other: str, by: str) -> Decided:
    """Let two stories be one from now on; the older goes on.

    Raises:
        InputError: one is unknown, or they are one story already.
    """
    with transaction(context.conn) as conn:
        storage.lock_clustering(conn)
        roots = [root_story(conn, one), root_story(conn, other)]
        if roots[0] == roots[1]:
            raise InputError(f"{one!r} and {other!r} are one story already")
        ((gone, kept),) = merge_pairs(conn, context, [(roots[0], roots[1])])
        decision_id = decisions.insert_decision(conn, "merge", kept, gone, [], by, context.now)
    return Decided(decision_id=decision_id, story_id=kept, other_id=gone)


def split(context: Context, story: str, leaving: Sequence[str], by: str) -> Decided:
    """Take articles out of a story into one of their own, which no clustering joins again.

    Raises:
        InputError: the story or an article is unknown, an article is of another story, or it
            is the one that founded the story.
    """
    with transaction(context.conn) as conn:
        storage.lock_clustering(conn)
        root = root_story(conn, story)
        members = storage.members(conn, [root]).get(root, [])
        article_ids = [_member(members, wanted, story) for wanted in leaving]
        if root in article_ids:
            raise InputError(
                f"{root!r} founded the story and stays in it; name the articles that do not belong"
            )
        # The first of them in the order of coming names the new story.
        order = [row["article_id"] for row in sorted(members, key=lambda row: row["article_no"])]
        article_ids.sort(key=order.index)
        new = article_ids[0]
        decisions.split_story(conn, root, new, article_ids, context.now)
        decision_id = decisions.insert_decision(
            conn, "split", root, new, article_ids, by, context.now
        )
        storage.change_stories(conn, [new], "split", context.now)
        choose_origins(conn, context, {new: article_ids})
        choose_again(conn, context, root)
    return Decided(decision_id=decision_id, story_id=root, other_id=new)


def undo(context: Context, decision_id: int) -> Decided:
    """Take a decision back: what was merged stands by itself, what was split joins again.

    Raises:
        InputError: there is no such decision, or it was taken back before.
    """
    with transaction(context.conn) as conn:
        storage.lock_clustering(conn)
        found = decisions.find_decision(conn, decision_id)
        if found is None:
            raise InputError(
                f"there is no decision {decision_id}; `mediawatch stories show` has it"
            )
        if found["undone_at"] is not None:
            raise InputError(f"decision {decision_id} was taken back before")
        decisions.undo_decision(conn, decision_id, context.now)
        kept, other = found["story_id"], found["other_id"]
        if found["kind"] == "split":
            merge_pairs(conn, context, [(kept, other)])
        else:
            decisions.restore_story(conn, other)
            storage.change_stories(conn, [other], "split", context.now)
            for story_id in (kept, other):
                choose_again(conn, context, storage.root_of(conn, [story_id])[story_id])
    return Decided(decision_id=decision_id, story_id=kept, other_id=other)


def root_story(conn: Connection, wanted: str) -> str:
    """The root of the story that a person means by an id or address.

    Raises:
        InputError: nothing has it.
    """
    found = storage.find_story(conn, wanted)
    if found is None:
        raise InputError(
            f"no story {wanted!r}; give the id of a story or article, or an address"
            " as `mediawatch search` prints it"
        )
    return storage.root_of(conn, [found])[found]


def _member(members: Sequence[storage.Row], wanted: str, story: str) -> str:
    for row in members:
        if wanted in (row["article_id"], row["url"]):
            return str(row["article_id"])
    raise InputError(f"no article {wanted!r} in the story {story!r}; `mediawatch stories show` it")
