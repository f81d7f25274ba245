"""Asking the archive: what a query finds under the alias, grouped by story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch

from mediawatch.errors import QueryError, ServiceError
from mediawatch.search.expansion import expander
from mediawatch.search.index import alias_name
from mediawatch.search.marks import Marked, highlight, marks, single_words
from mediawatch.search.match_index import is_too_slow, query_string, runnable
from mediawatch.search.queries import Rewritten, rewrite
from mediawatch.search.server import reason_of

# Articles shown of one story; exact story counts up to this many.
SHOWN = 5
SECONDS = 5
TOO_SLOW = f"the search took longer than {SECONDS} seconds: make it narrower"
EXACT_STORIES = 40_000
_SOURCE = ["article_id", "title", "url", "outlet_name", "dated_at", "language", "story_id"]


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One article that a query found; ``excerpt`` is the part of its body that fits best."""

    article_id: str
    title: Marked
    excerpt: Marked
    url: str | None
    outlet: str | None
    dated_at: str
    language: str


@dataclass(frozen=True, slots=True)
class FoundStory:
    """The articles of one story that were found, oldest first; ``articles`` counts all."""

    story_id: str
    articles: int
    shown: tuple[FoundArticle, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found; the counts are of everything, ``groups`` the newest stories."""

    query: Rewritten
    articles: int
    stories: int
    groups: tuple[FoundStory, ...]


def find(es: Elasticsearch, prefix: str, query: str, limit: int, offset: int = 0) -> Found:
    """The newest ``limit`` stories that a query finds, under the alias of this prefix.

    ``offset`` leaves out that many of the newest.

    Raises:
        QueryError: the query is wrong, or the server cannot answer it.
        ServiceError: nothing was indexed yet, or the server was too slow.
    """
    checked = rewrite(query)
    alias = alias_name(prefix)
    if not es.indices.exists_alias(name=alias):
        raise ServiceError(
            f"there is no index '{alias}' yet: run `mediawatch run` or `mediawatch index rebuild`"
        )
    ready = runnable(checked, expander(es, alias))
    whole = query_string(ready.text)
    try:
        answer = es.search(
            index=alias,
            query={"bool": {"filter": [whole]}},
            size=limit,
            from_=offset,
            sort=[{"dated_at": "desc"}, {"article_id": "asc"}],
            track_total_hits=True,
            timeout=f"{SECONDS}s",
            source={"includes": _SOURCE},
            collapse={
                "field": "story_id",
                "inner_hits": {
                    "name": "story",
                    "size": SHOWN,
                    "sort": [{"dated_at": "asc"}, {"article_id": "asc"}],
                    "_source": _SOURCE,
                    "highlight": highlight(whole, fragments=1),
                },
            },
            aggs={
                "stories": {
                    "cardinality": {"field": "story_id", "precision_threshold": EXACT_STORIES}
                }
            },
        )
    except BadRequestError as fault:
        raise QueryError(f"the server refuses the query: {reason_of(fault.body)}") from fault
    except ApiError as fault:
        if is_too_slow(fault.body):
            raise ServiceError(TOO_SLOW) from fault
        raise
    if is_too_slow(answer.body):
        raise ServiceError(TOO_SLOW)
    near = {word for clause in ready.clauses for word in clause.near}
    return Found(
        query=ready,
        articles=answer["hits"]["total"]["value"],
        stories=answer["aggregations"]["stories"]["value"],
        groups=tuple(_story(hit, near) for hit in answer["hits"]["hits"]),
    )


def _story(hit: Mapping[str, Any], near: set[str]) -> FoundStory:
    inner = hit["inner_hits"]["story"]["hits"]
    return FoundStory(
        story_id=hit["_source"]["story_id"],
        articles=inner["total"]["value"],
        shown=tuple(_article(each, near) for each in inner["hits"]),
    )


def _article(hit: Mapping[str, Any], near: set[str]) -> FoundArticle:
    fields = hit["_source"]
    lit = hit.get("highlight", {})
    title = marks(lit["title"][0]) if "title" in lit else Marked(fields["title"])
    excerpt = marks(lit["body"][0]) if "body" in lit else Marked("")
    return FoundArticle(
        article_id=fields["article_id"],
        title=single_words(title, near),
        excerpt=single_words(excerpt, near),
        url=fields.get("url"),
        outlet=fields.get("outlet_name"),
        dated_at=fields["dated_at"],
        language=fields["language"],
    )
