"""Reading everything that a query finds, page by page, from one state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from elasticsearch import ApiError, BadRequestError, Elasticsearch

from mediawatch.errors import QueryError, ServiceError
from mediawatch.search.expansion import expander
from mediawatch.search.index import alias_name
from mediawatch.search.marks import highlight
from mediawatch.search.match_index import is_too_slow, query_string, runnable
from mediawatch.search.queries import Rewritten, rewrite
from mediawatch.search.server import reason_of

Json: TypeAlias = dict[str, Any]

# Whole texts come back with their marks: small pages keep an answer small.
PAGE = 200
KEEP = "5m"
PAGE_SECONDS = 60
NO_INDEX = "there is no index '{}' yet: run `mediawatch run` or `mediawatch index rebuild`"


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked query, ready to be sent to the alias of a profile."""

    query: Rewritten
    alias: str

    def filter(self) -> Json:
        """The query as a part of a request that gives no score."""
        return {"bool": {"filter": [query_string(self.query.text)]}}

    def near(self) -> set[str]:
        """The words of its loose phrases, which stretches of marks are cut down to."""
        return {word for clause in self.query.clauses for word in clause.near}


def asked(es: Elasticsearch, prefix: str, query: str) -> Asked:
    """Check a query and look up its wildcards inside NEAR.

    Raises:
        QueryError: what is wrong and where.
        ServiceError: nothing was indexed yet.
    """
    checked = rewrite(query)
    alias = alias_name(prefix)
    if not es.indices.exists_alias(name=alias):
        raise ServiceError(NO_INDEX.format(alias))
    return Asked(runnable(checked, expander(es, alias)), alias)


@contextmanager
def refused_as_query_error(too_slow: str) -> Iterator[None]:
    """Turn what the server says of a query into our own words.

    Raises:
        QueryError: it refuses the query.
        ServiceError: it took too long; ``too_slow`` is what to say then.
    """
    try:
        yield
    except BadRequestError as fault:
        raise QueryError(f"the server refuses the query: {reason_of(fault.body)}") from fault
    except ApiError as fault:
        if is_too_slow(fault.body):
            raise ServiceError(too_slow) from fault
        raise


def every_hit(
    es: Elasticsearch, found: Asked, order: Sequence[str], source: Sequence[str]
) -> Iterator[Json]:
    """Every hit with its marks, in the order of these fields, from one point in time.

    The order must end in ``article_id``, so that it is the same each time.

    Raises:
        QueryError: the server refuses the query.
        ServiceError: a page took too long; nothing is left out silently.
    """
    too_slow = f"a page of 200 articles took longer than {PAGE_SECONDS} seconds"
    point = es.open_point_in_time(index=found.alias, keep_alive=KEEP)["id"]
    after: list[Any] | None = None
    try:
        while True:
            with refused_as_query_error(too_slow):
                answer = es.options(request_timeout=2 * PAGE_SECONDS).search(
                    pit={"id": point, "keep_alive": KEEP},
                    query=found.filter(),
                    highlight=highlight(query_string(found.query.text)),
                    sort=[{field: {"order": "asc", "missing": "_first"}} for field in order],
                    source={"includes": list(source)},
                    size=PAGE,
                    search_after=after,
                    track_total_hits=False,
                    timeout=f"{PAGE_SECONDS}s",
                )
            if is_too_slow(answer.body):
                raise ServiceError(too_slow)
            point = answer["pit_id"]
            hits = answer["hits"]["hits"]
            if not hits:
                return
            yield from hits
            after = hits[-1]["sort"]
    finally:
        es.options(ignore_status=404).close_point_in_time(id=point)


def count(es: Elasticsearch, found: Asked) -> int:
    """How many articles a query finds, exactly."""
    with refused_as_query_error("counting took too long"):
        return int(es.count(index=found.alias, query=found.filter())["count"])
