"""Asking the archive: what a query finds under the alias, grouped by story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.search.evidence import excerpt
from mediawatch.search.export_columns import Unit
from mediawatch.search.marks import Marked, highlight, lit_parts, single_words
from mediawatch.search.match_index import is_too_slow, query_string
from mediawatch.search.queries import Rewritten
from mediawatch.search.reading import asked, refused_as_query_error

# Articles shown of one story; exact story counts up to this many.
SHOWN = 5
SECONDS = 5
TOO_SLOW = f"the search took longer than {SECONDS} seconds: make it narrower"
EXACT_STORIES = 40_000
EXCERPT = 600  # characters; the highlighter's own are shorter
_SOURCE = ["article_id", "title", "url", "outlet_name", "dated_at", "language", "story_id"]


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One article that a query found; ``excerpt`` is the part of its body that fits best.

    ``index`` is the concrete one that holds it.
    """

    article_id: str
    title: Marked
    excerpt: Marked
    url: str | None
    outlet: str | None
    dated_at: str
    language: str
    index: str


@dataclass(frozen=True, slots=True)
class FoundStory:
    """The articles of one story that were found, oldest first; ``articles`` counts all.

    ``story_id`` is the story of the newest; an event has several.
    """

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


def find(
    es: Elasticsearch, prefix: str, query: str, limit: int, offset: int = 0, unit: Unit = "story"
) -> Found:
    """The newest ``limit`` units that a query finds, under the alias of this prefix.

    ``offset`` leaves out that many of the newest. With another unit each group is an event or a
    single article.

    Raises:
        QueryError: the query is wrong, or the server cannot answer it.
        ServiceError: nothing was indexed yet, or the server was too slow.
    """
    found = asked(es, prefix, query)
    with refused_as_query_error(TOO_SLOW):
        answer = es.search(
            index=found.alias,
            query=found.filter(),
            size=limit,
            from_=offset,
            sort=[{"dated_at": "desc"}, {"article_id": "asc"}],
            track_total_hits=True,
            timeout=f"{SECONDS}s",
            source={"includes": _SOURCE},
            collapse={
                "field": f"{unit}_id",
                "inner_hits": {
                    "name": "group",
                    "size": SHOWN,
                    "sort": [{"dated_at": "asc"}, {"article_id": "asc"}],
                    "_source": _SOURCE,
                    "highlight": highlight(query_string(found.query.text), fragments=1),
                },
            },
            aggs={
                "stories": {
                    "cardinality": {"field": "story_id", "precision_threshold": EXACT_STORIES}
                }
            },
        )
    if is_too_slow(answer.body):
        raise ServiceError(TOO_SLOW)
    near = found.near()
    return Found(
        query=found.query,
        articles=answer["hits"]["total"]["value"],
        stories=answer["aggregations"]["stories"]["value"],
        groups=tuple(_group(hit, near) for hit in answer["hits"]["hits"]),
    )


def _group(hit: Mapping[str, Any], near: set[str]) -> FoundStory:
    inner = hit["inner_hits"]["group"]["hits"]
    return FoundStory(
        story_id=hit["_source"]["story_id"],
        articles=inner["total"]["value"],
        shown=tuple(_article(each, near) for each in inner["hits"]),
    )


def _article(hit: Mapping[str, Any], near: set[str]) -> FoundArticle:
    fields = hit["_source"]
    lit = lit_parts(hit.get("highlight", {}), fields["title"])
    title = lit.get("title", Marked(fields["title"]))
    body = lit.get("body", Marked(""))
    return FoundArticle(
        article_id=fields["article_id"],
        title=single_words(title, near),
        excerpt=excerpt(single_words(body, near), EXCERPT),
        url=fields.get("url"),
        outlet=fields.get("outlet_name"),
        dated_at=fields["dated_at"],
        language=fields["language"],
        index=hit["_index"],
    )
