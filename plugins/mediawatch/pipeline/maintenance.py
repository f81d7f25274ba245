"""The daily chores: partitions made ahead, old raw bodies dropped, forgotten indices removed."""

from __future__ import annotations

from datetime import timedelta

from mediawatch.pipeline.context import Context, Counts
from mediawatch.storage import pipeline as storage
from mediawatch.storage.connection import transaction

RAW_BODIES_KEPT = timedelta(days=90)


def maintain(context: Context) -> Counts:
    """Do the chores of one day; running it twice does nothing more."""
    today = context.now.date()
    with transaction(context.conn) as conn:
        made = storage.make_partitions(conn, today)
    with transaction(context.conn) as conn:
        dropped = storage.drop_raw_bodies(conn, today - RAW_BODIES_KEPT)
    return {"partitions_made": made, "raw_months_dropped": dropped}
