"""The daily chores: partitions made ahead, old raw bodies dropped, forgotten indices removed."""

from __future__ import annotations

from datetime import timedelta

from mediawatch.pipeline.context import Context, Counts
from mediawatch.search.match_index import drop_forgotten
from mediawatch.search.server import connected
from mediawatch.storage import pipeline as storage
from mediawatch.storage.connection import transaction

RAW_BODIES_KEPT = timedelta(days=90)
# Longer than any task may run: what is older was left behind by a killed one.
MATCH_INDICES_KEPT = timedelta(hours=1)


def maintain(context: Context) -> Counts:
    """Do the chores of one day; running it twice does nothing more."""
    today = context.now.date()
    with transaction(context.conn) as conn:
        made = storage.make_partitions(conn, today)
    with transaction(context.conn) as conn:
        dropped = storage.drop_raw_bodies(conn, today - RAW_BODIES_KEPT)
    with connected(context.settings) as es:
        prefix = context.settings.index_prefix
        forgotten = drop_forgotten(es, prefix, context.now - MATCH_INDICES_KEPT)
    return {"partitions_made": made, "raw_months_dropped": dropped, "indices_dropped": forgotten}
