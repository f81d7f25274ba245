"""The stories that a query finds in a stretch of time: how many, which are newest, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from mediawatch.errors import QueryError
from mediawatch.search.expansion import expander
from mediawatch.search.index import alias_name
from mediawatch.search.match_index import query_string, runnable
from mediawatch.search.queries import Rewritten
from mediawatch.search.server import reason_of

SECONDS = 10
# Elasticsearch gives no more in one answer.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class StorySeen:
    """A story by the first of its articles that was found: its title, outlet and when we saw it."""

    story_id: str
    title: str
    outlet: str | None
    first_seen_at: datetime


def oldest(es: Elasticsearch, prefix: str) -> datetime | None:
    """When the first article of the archive was first seen; None for an empty one, or none."""
    if not es.indices.exists_alias(name=alias_name(prefix)):
        return None
    answer = es.search(
        index=alias_name(prefix), size=0, aggs={"first": {"min": {"field": "first_seen_at"}}}
    )
    found = answer["aggregations"]["first"].get("value_as_string")
    return datetime.fromisoformat(found) if found else None


def stories(
    es: Elasticsearch,
    prefix: str,
    query: Rewritten,
    languages: Sequence[str],
    windows: Sequence[tuple[datetime, datetime]],
    lag_seconds: int,
) -> list[int]:
    """The stories first seen in each window (from, to]: those whose first article is found.

    Articles that were older than ``lag_seconds`` when first seen do not count: they tell when we
    read, not when things happened.

    Raises:
        QueryError: the query cannot be run.
    """
    first, last = min(start for start, _ in windows), max(end for _, end in windows)
    try:
        answer = es.search(
            index=alias_name(prefix),
            size=0,
            timeout=f"{SECONDS}s",
            query={
                "bool": {
                    "filter": _firsts(es, prefix, query, languages, (first, last)),
                    "must_not": [{"range": {"lag_seconds": {"gt": lag_seconds}}}],
                }
            },
            aggs={
                str(number): {"filter": _seen_in(window)} for number, window in enumerate(windows)
            },
        )
    except BadRequestError as fault:
        raise QueryError(f"the server refuses the query: {reason_of(fault.body)}") from fault
    found = answer["aggregations"]
    return [int(found[str(number)]["doc_count"]) for number in range(len(windows))]


def newest(
    es: Elasticsearch,
    prefix: str,
    query: Rewritten,
    languages: Sequence[str],
    window: tuple[datetime, datetime],
    limit: int,
) -> list[str]:
    """The first articles of the newest stories in a window, newest first, by id."""
    answer = es.search(
        index=alias_name(prefix),
        size=limit,
        source=False,
        timeout=f"{SECONDS}s",
        query={"bool": {"filter": _firsts(es, prefix, query, languages, window)}},
        sort=[{"first_seen_at": "desc"}, {"article_id": "asc"}],
    )
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def found(
    es: Elasticsearch,
    prefix: str,
    query: Rewritten,
    languages: Sequence[str],
    window: tuple[datetime, datetime],
    lag_seconds: int,
) -> list[StorySeen]:
    """Every story of which an article was found in a window, by its first one, oldest first.

    At most 10,000. Articles older than ``lag_seconds`` when first seen do not count.

    Raises:
        QueryError: the query cannot be run.
    """
    ready = runnable(query, expander(es, alias_name(prefix)))
    filters = [query_string(ready.text), _seen_in(window)]
    if languages:
        filters.append({"terms": {"language": list(languages)}})
    late = {"range": {"lag_seconds": {"gt": lag_seconds}}}
    try:
        answer = es.search(
            index=alias_name(prefix),
            size=MOST,
            timeout=f"{SECONDS}s",
            query={"bool": {"filter": filters, "must_not": [late]}},
            collapse={"field": "story_id"},
            sort=[{"first_seen_at": "asc"}, {"article_id": "asc"}],
            source={"includes": ["story_id", "title", "outlet_name", "first_seen_at"]},
        )
    except BadRequestError as fault:
        raise QueryError(f"the server refuses the query: {reason_of(fault.body)}") from fault
    return [
        StorySeen(
            story_id=hit["_source"]["story_id"],
            title=hit["_source"]["title"],
            outlet=hit["_source"].get("outlet_name"),
            first_seen_at=datetime.fromisoformat(hit["_source"]["first_seen_at"]),
        )
        for hit in answer["hits"]["hits"]
    ]


def counts(
    es: Elasticsearch, prefix: str, texts: Sequence[str], window: tuple[datetime, datetime]
) -> list[int | None]:
    """How many articles each rewritten string finds in a window; None for one that cannot run."""
    lines: list[dict[str, Any]] = []
    for text in texts:
        filters = [query_string(text), _seen_in(window)]
        lines += [{}, {"query": {"bool": {"filter": filters}}, "size": 0, "track_total_hits": True}]
    if not lines:
        return []
    answers = es.msearch(index=alias_name(prefix), searches=lines)["responses"]
    return [
        None if "error" in answer else int(answer["hits"]["total"]["value"]) for answer in answers
    ]


def _firsts(
    es: Elasticsearch,
    prefix: str,
    query: Rewritten,
    languages: Sequence[str],
    window: tuple[datetime, datetime],
) -> list[dict[str, Any]]:
    """The filters for the first articles of stories that a query finds in a window."""
    ready = runnable(query, expander(es, alias_name(prefix)))
    filters = [query_string(ready.text), {"term": {"is_first": True}}, _seen_in(window)]
    if languages:
        filters.append({"terms": {"language": list(languages)}})
    return filters


def _seen_in(window: tuple[datetime, datetime]) -> dict[str, Any]:
    start, end = window
    return {"range": {"first_seen_at": {"gt": start.isoformat(), "lte": end.isoformat()}}}
