"""Which watches find far more stories than usual, asked of the archive."""

from __future__ import annotations

from collections.abc import Mapping

from elasticsearch import Elasticsearch

from mediawatch.alerts import spikes
from mediawatch.alerts.matching import Searcher
from mediawatch.errors import QueryError
from mediawatch.model import Match, Reason, Spike
from mediawatch.pipeline.context import Context
from mediawatch.search import hours
from mediawatch.search.match_index import Search
from mediawatch.storage import alerts as storage

NAMED = 10


def find_spikes(
    context: Context,
    es: Elasticsearch,
    searchers: Mapping[str, Searcher],
    searches: Mapping[str, Search],
    live: Mapping[str, str],
) -> list[Match]:
    """A match for each watch that asks for spikes and has one now.

    ``live`` has the watches that found something new in this pass, each with an article of it:
    the others are not looked at, so that the cost is that of what happens.
    """
    asking = [name for name in live if "spike" in searchers[name].news]
    if not asking:
        return []
    prefix, now = context.settings.index_prefix, context.now
    asking = storage.spiking_watches(context.conn, asking, now - spikes.COOLDOWN)
    since = hours.oldest(es, prefix)
    if since is None:
        return []
    windows = spikes.windows(now, since)
    lag = int(context.settings.alert_window.total_seconds())
    found: list[Match] = []
    for watch_id in asking:
        search = searches[watch_id]
        try:
            counts = hours.stories(es, prefix, search.query, search.languages, windows, lag)
        except QueryError as fault:
            storage.watch_failed(context.conn, watch_id, fault.message)
            continue
        usual = spikes.usual(counts)
        if usual is None:
            continue
        newest = hours.newest(es, prefix, search.query, search.languages, windows[0], NAMED)
        spike = Spike(stories=counts[0], usual=usual, until=now, article_ids=tuple(newest))
        found.append(
            Match(
                watch_id=watch_id,
                unit="watch",
                unit_id=watch_id,
                cause_key=f"spike:{now:%Y-%m-%dT%H}",
                article_id=newest[0] if newest else live[watch_id],
                version_no=1,
                reason=Reason(
                    part="field",
                    sentence="",
                    marks=(),
                    start=0,
                    clauses=(search.query.query,),
                    spike=spike,
                ),
                state="live",
            )
        )
    return found
