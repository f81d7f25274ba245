"""What a person sees of a search, and the verbs of the command line."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.cli import index as index_verbs
from mediawatch.cli.search import add_parsers, lines, summarised
from mediawatch.errors import QueryError, ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search.finding import find
from mediawatch.search.index import alias_name
from mediawatch.search.reading import asked
from search.newsroom_rows import SEEN, Rows


@pytest.fixture
def archive(es: Elasticsearch, context: Context, rows: Rows) -> str:
    """Three stories, one in three copies; the index prefix."""
    rows.article("u:1", "Lund resigns", "Ada Lund has resigned over the dam. It rained.")
    for number in (2, 3):
        seen = SEEN + timedelta(hours=number)
        rows.article(
            f"u:{number}",
            f"Lund goes {number}",
            "Ada Lund has resigned.",
            story="u:1",
            seen=seen,
            published=seen,
        )
    rows.article("u:4", "Dam opens", "No word on Lund.", published=SEEN + timedelta(days=1))
    rows.article("u:5", "\x1b[31mRed\u202e flood", "Water everywhere.")
    index(context)
    es.indices.refresh(index=alias_name(context.settings.index_prefix))
    return context.settings.index_prefix


def shown(es: Elasticsearch, context: Context, query: str, **more: Any) -> list[str]:
    """What the terminal shows."""
    prefix = context.settings.index_prefix
    found = find(es, prefix, query, more.pop("limit", 10), unit=more.get("unit", "story"))
    summary = summarised(context, es, asked(es, prefix, query))
    return lines(found, summary, more.pop("unit", "story"), colour=more.pop("colour", False))


def test_hits_are_grouped_by_story_with_marks(
    es: Elasticsearch, archive: str, context: Context
) -> None:
    found = find(es, archive, "lund", 10)
    assert (found.articles, found.stories) == (4, 2)
    assert [(story.story_id, story.articles) for story in found.groups] == [("u:4", 1), ("u:1", 3)]
    assert shown(es, context, "lund") == [
        "4 articles in 2 stories",
        "█▄  2026-05-14 to 2026-05-15",
        "! It finds 80% of the whole archive.",
        "",
        "Dam opens — The Gazette, 2026-05-15",
        "    No word on *Lund*.",
        "    http://gazette.example/u:4",
        "",
        "*Lund* resigns — The Gazette, 2026-05-14",
        "    Ada *Lund* has resigned over the dam. It rained.",
        "    http://gazette.example/u:1",
        "  + *Lund* goes 2 — The Gazette, 2026-05-14",
        "  + *Lund* goes 3 — The Gazette, 2026-05-14",
    ]
    assert find(es, archive, "lund AND nobody", 10).articles == 0
    assert find(es, archive, "lund NEAR/3 resign*", 10).articles == 3


def test_a_headline_cannot_steer_the_terminal(
    es: Elasticsearch, archive: str, context: Context
) -> None:
    text = "\n".join(shown(es, context, "flood", colour=True))
    assert "\x1b[31m" not in text
    assert "\u202e" not in text
    assert "\x1b[1mflood\x1b[0m" in text


def test_fields_are_asked_as_in_kibana(es: Elasticsearch, archive: str) -> None:
    for query, count in (
        ("outlet_name:gazette", 0),
        ('outlet_name:"The Gazette"', 5),
        ("is_first:true", 3),
        ("copies:>=2", 1),
        ("dated_at:>2026-05-14T20:00:00Z", 1),
        ("dated_at:2026-05-15", 1),
        ("story_id:u:1", 3),
        ("_exists_:agency", 0),
        ("stem_en:resign", 3),
        ("stem_fr:resign", 0),
        ("authors:Ann\\ R*", 5),
    ):
        assert find(es, archive, query, 10).articles == count, query


@pytest.mark.parametrize(
    "query",
    [
        "a*b*c*",
        "/gr[ae]y(er)?/",
        "x~2",
        "NOT a",
        "dated_at:9999",
        '"' + "w " * 400 + '"',
        "a" * 9_000,
        " OR ".join(f"w{n}" for n in range(500)),
        " ".join(f"-w{n}" for n in range(500)),
        " OR ".join(f"WXYZ{n}" for n in range(500)),
        "(a OR b OR c OR d OR e) NEAR/9 (f OR g OR h OR i)",
        "(" + " OR ".join(f"a{n}" for n in range(25)) + ") NEAR/9 "
        "(" + " OR ".join(f"b{n}" for n in range(25)) + ")",
    ],
    ids=lambda query: query[:20],
)
def test_what_is_accepted_the_server_can_answer(
    es: Elasticsearch, archive: str, query: str
) -> None:
    assert find(es, archive, query, 5).articles >= 0


def test_no_index_yet_is_said(es: Elasticsearch, index_prefix: str) -> None:
    with pytest.raises(ServiceError, match="index rebuild"):
        find(es, index_prefix, "dam", 5)
    with pytest.raises(QueryError):
        find(es, index_prefix, '"dam', 5)


def test_the_verbs(archive: str, context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    top = argparse.ArgumentParser()
    verbs = top.add_subparsers()
    add_parsers(verbs)
    index_verbs.add_parsers(verbs)

    def call(*arguments: str) -> int:
        args = top.parse_args(arguments)
        return int(args.run(args, context.settings))

    assert call("search", "lund", "--json", "--limit", "1") == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["articles"] == 4
    assert answer["query"] == '(title:"lund" OR body:"lund")'
    [story] = answer["hits"]
    assert story["shown"][0]["excerpt_marks"] == [[11, 15]]
    assert call("search", '"open') == 2
    assert "unbalanced quotation mark at 0" in capsys.readouterr().err
    assert call("index", "rebuild") == 0
    assert json.loads(capsys.readouterr().out)["written"] == 5
    assert call("index", "verify") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == 0
    with pytest.raises(SystemExit):
        call("search", "x", "--limit", "0")


def test_stems_are_marked_where_they_stand(es: Elasticsearch, context: Context, rows: Rows) -> None:
    long = "It rained. " * 200 + "Two ministers were resigning over the dam. " + "It dried. " * 200
    rows.article("u:1", "A resignation", long)
    rows.article("u:2", "Ministers", "They resigned.")
    index(context)
    prefix = context.settings.index_prefix
    es.indices.refresh(index=alias_name(prefix))
    found = find(es, prefix, "stem_en:resign AND ministers", 10)
    texts = {story.story_id: story.shown[0] for story in found.groups}
    one, two = texts["u:1"], texts["u:2"]
    assert [one.title.text[s:e] for s, e in one.title.spans] == ["resignation"]
    assert [two.title.text[s:e] for s, e in two.title.spans] == ["Ministers"]
    assert [two.excerpt.text[s:e] for s, e in two.excerpt.spans] == ["resigned"]
    only = find(es, prefix, "stem_en:resign", 10)
    [shown_one] = [story.shown[0] for story in only.groups if story.story_id == "u:1"]
    assert shown_one.excerpt.text == "Two ministers were resigning over the dam."
    assert [shown_one.excerpt.text[s:e] for s, e in shown_one.excerpt.spans] == ["resigning"]
