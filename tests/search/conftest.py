"""What the tests of the search room share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.model import SearchDocument
from mediawatch.pipeline.context import Context
from mediawatch.search import bulk
from mediawatch.search.index import put_template
from mediawatch.search.queries import rewrite
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from search.newsroom_rows import Rows

NOW = datetime(2026, 5, 14, 10, 0, tzinfo=UTC)


@pytest.fixture
def rows(conn: Connection) -> Rows:
    """Writes rows into this test's database."""
    return Rows(conn)


@pytest.fixture
def context(
    conn: Connection,
    database_url: str,
    elasticsearch_url: str,
    index_prefix: str,
    tmp_path: Path,
) -> Context:
    """A run of a step in this test's database and below this test's index prefix."""
    settings = Settings(
        home=tmp_path,
        cache=tmp_path,
        profile=index_prefix.removesuffix("-"),
        database_url=database_url,
        elasticsearch_url=elasticsearch_url,
    )
    assert settings.index_prefix == index_prefix
    return Context(conn=conn, settings=settings, now=NOW)


@pytest.fixture
def found(es: Elasticsearch, index_prefix: str) -> Callable[..., list[str]]:
    """Fills an index with texts by id and says which ids a query finds, in order."""
    name = f"{index_prefix}mw-match-texts"
    put_template(es, index_prefix)
    es.indices.create(index=name)

    def search(query: str, texts: dict[str, str | dict[str, Any]] | None = None) -> list[str]:
        if texts:
            documents = [
                SearchDocument(
                    article_id=key,
                    index=name,
                    version=number,
                    fields={"title": "", "body": text} if isinstance(text, str) else text,
                )
                for number, (key, text) in enumerate(texts.items(), start=1)
            ]
            outcome = bulk.write(es, documents)
            assert not outcome.bad, outcome.bad
            es.indices.refresh(index=name)
        answer = es.search(
            index=name,
            query={"query_string": {"query": rewrite(query).text, "analyze_wildcard": True}},
            size=100,
        )
        return sorted(hit["_id"] for hit in answer["hits"]["hits"])

    return search


def later(context: Context, **more: Any) -> Context:
    """The same run with something else."""
    return replace(context, **more)
