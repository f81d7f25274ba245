"""What a server sent, kept so that it can be read again."""

from __future__ import annotations

from datetime import date

from mediawatch.pipeline.buried import names_forgotten
from mediawatch.pipeline.context import Context
from mediawatch.sources.fetching import Fetched
from mediawatch.storage import sources as storage


def keep_body(
    ctx: Context, result: Fetched, month: date | None = None, *, parser: str | None = None
) -> None:
    """Keep an answer as it came, in the month of its entry (None: this month).

    ``parser`` is what read it, with its version; None for a page, whose articles say so. A feed
    that names who was forgotten is not kept; a page is judged when its article is made.
    """
    if parser is not None and names_forgotten(ctx, result.body):
        return
    storage.add_raw_body(
        ctx.conn,
        result.sha256,
        result.body,
        url=result.url,
        content_type=result.content_type,
        headers=result.headers,
        parser=parser,
        fetched_at=ctx.now,
        month=month,
    )
