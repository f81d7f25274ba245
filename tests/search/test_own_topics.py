"""Own topics: from their file onto the articles, found like any other topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.errors import InputError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.own_topics import import_topics
from mediawatch.pipeline.search import index
from mediawatch.search.index import alias_name
from mediawatch.search.own_topics import parse
from search.newsroom_rows import SEEN, Rows

FLOODS = """
- id: floods
  name: Floods and dams
  query: dam OR flood*
- id: crues
  name: Crues
  query: barrage
  languages: [fr]
"""


def write(context: Context, text: str) -> list[str]:
    """Put a topic file where the profile reads it, and import it; the faults."""
    folder = context.settings.home / "seeds" / "topics"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return list(import_topics(context))


@pytest.fixture
def topics(es: Elasticsearch, context: Context) -> Any:
    """Indexes what is open; the topic names of each article, those of the query's articles only."""

    def run(query: str = "*:*") -> dict[str, list[str]]:
        index(context)
        alias = alias_name(context.settings.index_prefix)
        es.indices.refresh(index=alias)
        hits = es.search(index=alias, q=query)["hits"]["hits"]
        return {hit["_id"]: sorted(hit["_source"].get("topic_names", [])) for hit in hits}

    return run


def test_an_article_gets_its_topics_and_loses_them(
    context: Context, rows: Rows, topics: Any
) -> None:
    assert write(context, FLOODS) == []
    rows.article("u:1", "Dam holds", "The dam held.")
    rows.topic("u:1", "medtop:11000000", "politics")
    rows.article("u:2", "Barrage", "Le barrage tient.", language="fr")
    rows.article("u:3", "Barrage", "A barrage of questions.")
    assert topics() == {"u:1": ["Floods and dams", "politics"], "u:2": ["Crues"], "u:3": []}
    assert list(topics('topic:"floods and dams"')) == ["u:1"]
    assert list(topics('topic:"own:floods"')) == ["u:1"]
    assert index(context)["in"] == 0

    rows.version("u:1", 2, "All quiet", "Nothing happened.")
    rows.change("u:1", "new_version", 2)
    rows.version("u:3", 2, "Flood", "Floods.")
    rows.change("u:3", "new_version", 2)
    assert topics() == {"u:1": [], "u:2": ["Crues"], "u:3": ["Floods and dams"]}

    assert write(context, FLOODS.replace("Crues", "Les crues")) == []
    rows.change("u:2", "reprocess")
    assert topics()["u:2"] == ["Les crues"]


def test_only_a_fresh_article_may_be_news_by_its_topic(
    context: Context, rows: Rows, topics: Any
) -> None:
    write(context, FLOODS)
    rows.article("u:fresh", published=SEEN)
    rows.article("u:dated", published=SEEN - timedelta(days=3))
    rows.article("u:late", seen=SEEN - timedelta(days=9), published=SEEN - timedelta(days=9))
    rows.article("u:archive", published=SEEN)
    rows.set("UPDATE article SET intake = 'archive' WHERE article_id = 'u:archive'")
    topics()
    causes = dict(
        rows.ask("SELECT article_id, cause FROM article_change WHERE cause <> 'new_article'")
    )
    assert causes == {
        "u:fresh": "late_annotation",
        **dict.fromkeys(("u:dated", "u:late", "u:archive"), "reprocess"),
    }


def test_a_topic_that_cannot_be_asked_changes_nothing(
    context: Context, rows: Rows, topics: Any
) -> None:
    write(context, FLOODS)
    rows.article("u:1", body="The dam, " + " ".join(f"dam{n}" for n in range(60)))
    assert topics() == {"u:1": ["Floods and dams"]}
    # More words than NEAR takes are in the index.
    rows.set("UPDATE watch SET query = 'dam* NEAR/3 held' WHERE watch_id = 'topic:floods'")
    rows.change("u:1", "reprocess")
    assert topics() == {"u:1": ["Floods and dams"]}
    [(failure,)] = rows.ask("SELECT failure FROM watch WHERE watch_id = 'topic:floods'")
    assert "more than 50 words" in failure


def test_a_killed_run_loses_no_topic(
    context: Context, rows: Rows, topics: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(context, FLOODS)
    rows.article("u:1")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mediawatch.storage.search.mark_indexed", killed)
        with pytest.raises(KeyboardInterrupt):
            index(context)
    assert topics() == {"u:1": ["Floods and dams"]}


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("just words", "write id, name and query"),
        ("{id: A, name: x, query: x}", "id is missing or has other signs"),
        ("{id: a, query: x}", "name is missing"),
        ("{id: a, name: x}", "query is missing"),
        ("{id: a, name: x, query: '\"x'}", "query: unbalanced quotation mark"),
        ("{id: a, name: x, query: x, languages: en}", "two-letter codes"),
        ("{id: a, name: x, query: x, active: maybe}", "active is true or false"),
        ("{id: a, name: x, query: x, recipients: []}", "unknown field 'recipients'"),
        ("{id: good, name: x, query: x}", "the id 'good' stands twice"),
    ],
)
def test_a_faulty_topic_costs_itself(entry: str, fault: str) -> None:
    found, faults = parse(f"- {{id: good, name: Good, query: dam}}\n- {entry}\n", "own.yaml")
    assert [topic.name_id for topic in found] == ["good"]
    [line] = faults
    assert line.startswith("own.yaml: topic number 2: ")
    assert fault in line


def test_a_file_that_is_no_list_is_named(context: Context) -> None:
    assert parse("", "own.yaml") == ([], [])
    for text in ("a: b", "[", "x" * 2_000_000):
        with pytest.raises(InputError, match=r"own\.yaml"):
            parse(text, "own.yaml")
    [line] = write(context, "- [")
    assert "not valid YAML" in line
    folder = context.settings.home / "seeds" / "topics"
    (folder / "own.yaml").write_bytes(b"\xff\xfe")
    [line] = import_topics(replace(context))
    assert "not UTF-8" in line
