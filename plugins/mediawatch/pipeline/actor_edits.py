"""People's decisions on actors: written once, and the texts that they concern read again.

Nothing of it is mailed: the articles go on with the cause ``alias_edit``.
"""

from __future__ import annotations

from mediawatch.errors import InputError
from mediawatch.meaning import gazetteer
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.inputs import SHARED
from mediawatch.storage import meaning as storage
from mediawatch.storage.connection import transaction

SHORTEST = 3  # letters of an alias; two letters stand in every text


def add_alias(ctx: Context, actor_id: str, name: str, by: str) -> int:
    """Give a listed actor a further name; the number of articles that are read again.

    Raises:
        InputError: no such actor in the list, a name too short, or a name of somebody else.
    """
    name = " ".join(name.split())
    listed = gazetteer.load(SHARED / "actors")
    if actor_id not in listed.actors:
        raise InputError(
            f"{actor_id} is not in the list of actors; to say that two actors met in texts are one,"
            " use: mediawatch actors merge"
        )
    if len(name) < SHORTEST:
        raise InputError(f"{name!r} is too short: a name of {SHORTEST} letters or more is needed")
    others = {e.actor.actor_id: e.actor.name for e in listed.forms(name)} | {
        row["actor_id"]: row["name"] for row in storage.find_actors(ctx.conn, name)
    }
    others.pop(actor_id, None)
    if others:
        other_id, other = next(iter(others.items()))
        raise InputError(
            f"{name!r} is a name of {other} ({other_id}); take it from them first: mediawatch"
            f" actors split {other_id} {name!r}"
        )
    with transaction(ctx.conn) as conn:
        storage.decide(conn, "alias", actor_id, name, ctx.now, by)
        return storage.read_again(conn, actor_id=None, text=name, anywhere=True)


def merge(ctx: Context, actor_id: str, into_id: str, by: str) -> int:
    """Say that an actor is another one; the number of articles that are read again.

    Raises:
        InputError: one of the two was never met, or the other is already merged into this one.
    """
    for wanted in (actor_id, into_id):
        if not storage.is_known(ctx.conn, wanted):
            raise InputError(f"no actor has the id {wanted}; look it up: mediawatch actors show")
    merged = {
        row["actor_id"]: row["value"]
        for row in storage.decisions(ctx.conn)
        if row["kind"] == "merge"
    }
    end = into_id
    while end in merged:
        end = merged[end]
    if end == actor_id:
        raise InputError(
            f"{into_id} is {actor_id} already; undo that first: mediawatch actors undo"
        )
    with transaction(ctx.conn) as conn:
        storage.decide(conn, "merge", actor_id, into_id, ctx.now, by)
        return storage.read_again(conn, actor_id=actor_id, text=None, anywhere=False)


def split(ctx: Context, actor_id: str, name: str, by: str) -> int:
    """Say that a name does not mean an actor; the number of articles that are read again.

    Raises:
        InputError: the actor was never met.
    """
    if not storage.is_known(ctx.conn, actor_id):
        raise InputError(f"no actor has the id {actor_id}; look it up: mediawatch actors show")
    with transaction(ctx.conn) as conn:
        storage.decide(conn, "split", actor_id, name, ctx.now, by)
        return storage.read_again(conn, actor_id=actor_id, text=name, anywhere=False)


def undo(ctx: Context, decision_id: int) -> int:
    """Take a decision back; the number of articles that are read again.

    Raises:
        InputError: there is no such decision, or it was taken back before.
    """
    with transaction(ctx.conn) as conn:
        row = storage.undo_decision(conn, decision_id, ctx.now)
        if row is None:
            raise InputError(
                f"there is no decision {decision_id} that holds; see: mediawatch actors decisions"
            )
        if row["kind"] == "merge":
            return storage.read_again(conn, actor_id=row["value"], text=None, anywhere=False)
        return storage.read_again(conn, actor_id=None, text=row["value"], anywhere=True)
