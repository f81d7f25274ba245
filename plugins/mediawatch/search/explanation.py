"""Why an article is found by a query, or by which of its parts it is not."""

from __future__ import annotations

from dataclasses import dataclass

from elasticsearch import Elasticsearch

from mediawatch.search.match_index import query_string
from mediawatch.search.queries import Clause
from mediawatch.search.reading import Asked, refused_as_query_error


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of the query, and whether the article holds it."""

    clause: Clause
    holds: bool

    @property
    def is_well(self) -> bool:
        """True when it holds and may, or does not and must not."""
        return self.holds != self.clause.excluded


@dataclass(frozen=True, slots=True)
class Explained:
    """Whether an article is found, part by part; ``title`` and ``index`` are the document's."""

    title: str
    index: str
    found: bool
    parts: tuple[Part, ...]


def explain(es: Elasticsearch, found: Asked, article_id: str) -> Explained | None:
    """Try each part of a query on one article; None when the index does not hold it.

    Raises:
        QueryError: the server refuses the query.
    """
    parts = found.query.clauses
    named = [query_string(part.text, str(number)) for number, part in enumerate(parts)]
    whole = query_string(found.query.text, "whole")
    with refused_as_query_error("the search took too long: make it narrower"):
        answer = es.search(
            index=found.alias,
            query={
                "bool": {"filter": [{"ids": {"values": [article_id]}}], "should": [whole, *named]}
            },
            source={"includes": ["title"]},
        )
    hits = answer["hits"]["hits"]
    if not hits:
        return None
    held = set(hits[0].get("matched_queries", ()))
    return Explained(
        title=hits[0]["_source"]["title"],
        index=hits[0]["_index"],
        found="whole" in held,
        parts=tuple(Part(part, str(number) in held) for number, part in enumerate(parts)),
    )
