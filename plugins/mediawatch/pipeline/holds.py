"""Legal holds: what is kept for a court, hidden or not, until the hold is lifted."""

from __future__ import annotations

from mediawatch.errors import InputError
from mediawatch.pipeline import forget
from mediawatch.pipeline.context import Context
from mediawatch.storage import forget as storage
from mediawatch.storage.connection import transaction


def place(ctx: Context, kind: str, value: str, reason: str, by: str) -> tuple[int, int]:
    """Keep the articles of a person, address or source; the hold's number and how many.

    Of a source also what it will still bring; of a person what names them now.

    Raises:
        InputError: there is no such person, address or source.
    """
    source_id = None
    if kind == "person":
        wanted = forget.who(ctx.conn, value)
        ctx.conn.rollback()
        found = forget.articles_naming(ctx, wanted)
    elif kind == "url":
        _, found = forget.at(ctx, value)
    else:
        source_id = forget.find_source(ctx, value)["source_id"]
        found = []
    if source_id is None and not found:
        raise InputError(f"there is no article to keep for {value!r}")
    with transaction(ctx.conn) as conn:
        return storage.place_hold(conn, found, source_id, reason, by, ctx.now), len(found)


def lift(ctx: Context, number: int) -> int:
    """End a hold and erase what was forgotten under it; how many articles.

    Raises:
        InputError: there is no such hold, or it was lifted before.
    """
    with transaction(ctx.conn) as conn:
        if not storage.lift_hold(conn, number, ctx.now):
            raise InputError(f"no hold {number} stands; see `mediawatch forget list`")
    return forget.erase_hidden(ctx)
