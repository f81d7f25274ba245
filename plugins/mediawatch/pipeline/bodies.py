"""What a server sent, kept so that it can be read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mediawatch.pipeline.buried import names_forgotten
from mediawatch.pipeline.context import Context
from mediawatch.sources.fetching import Fetched
from mediawatch.sources.opt_outs import opt_outs
from mediawatch.storage import sources as storage


def keep_bodies(ctx: Context, answers: Sequence[tuple[Fetched, str]]) -> None:
    """Keep answers as they came, each with what read it (a parser and its version).

    One that names who was forgotten is not kept.
    """
    named = names_forgotten(ctx, [result.body for result, _ in answers]) if answers else []
    pairs = zip(answers, named, strict=True)
    # In one order, so that two writers of the same bodies wait and never deadlock.
    for (result, parser), is_named in sorted(pairs, key=lambda pair: pair[0][0].sha256):
        if not is_named:
            _keep(ctx, result, None, parser)


def keep_body(ctx: Context, result: Fetched, month: date, *, is_reserved: bool) -> None:
    """Keep a page as it came, in the month of its entry.

    Its articles say what read it. Whether it names who was forgotten is judged when its article
    is made. ``is_reserved``: its site reserves text and data mining there.
    """
    _keep(ctx, result, month, None, is_reserved=is_reserved)


def _keep(
    ctx: Context,
    result: Fetched,
    month: date | None,
    parser: str | None,
    *,
    is_reserved: bool = False,
) -> None:
    storage.add_raw_body(
        ctx.conn,
        result.sha256,
        result.body,
        url=result.url,
        content_type=result.content_type,
        headers=result.headers,
        opt_outs=opt_outs(result.headers, result.body, is_reserved=is_reserved),
        parser=parser,
        fetched_at=ctx.now,
        month=month,
    )
