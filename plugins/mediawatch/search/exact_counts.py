"""Exact numbers: how many articles, stories or events a query finds, in all or by day, outlet …

Elasticsearch's own count of different values is an estimate, and so is its list of the largest.
Here every pair of key and unit is walked through in pages and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.search.export_columns import Unit
from mediawatch.search.reading import Asked, Json, count, refused_as_query_error

PAGE = 10_000
SECONDS = 60
DAYS = 30
# A query that finds this much of the archive is no search.
MUCH = 0.5
FIELDS: Mapping[str, str] = {
    "day": "dated_at",
    "outlet": "outlet_name",
    "actor": "actor_names",
    "topic": "topic_names",
}
# One article has several of these, so that the numbers do not add up to the whole.
SEVERAL = frozenset({"actor", "topic"})
_TOO_SLOW = "counting took too long: make the query narrower"
_MARKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query finds over time: articles a day, and its share of the whole archive (0 to 1)."""

    per_day: float
    share: float


def units(es: Elasticsearch, found: Asked, unit: Unit) -> int:
    """How many different units a query finds, exactly.

    Raises:
        QueryError, ServiceError: the server refuses the query, or is too slow.
    """
    if unit == "article":
        return count(es, found)
    return sum(1 for _ in _buckets(es, found, [_term("unit", f"{unit}_id")]))


def by(es: Elasticsearch, found: Asked, key: str, unit: Unit) -> dict[str | None, int]:
    """How many different units a query finds for each day, outlet, actor or topic, exactly.

    Days come in order, those without any too; other keys the largest first. The key None stands
    for what has none.

    Raises:
        QueryError, ServiceError: the server refuses the query, or is too slow.
    """
    field = FIELDS[key]
    if key == "day":
        day = {"field": field, "calendar_interval": "1d", "format": "strict_date"}
        source: Json = {"key": {"date_histogram": day}}
    else:
        source = _term("key", field)
    numbers: Counter[str | None] = Counter()
    if unit == "article":
        for bucket in _buckets(es, found, [source]):
            numbers[bucket["key"]["key"]] += bucket["doc_count"]
    else:
        for bucket in _buckets(es, found, [source, _term("unit", f"{unit}_id")]):
            numbers[bucket["key"]["key"]] += 1
    if key == "day":
        return dict(_without_gaps({day: n for day, n in numbers.items() if day}))
    return dict(sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0] or "")))


def cost(es: Elasticsearch, found: Asked, now: datetime) -> Cost:
    """What a query finds a day over the last 30 days, and how much of the archive it is."""
    since = {"range": {"dated_at": {"gte": (now - timedelta(days=DAYS)).isoformat()}}}
    with refused_as_query_error(_TOO_SLOW):
        recent = es.count(index=found.alias, query={"bool": {"filter": [found.filter(), since]}})[
            "count"
        ]
        every = es.count(index=found.alias)["count"]
    return Cost(per_day=recent / DAYS, share=count(es, found) / every if every else 0.0)


def sparkline(numbers: Sequence[int]) -> str:
    """Numbers as a line of bars; nothing at all stays a blank bar of the lowest kind."""
    most = max(numbers, default=0)
    if most == 0:
        return _MARKS[0] * len(numbers)
    return "".join(
        _MARKS[0] if number == 0 else _MARKS[1 + (number * (len(_MARKS) - 2)) // most]
        for number in numbers
    )


def binned(days: Mapping[str | None, int], most: int) -> list[int]:
    """The numbers of days in a row, several days in one where there are more than ``most``."""
    numbers = list(days.values())
    wide = -(-len(numbers) // most) or 1
    return [sum(numbers[start : start + wide]) for start in range(0, len(numbers), wide)]


def _term(name: str, field: str) -> Json:
    return {name: {"terms": {"field": field, "missing_bucket": True}}}


def _buckets(es: Elasticsearch, found: Asked, sources: Sequence[Json]) -> Iterator[Json]:
    composite: Json = {"size": PAGE, "sources": list(sources)}
    while True:
        with refused_as_query_error(_TOO_SLOW):
            answer = es.options(request_timeout=2 * SECONDS).search(
                index=found.alias,
                query=found.filter(),
                size=0,
                track_total_hits=False,
                timeout=f"{SECONDS}s",
                aggs={"all": {"composite": composite}},
            )
        if answer["timed_out"]:
            raise ServiceError(_TOO_SLOW)
        buckets: list[Json] = answer["aggregations"]["all"]["buckets"]
        yield from buckets
        if len(buckets) < PAGE:
            return
        composite = {**composite, "after": answer["aggregations"]["all"]["after_key"]}


def _without_gaps(days: Mapping[str, int]) -> Iterator[tuple[str | None, int]]:
    if not days:
        return
    day, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    if (last - day).days > PAGE:  # an archive of centuries: only the days that there are
        yield from sorted(days.items())
        return
    while day <= last:
        yield day.isoformat(), days.get(day.isoformat(), 0)
        day += timedelta(days=1)
