"""Failures that people have met when loading news into Postgres and Elasticsearch."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import psycopg2
import pytest
from elasticsearch import Elasticsearch

from mediawatch.model import RawEntry, SearchDocument
from mediawatch.pipeline import stories, text
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search import bulk
from mediawatch.search.index import alias_name, index_name, make_month, put_template
from mediawatch.search.reading import asked
from mediawatch.sources.feeds import parse_feed, raw_entry
from mediawatch.sources.items import Feed
from mediawatch.storage import sources as storage
from mediawatch.storage.articles import claim_entries
from mediawatch.storage.connection import connect, transaction
from mediawatch.storage.sources import NewEntry
from search.conftest import NOW
from search.newsroom_rows import SEEN, Rows
from search.relay import Relay

BODY = "<p>The ferry between the islands will not sail before Monday, the harbour master said.</p>"
Load = Callable[..., dict[str, str]]


def entry(key: str, **given: Any) -> RawEntry:
    """An item of a feed."""
    return RawEntry(
        **{
            "entry_id": key,
            "source_id": "s1",
            "item_key": key,
            "url": f"http://gazette.example/{key}",
            "title": f"Ferry {key}",
            "content": f"{BODY}<p>Number {key}.</p>",
            "fetched_at": NOW,
            "published": "2026-05-14T09:00:00Z",
            **given,
        }
    )


def item(key: str, **given: Any) -> dict[str, Any]:
    """An item of a JSON feed."""
    return {
        "id": key,
        "url": f"http://gazette.example/{key}",
        "title": f"Ferry {key}",
        "content_html": f"{BODY}<p>Number {key}.</p>",
        "date_published": "2026-05-14T09:00:00Z",
        **given,
    }


def feed(items: list[dict[str, Any]], now: datetime) -> list[RawEntry]:
    """The entries of a feed with these items; every odd sign is an escape in it."""
    content = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    parsed = parse_feed(content.encode(), url="http://gazette.example/feed.json")
    assert isinstance(parsed, Feed)
    return [raw_entry("s1", each, now, "0" * 64) for each in parsed.items]


@pytest.fixture
def load(context: Context, rows: Rows, es: Elasticsearch) -> Load:
    """Takes the items of a feed in, through both stores; the titles in the index by item key."""

    def run(*items: dict[str, Any], earlier: dict[str, Any] | None = None) -> dict[str, str]:
        with transaction(context.conn) as conn:
            for now, found in (
                (NOW - timedelta(minutes=5), [earlier] if earlier else []),
                (NOW, list(items)),
            ):
                entries = feed(found, now)
                storage.add_entries(
                    conn, [NewEntry(entry=each, state="pending") for each in entries], now
                )
        text.normalise(context)
        stories.cluster(context)
        for (article_id,) in rows.ask(
            "SELECT article_id FROM article a WHERE NOT EXISTS"
            " (SELECT FROM article_change c WHERE c.article_id = a.article_id)"
        ):
            rows.change(article_id, "new_article")
        assert index(context)["bad"] == 0
        alias = alias_name(context.settings.index_prefix)
        es.indices.refresh(index=alias)
        hits = es.search(index=alias, size=100)["hits"]["hits"]
        titles = {hit["_id"]: hit["_source"]["title"] for hit in hits}
        assert all(len(key.encode()) <= 512 for key in titles)
        keys = dict(rows.ask("SELECT article_id, item_key FROM article_source"))
        return {keys[key]: title for key, title in titles.items()}

    return run


RANDOM = "".join(random.Random(6).choices("0123456789abcdef", k=6_000))
# What is strange about an item, and its title in the index; None: any sound text.
STRANGE: dict[str, tuple[dict[str, Any], str | None]] = {
    "load-01": ({"title": "Boat\x00 late"}, "Boat late"),
    "load-02": ({"title": "Boat \ud83d late"}, None),
    "load-02-pair": ({"title": "Boat \U0001f6a2"}, "Boat \U0001f6a2"),
    # Repeated letters would be compressed and fit an index row; random ones do not.
    "load-06": ({"url": f"http://gazette.example/a?{RANDOM}"}, "Ferry load-06"),
    "load-07": ({"title": "船" * 12_000 + " harbour"}, None),
    "load-08": ({"url": "http://gazette.example/" + "船" * 200}, "Ferry load-08"),
    "load-10": ({"date_published": ""}, "Ferry load-10"),
    "load-10-none": ({"date_published": None}, "Ferry load-10-none"),
    "sound": ({}, "Ferry sound"),
}


@pytest.mark.parametrize("times", [pytest.param(2, id="load-01,02,06,07,08,10")])
def test_a_strange_item_costs_no_other(
    load: Load, es: Elasticsearch, context: Context, times: int
) -> None:
    items = [
        item(key, content_html=f"{BODY}<p>{key}</p>" * 3, **given)
        for key, (given, _) in STRANGE.items()
    ]
    for _ in range(times):  # the second time nothing is added
        titles = load(*items)
        assert set(titles) == set(STRANGE)
        for key, (_, title) in STRANGE.items():
            assert title in (None, titles[key]), key
            assert not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in titles[key])
    question = asked(es, context.settings.index_prefix, "title:harbour")
    assert es.count(index=question.alias, query=question.filter())["count"] == 1


def test_load_05_the_newest_of_two_with_one_address_wins(load: Load, rows: Rows) -> None:
    url = "http://gazette.example/ferry"
    old = item("old", url=url, title="Ferry late")
    found = load(item("new", url=url, title="Ferry cancelled"), earlier=old)
    assert list(found.values()) == ["Ferry cancelled"]
    assert rows.ask("SELECT count(*) FROM article") == [(1,)]


def test_load_03_every_sign_comes_back_as_it_was(context: Context, rows: Rows) -> None:
    """What COPY and its kin would read as an escape; nothing and empty stay apart."""
    texts = ["path C:\\200\\new", "a\tb", "line\nbreak\r\n", "\\N", "\\.", "", '"quote", comma']
    given = [entry(str(n), content=words, guid=words) for n, words in enumerate(texts)]
    given.append(entry("none", guid=None, published=None))
    with transaction(context.conn) as conn:
        storage.add_entries(conn, [NewEntry(entry=e, state="pending") for e in given], NOW)
        found = {pending.entry.entry_id: pending.entry for pending in claim_entries(conn, 100)}
    assert found == {each.entry_id: each for each in given}


def test_load_04_two_writers_in_opposite_order_do_not_stand_still(
    context: Context, rows: Rows, database_url: str
) -> None:
    faults: list[BaseException] = []
    start = Barrier(2)

    def write(order: list[str]) -> None:
        with closing(connect(database_url)) as conn:
            for number in range(50):
                start.wait()
                entries = [
                    NewEntry(entry=entry(f"{number}-{key}"), state="pending") for key in order
                ]
                try:
                    with transaction(conn):
                        storage.add_entries(conn, entries, NOW)
                except psycopg2.Error as fault:
                    faults.append(fault)

    workers = [Thread(target=write, args=[order]) for order in (list("abcd"), list("dcba"))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert rows.ask("SELECT count(*) FROM raw_entry") == [(200,)]


@pytest.fixture
def month(es: Elasticsearch, index_prefix: str) -> str:
    """An empty index of a month; its name."""
    put_template(es, index_prefix)
    make_month(es, index_prefix, 1, date(2026, 5, 1), aliased=True)
    return index_name(index_prefix, 1, date(2026, 5, 1))


def document(month: str, key: str, version: int = 1, **given: Any) -> SearchDocument:
    fields = {"article_id": key, "title": "Ferry", "body": "", "story_id": key, **given}
    return SearchDocument(article_id=key, index=month, version=version, fields=fields)


def test_load_09_each_item_of_a_bulk_has_its_own_fate(
    es: Elasticsearch,
    month: str,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bad date, a busy shard and two sound ones, in requests of two."""
    monkeypatch.setattr(bulk, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(bulk, "BULK_DOCUMENTS", 2)
    dates = ["2026-05-15T08:00:00Z", "not a date", "2026-05-15T08:00:00Z", "2026-05-15T08:00:00Z"]
    busy = {"status": 429, "error": {"type": "rejected_execution", "reason": "busy"}}

    def edit(path: str, answer: dict[str, Any]) -> None:
        if path == "/_bulk" and relay.seen[path] == 2:
            answer["items"][0]["index"] = busy

    with Relay(elasticsearch_url) as relay, Elasticsearch(relay.url) as behind:
        relay.edit = edit
        outcome = bulk.write(
            behind, [document(month, str(n), dated_at=when) for n, when in enumerate(dates)]
        )
        assert relay.seen["/_bulk"] == 3
    assert list(outcome.bad) == ["1"]
    assert "not a date" in outcome.bad["1"]
    assert (outcome.written, outcome.known) == (2, 1)  # the second answer was only made to be busy
    es.indices.refresh(index=month)
    assert sorted(hit["_id"] for hit in es.search(index=month)["hits"]["hits"]) == ["0", "2", "3"]


def test_load_11_an_answer_after_we_gave_up_makes_no_second_document(
    es: Elasticsearch, month: str, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FIRST_PAUSE", 0.01)
    with Relay(elasticsearch_url) as relay, Elasticsearch(relay.url) as behind:
        relay.fault = lambda _m, path, count: "cut" if path == "/_bulk" and not count else None
        assert bulk.write(behind, [document(month, "0")]).known == 1
    es.indices.refresh(index=month)
    assert es.count(index=month)["count"] == 1


def test_load_13_the_same_again_is_fine_and_the_older_is_ignored(
    es: Elasticsearch, month: str
) -> None:
    bulk.write(es, [document(month, "0", 5, title="New")])
    outcome = bulk.write(es, [document(month, "0", 5, title="New"), document(month, "0", 4)])
    assert (outcome.known, outcome.bad) == (2, {})
    assert es.get(index=month, id="0")["_source"]["title"] == "New"


def test_load_12_a_connection_that_was_cut_costs_nothing(
    context: Context, rows: Rows, database_url: str, es: Elasticsearch
) -> None:
    """The step fails as a whole and its repetition, on a new connection, has it all."""
    for key in ("u:0", "u:1"):
        rows.article(key)
    with closing(connect(database_url)) as mine:
        with closing(connect(database_url)) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [mine.info.backend_pid])
        with pytest.raises(psycopg2.Error):
            index(replace(context, conn=mine))
    with closing(connect(database_url)) as again:
        assert index(replace(context, conn=again))["written"] == 2


def test_dates_at_the_edge_of_time(context: Context, rows: Rows) -> None:
    for year in (1, 9999):
        rows.article(f"u:{year}", published=datetime(year, 6, 1, tzinfo=SEEN.tzinfo))
    assert index(context)["written"] == 2


def test_a_body_of_ten_megabytes_and_a_keyword_of_forty_thousand_bytes(
    context: Context, rows: Rows, es: Elasticsearch
) -> None:
    rows.article("u:0", "Ferry", "The ferry sails. " * 600_000)
    rows.article("u:1", "Ferry")
    rows.set("UPDATE outlet SET name = repeat('Gazette ', 5000)")
    counts = index(context)
    assert (counts["written"], counts["bad"]) == (2, 0)
    question = asked(es, context.settings.index_prefix, "outlet_name:Gazette*")
    es.indices.refresh(index=question.alias)
    assert es.count(index=question.alias, query=question.filter())["count"] == 2


def test_an_unknown_field_costs_its_document_alone(es: Elasticsearch, month: str) -> None:
    outcome = bulk.write(es, [document(month, "0", headline="x"), document(month, "1")])
    assert outcome.written == 1
    assert "headline" in outcome.bad["0"]
