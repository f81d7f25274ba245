"""What a query finds as a file: every row, with its evidence, and the same bytes each time."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import feedparser
import pyarrow.parquet as pq
import pytest
from elasticsearch import Elasticsearch

from mediawatch.cli.export import add_parsers
from mediawatch.errors import InputError, QueryError, ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search import reading
from mediawatch.search.export import FORMATS, Wish, export
from mediawatch.search.export_columns import UNITS, Column, Unit
from mediawatch.search.export_files import cell
from mediawatch.search.index import alias_name
from search.newsroom_rows import SEEN, Rows
from search.relay import Relay

BODY = 'It rained. "We will rebuild," said Ada Lund of the dam, and the dam held. Nobody slept.'
Export = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def archive(es: Elasticsearch, context: Context, rows: Rows) -> str:
    """Two stories of one event, and a third alone; the index prefix."""
    rows.article("u:1", "Dam holds", BODY, published=SEEN - timedelta(minutes=5))
    rows.mention("u:1", 35, "Ada Lund", "Q11", country="Q20")
    rows.quote("u:1", 12, "We will rebuild,", ("Q11", "Ada Lund"))
    rows.topic("u:1", "medtop:11000000", "politics")
    rows.article("u:2", "Dam holds", BODY, story="u:1", seen=SEEN + timedelta(hours=1))
    rows.article("u:3", "After the dam", "The dam, a day later.", seen=SEEN + timedelta(days=1))
    rows.set("INSERT INTO event VALUES ('u:1', 'u:1', NULL, now())")
    rows.set("UPDATE story SET event_id = 'u:1' WHERE story_id IN ('u:1', 'u:3')")
    rows.article("u:4", "=1+1", 'Le barrage n\'a pas cédé ; the dam.\n\n"Quoted", \U0001f600')
    rows.article("u:5", "Nothing of it", "No word of that.")
    index(context)
    es.indices.refresh(index=alias_name(context.settings.index_prefix))
    return context.settings.index_prefix


@pytest.fixture
def exported(es: Elasticsearch, archive: str, tmp_path: Path) -> Export:
    """The rows of an export as its NDJSON has them."""

    def run(query: str, **more: Any) -> list[dict[str, Any]]:
        file = tmp_path / "rows.ndjson"
        export(es, archive, Wish(query, "ndjson", **more), file)
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    return run


def test_a_row_has_the_article_and_why_it_was_found(exported: Export) -> None:
    found = exported("dam AND rebuild", bodies=True)
    assert [row["article_id"] for row in found] == ["u:1", "u:2"]
    row = found[0]
    assert row["actors"] == ["Ada Lund"]
    assert row["topics"] == ["politics"]
    assert row["lag_seconds"] == 300
    assert row["found_in"] == "body"
    assert row["sentence"] == '"We will rebuild," said Ada Lund of the dam, and the dam held.'
    assert BODY[row["sentence_start"] :].startswith(row["sentence"])
    texts = {"title": row["title"], "body": row["body"]}
    assert [texts[part][start:end] for part, start, end in row["marks"]] == [
        *("Dam", "rebuild", "dam", "dam")
    ]
    [mention], [quote] = row["mentions"], row["quotes"]
    assert BODY[mention["start"] : mention["end"]] == "Ada Lund"
    assert BODY[quote["start"] : quote["end"]] == "We will rebuild,"
    assert row["rules"] == ["text=1"]
    assert "body" not in exported("dam")[0]


def test_a_field_alone_is_no_sentence(exported: Export) -> None:
    row = exported('topic:politics AND actor:"Ada Lund"')[0]
    assert (row["found_in"], row["sentence"], row["marks"]) == (None, None, [])


def test_stories_and_events_are_counted_exactly(exported: Export) -> None:
    stories = exported("dam", unit="story")
    assert [(row["story_id"], row["articles"]) for row in stories] == [
        *(("u:1", 2), ("u:3", 1), ("u:4", 1))
    ]
    assert stories[0]["first_article_id"] == "u:1"
    assert stories[0]["outlets"] == ["The Gazette"]
    assert stories[0]["actors"] == ["Ada Lund"]
    events = exported("dam", unit="event")
    assert [(row["event_id"], row["stories"], row["articles"]) for row in events] == [
        *(("u:1", 2, 3), ("u:4", 1, 1))
    ]
    assert events[0]["last_dated_at"] > events[0]["first_dated_at"]


def test_the_same_export_gives_the_same_bytes(
    es: Elasticsearch, archive: str, tmp_path: Path
) -> None:
    for form in FORMATS:
        for unit in UNITS:
            folder = tmp_path / f"{form}-{unit}"
            folder.mkdir()
            export_twice(es, archive, folder, form, unit)


def export_twice(es: Elasticsearch, archive: str, tmp_path: Path, form: str, unit: Unit) -> None:
    """The same export two times, held against each other."""
    wish = Wish("dam", form, unit)
    one, other = tmp_path / f"one.{form}", tmp_path / f"other.{form}"
    first = export(es, archive, wish, one)
    again = export(es, archive, wish, other)
    assert one.read_bytes() == other.read_bytes()
    assert first == again
    assert first.rows == {"article": 4, "story": 3, "event": 2}[unit]
    assert first.checksum == sha256(one.read_bytes()).hexdigest()
    about = json.loads((tmp_path / f"one.{form}.about.json").read_text(encoding="utf-8"))
    assert about["sha256"] == first.checksum
    assert about["query_as_asked"] == '(title:"dam" OR body:"dam")'
    beside = {each.name for each in tmp_path.iterdir() if each.name.startswith("one")}
    is_table = form not in ("rss", "atom")
    assert beside == {
        *(f"one.{form}", f"one.{form}.about.json"),
        *([f"one.{form}.codebook.md"] if is_table else []),
    }
    assert about["rules"] == (["text=1"] if is_table else [])


def test_pages_join_without_a_gap(exported: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = exported("dam")
    monkeypatch.setattr(reading, "PAGE", 1)
    assert exported("dam") == whole


def test_csv_is_what_a_spreadsheet_may_open(
    es: Elasticsearch, archive: str, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    export(es, archive, Wish("dam", "csv", bodies=True), file)
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfarticle_id,")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = {row["article_id"]: row for row in csv.DictReader(lines)}
    assert found["u:4"]["title"] == "'=1+1"
    assert found["u:4"]["body"] == 'Le barrage n\'a pas cédé ; the dam.\n\n"Quoted", \U0001f600'
    assert found["u:1"]["is_first"] == "true"
    assert found["u:2"]["copies"] == ""
    book = (tmp_path / "rows.csv.codebook.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in book for name in found["u:1"])


@pytest.mark.parametrize(
    "value",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r\n=1", "＝1", "'=1", "'", "%0A=1"),
        *("|x", "plain", "", "a=b"),
    ],
)
def test_no_cell_is_a_formula_and_each_gives_its_value_back(value: str) -> None:
    made = cell(Column("title", "text", ""), value)
    assert made.lstrip()[:1] not in tuple("=+-@＝＋－＠|%")
    assert made[:1] not in ("\t", "\r", "\n")
    assert (made.removeprefix("'")) == value


def test_a_number_below_nothing_stays_a_number() -> None:
    assert cell(Column("lag_seconds", "number", ""), -60) == "-60"
    assert cell(Column("authors", "list", ""), ["=a", "b"]) == "'=a; b"


def test_parquet_holds_the_same_with_types(
    es: Elasticsearch, archive: str, tmp_path: Path, exported: Export
) -> None:
    file = tmp_path / "rows.parquet"
    export(es, archive, Wish("dam", "parquet"), file)
    found = pq.read_table(file).to_pylist()
    wanted = exported("dam")
    assert [row["article_id"] for row in found] == [row["article_id"] for row in wanted]
    assert found[0]["first_seen_at"] == SEEN
    assert found[0]["actors"] == ["Ada Lund"]
    assert json.loads(found[0]["marks"]) == wanted[0]["marks"]
    assert found[0]["event_date"] is None
    assert found[0]["is_first"] is True


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_is_read_as_one(es: Elasticsearch, archive: str, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"rows.{form}"
    export(es, archive, Wish("dam", form), file)
    found = feedparser.parse(file.read_bytes())
    assert not found.bozo
    titles = [entry.title for entry in found.entries]
    assert sorted(titles) == ["=1+1", "After the dam", "Dam holds", "Dam holds"]
    assert found.entries[0].link.startswith("http://gazette.example/u:")
    assert len({entry.id for entry in found.entries}) == 4
    assert all(entry.get("published_parsed") or entry.updated_parsed for entry in found.entries)


def test_nothing_is_left_of_an_export_that_breaks_off(
    es: Elasticsearch, archive: str, tmp_path: Path, elasticsearch_url: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("of before")
    with Relay(elasticsearch_url) as relay, Elasticsearch(relay.url) as broken:
        relay.fault = lambda _m, path, _c: (
            (400, {"error": {"type": "x", "reason": "no"}}) if path == "/_search" else None
        )
        with pytest.raises(QueryError):
            export(broken, archive, Wish("dam", "csv"), file)
        relay.fault = lambda _m, _path, _c: None
        relay.edit = lambda path, answer: (
            answer.update(timed_out=True) if path == "/_search" else None
        )
        with pytest.raises(ServiceError, match="took longer"):
            export(broken, archive, Wish("dam", "csv"), file)
    assert [each.name for each in tmp_path.iterdir()] == ["rows.csv"]
    assert file.read_text() == "of before"


def test_the_verb(
    archive: str,
    context: Context,
    rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    top = argparse.ArgumentParser()
    add_parsers(top.add_subparsers())

    def call(*arguments: str) -> int:
        args = top.parse_args(["export", *arguments])
        return int(args.run(args, context.settings))

    file = tmp_path / "dam.csv"
    assert call("dam", str(file), "--unit", "story") == 0
    checksum = sha256(file.read_bytes()).hexdigest()
    assert f"3 rows of 4 articles, sha256 {checksum}" in capsys.readouterr().out
    assert rows.ask("SELECT query, rules, checksum FROM export_run") == [
        ("dam", ["text=1"], checksum)
    ]
    assert call('"dam', str(file)) == 2
    with pytest.raises(InputError, match="say the format"):
        call("dam", str(tmp_path / "dam.xls"))
    with pytest.raises(InputError, match="No such file"):
        call("dam", str(tmp_path / "none" / "dam.csv"))


def test_dates_of_any_age_are_written(
    es: Elasticsearch, context: Context, rows: Rows, tmp_path: Path
) -> None:
    for key, year in (("u:1", 1), ("u:2", 9999)):
        moment = datetime(year, 12, 31, tzinfo=UTC)
        rows.article(key, "Dam", "The dam.", published=moment)
        rows.set(f"UPDATE article SET event_date = '{date(year, 1, 1)}' WHERE article_id = '{key}'")
    index(context)
    es.indices.refresh(index=alias_name(context.settings.index_prefix))
    for form in ("csv", "ndjson", "parquet", "rss", "atom"):
        file = tmp_path / f"rows.{form}"
        done = export(es, context.settings.index_prefix, Wish("dam", form), file)
        assert done.rows == 2, form
