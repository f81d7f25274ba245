"""What the articles that a query finds have in common: how many by topic, actor, outlet, day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.search.expansion import expander
from mediawatch.search.finding import SECONDS, TOO_SLOW
from mediawatch.search.index import alias_name
from mediawatch.search.match_index import is_too_slow, query_string, runnable
from mediawatch.search.queries import Rewritten

FIELDS: Mapping[str, str] = {
    "language": "language",
    "outlet": "outlet_name",
    "topic": "topic_names",
    "actor": "actor_names",
}
SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Counts of articles: the most frequent values by name of :data:`FIELDS`, and by UTC day."""

    values: Mapping[str, tuple[tuple[str, int], ...]]
    days: tuple[tuple[str, int], ...]


def facets(es: Elasticsearch, prefix: str, query: Rewritten, days: int, today: date) -> Facets:
    """Count what a query finds; the days are those up to ``today`` (UTC) by ``first_seen_at``.

    The server keeps the answer for each month's index that has not changed: it would not if the
    days were given as counted from now.

    Raises:
        QueryError: a wildcard of the query stands for too many words.
        ServiceError: the server was too slow.
    """
    alias = alias_name(prefix)
    ready = runnable(query, expander(es, alias))
    first = (today - timedelta(days=days - 1)).isoformat()
    answer = es.search(
        index=alias,
        query={"bool": {"filter": [query_string(ready.text)]}},
        size=0,
        timeout=f"{SECONDS}s",
        request_cache=True,
        aggs={
            **{name: {"terms": {"field": f, "size": SHOWN}} for name, f in FIELDS.items()},
            "recent": {
                "filter": {"range": {"first_seen_at": {"gte": first}}},
                "aggs": {
                    "days": {
                        "date_histogram": {
                            "field": "first_seen_at",
                            "calendar_interval": "day",
                            "format": "yyyy-MM-dd",
                            "min_doc_count": 0,
                            "extended_bounds": {"min": first, "max": today.isoformat()},
                        }
                    }
                },
            },
        },
    )
    if is_too_slow(answer.body):
        raise ServiceError(TOO_SLOW)
    found = answer["aggregations"]
    return Facets(
        values={
            name: tuple((each["key"], each["doc_count"]) for each in found[name]["buckets"])
            for name in FIELDS
        },
        days=tuple(
            (each["key_as_string"], each["doc_count"])
            for each in found["recent"]["days"]["buckets"]
        ),
    )
