"""Queries with known answers give them on every way: search, watch, preview, export and link."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.model import SearchDocument
from mediawatch.search import bulk, kibana_links
from mediawatch.search.export import Wish, export
from mediawatch.search.finding import find
from mediawatch.search.index import alias_name, index_name, make_month, put_template
from mediawatch.search.kibana_objects import WatchSearch, watch_searches
from mediawatch.search.kibana_requests import lucene
from mediawatch.search.mapping import STEMMERS
from mediawatch.search.match_index import Search, match_index, msearch
from mediawatch.search.queries import rewrite
from mediawatch.search.reading import asked
from search.corpus import ARTICLES, KNOWN
from search.test_kibana_links import state

MONTHS = (date(2026, 4, 1), date(2026, 5, 1))


def documents(index: str = "") -> list[SearchDocument]:
    """The documents of the corpus, in two months."""
    made = []
    for number, (key, given) in enumerate(ARTICLES.items()):
        fields = {
            "article_id": key,
            "version_no": 1,
            "story_id": key,
            "event_id": key,
            "dated_at": "2026-05-01T08:00:00Z",
            **given,
            f"stem_{given['language']}": [given["title"], given["body"]],
        }
        assert given["language"] in STEMMERS
        name = index_name(index, 1, MONTHS[number % 2]) if index else ""
        made.append(SearchDocument(article_id=key, index=name, version=1, fields=fields))
    return made


@pytest.fixture
def prefix(es: Elasticsearch, index_prefix: str) -> str:
    """The corpus under the alias of this prefix."""
    put_template(es, index_prefix)
    for month in MONTHS:
        make_month(es, index_prefix, 1, month, aliased=True)
    outcome = bulk.write(es, documents(index_prefix))
    assert not outcome.bad
    es.indices.refresh(index=alias_name(index_prefix))
    return index_prefix


def test_there_are_enough_of_every_kind() -> None:
    assert len(KNOWN) >= 60
    assert len({query for query, _ in KNOWN}) == len(KNOWN)
    assert {article["language"] for article in ARTICLES.values()} == {"en", "fr", "de", "ar"}


def test_search_preview_and_link_answer_alike(es: Elasticsearch, prefix: str) -> None:
    alias = alias_name(prefix)
    searches = [Search(rewrite(query)) for query, _ in KNOWN]
    previews = msearch(es, alias, searches)
    wrong = []
    for (query, wanted), preview in zip(KNOWN, previews, strict=True):
        found = find(es, prefix, query, 100)
        text = asked(es, prefix, query).query.text
        link = state(kibana_links.discover("http://kibana.example", prefix, text, start="now-1d"))
        [saved] = watch_searches([WatchSearch("w", "W", text)], prefix)
        source = json.loads(saved["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        ways: dict[str, list[str]] = {
            "search": [story.story_id for story in found.groups],
            "preview": ids(preview),
            "link": in_kibana(es, alias, link["_a"]["query"]["query"]),
            "saved search": in_kibana(es, alias, source["query"]["query"]),
        }
        wrong += [
            (query, way, sorted(answer), wanted)
            for way, answer in ways.items()
            if sorted(answer) != wanted.split()
        ]
    assert wrong == []


def test_a_watch_answers_alike(es: Elasticsearch, index_prefix: str) -> None:
    with match_index(es, index_prefix, "known", documents()) as held:
        assert not held.bad
        answers = msearch(es, held.name, [Search(rewrite(query)) for query, _ in KNOWN])
    wrong = [
        (query, ids(answer), wanted)
        for (query, wanted), answer in zip(KNOWN, answers, strict=True)
        if ids(answer) != wanted.split()
    ]
    assert wrong == []


def test_an_export_has_the_same_rows(es: Elasticsearch, prefix: str, tmp_path: Path) -> None:
    for query, wanted in KNOWN[::8]:
        file = tmp_path / "rows.ndjson"
        export(es, prefix, Wish(query, "ndjson"), file)
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        assert sorted(row["article_id"] for row in rows) == wanted.split(), query


def ids(answer: Any) -> list[str]:
    """The articles of a watch's answer; a failure is shown as it is."""
    return sorted(hit.article_id for hit in answer) if isinstance(answer, list) else [str(answer)]


def in_kibana(es: Elasticsearch, alias: str, text: str) -> list[str]:
    """What Discover shows for a string."""
    return [
        hit["_id"] for hit in es.search(index=alias, query=lucene(text), size=100)["hits"]["hits"]
    ]
