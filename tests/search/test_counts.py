"""Numbers of the terminal are exact: as many rows as are counted, whatever the unit."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest
from elasticsearch import Elasticsearch

from mediawatch.cli.search import add_parsers
from mediawatch.model import SearchDocument
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search import bulk, exact_counts
from mediawatch.search.exact_counts import binned, by, cost, sparkline, units
from mediawatch.search.export_columns import UNITS
from mediawatch.search.finding import find
from mediawatch.search.index import alias_name, index_name, make_month, put_template
from mediawatch.search.reading import asked
from search.newsroom_rows import SEEN, Rows

NOW = datetime(2026, 5, 14, 10, 0, tzinfo=UTC)
Call = Callable[..., str]


def documents() -> list[dict[str, Any]]:
    """Two hundred articles over forty days, as chance has it, half of them about a dam."""
    chance = Random(7)
    made = []
    for number in range(200):
        story = chance.randrange(60)
        fields: dict[str, Any] = {
            "article_id": f"u:{number}",
            "title": f"Headline {number}",
            "body": "The dam held." if number % 2 else "Nothing.",
            "language": "en",
            "dated_at": (NOW - timedelta(days=chance.randrange(40))).isoformat(),
            "story_id": f"s:{story}",
            "event_id": f"e:{story % 20}",
            "actor_names": chance.sample(["Ada Lund", "Oslo", "WHO", "Q"], chance.randrange(4)),
            "topic_names": chance.sample(["politics", "health"], chance.randrange(3)),
        }
        if number % 5:
            fields["outlet_name"] = f"Outlet {chance.randrange(6)}"
        made.append(fields)
    return made


@pytest.fixture(scope="module")
def known() -> list[dict[str, Any]]:
    return documents()


@pytest.fixture
def prefix(es: Elasticsearch, index_prefix: str, known: list[dict[str, Any]]) -> str:
    """The articles in two indices under one alias."""
    put_template(es, index_prefix)
    for month in (date(2026, 4, 1), date(2026, 5, 1)):
        make_month(es, index_prefix, 1, month, aliased=True)
    outcome = bulk.write(
        es,
        [
            SearchDocument(
                article_id=fields["article_id"],
                index=index_name(index_prefix, 1, date(2026, 4 + number % 2, 1)),
                version=1,
                fields=fields,
            )
            for number, fields in enumerate(known)
        ],
    )
    assert not outcome.bad
    es.indices.refresh(index=alias_name(index_prefix))
    return index_prefix


def values(fields: dict[str, Any], key: str) -> list[Any]:
    if key == "day":
        return [fields["dated_at"][:10]]
    found = fields.get(exact_counts.FIELDS[key]) or [None]
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("page", [10_000, 7])
def test_every_count_is_exact(
    es: Elasticsearch,
    prefix: str,
    known: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    page: int,
) -> None:
    monkeypatch.setattr(exact_counts, "PAGE", page)
    of_dam = [fields for fields in known if "dam" in fields["body"]]
    question = asked(es, prefix, "dam")
    for unit in UNITS:
        assert units(es, question, unit) == len({fields[f"{unit}_id"] for fields in of_dam})
        for key in exact_counts.FIELDS:
            pairs = {
                (value, fields[f"{unit}_id"]) for fields in of_dam for value in values(fields, key)
            }
            found = by(es, question, key, unit)
            assert {k: n for k, n in found.items() if n} == Counter(value for value, _ in pairs)
    days = list(by(es, question, "day", "article"))
    assert days == sorted(days)
    if page > 1000:
        first, last = date.fromisoformat(str(days[0])), date.fromisoformat(str(days[-1]))
        assert len(days) == (last - first).days + 1


def test_as_many_rows_as_are_counted(es: Elasticsearch, prefix: str) -> None:
    for unit in UNITS:
        rows = find(es, prefix, "dam", 1000, unit=unit).groups
        assert len(rows) == units(es, asked(es, prefix, "dam"), unit)
        assert len({row.shown[0].article_id for row in rows}) == len(rows)


def test_a_query_that_finds_too_much_is_seen(es: Elasticsearch, prefix: str) -> None:
    found = cost(es, asked(es, prefix, "dam"), NOW)
    assert found.share == pytest.approx(0.5)
    assert 1 < found.per_day < 3.4
    assert cost(es, asked(es, prefix, "nowhere"), NOW) == exact_counts.Cost(0.0, 0.0)


def test_sparklines() -> None:
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([0, 1, 50, 100]) == "▁▂▅█"
    assert binned({"a": 1, "b": 2, "c": 3}, 2) == [3, 3]
    assert binned({"a": 1, "b": 2, "c": 3}, 5) == [1, 2, 3]
    assert binned({}, 5) == []


@pytest.fixture
def call(
    es: Elasticsearch, context: Context, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Runs ``mediawatch search`` on three articles and says what it prints; all of it."""
    rows.article("u:1", "Lund resigns", "Ada Lund has resigned over the dam. It rained.")
    rows.mention("u:1", 0, "Ada Lund", "Q11")
    rows.article("u:2", "Lund goes", "Ada Lund has gone.", story="u:1")
    rows.article("u:3", "Dam opens", "No word on her.", seen=SEEN + timedelta(days=1))
    index(context)
    es.indices.refresh(index=alias_name(context.settings.index_prefix))
    settings = replace(context.settings, kibana_url="http://kibana.example")
    top = argparse.ArgumentParser()
    add_parsers(top.add_subparsers())

    def run(*arguments: str, status: int = 0) -> str:
        args = top.parse_args(["search", *arguments])
        assert args.run(args, settings) == status
        out, err = capsys.readouterr()
        return out + err

    return run


def test_counts_in_the_terminal(call: Call) -> None:
    full = "█" * 40
    assert call("lund", "--count-by", "actor").splitlines() == [
        "1 story",
        f"(no actor)        1  {full}",
        f"Ada Lund          1  {full}",
        "One story may stand in several rows: they do not add up.",
    ]
    assert call("dam", "--count-by", "outlet", "--unit", "article").splitlines() == [
        "2 articles",
        f"The Gazette        2  {full}",
    ]


def test_counts_for_programs_and_by_day(call: Call) -> None:
    assert json.loads(call("dam", "--count-by", "day", "--unit", "article", "--json")) == {
        "unit": "article",
        "total": 2,
        "by": [{"key": "2026-05-14", "count": 2}],
    }
    assert "2026-05-14        2" in call("dam", "--count-by", "day", "--unit", "article")


def test_the_link_has_the_same_string_and_time(call: Call) -> None:
    answer = json.loads(call("lund AND NOT dam", "--json"))
    link = unquote(answer["kibana"])
    assert f"query:'{answer['query']}'" in link
    assert "from:'2026-05-14T00:00:00.000Z'" in link
    assert answer["hits"][0]["shown"][0]["kibana"].endswith("?id=u%3A2")
    assert answer["articles"] == 1
    assert "In Kibana: http://kibana.example/app/discover#/" in call("lund")


def test_an_article_is_explained(call: Call, rows: Rows) -> None:
    assert call("lund AND resigned AND NOT rained", "--explain", "u:1").splitlines()[:4] == [
        "Lund resigns: not found",
        "  ✓ lund is in it",
        "  ✓ resigned is in it",
        "  ✗ rained (excluded) is in it",
    ]
    text = call("lund AND dam* AND NOT snow", "--explain", "u:2")
    assert "Lund goes: not found" in text
    assert "✗ dam* is not in it" in text
    assert "✓ snow (excluded) is not in it" in text
    assert "In Kibana: http://kibana.example/app/discover#/doc/" in text
    assert "Lund resigns: found" in call('actor:"ada lund"', "--explain", "u:1")
    assert "there is no such article" in call("lund", "--explain", "u:9", status=1)
    rows.article("u:4")
    assert "mediawatch step index" in call("lund", "--explain", "u:4", status=1)
