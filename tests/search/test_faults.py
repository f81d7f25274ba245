"""A server that refuses, is busy, breaks off or is another: nothing is lost, each is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search import bulk
from mediawatch.search.index import alias_name
from search.conftest import later
from search.newsroom_rows import Rows
from search.relay import Fault, Relay

BUSY = (429, {"error": {"type": "circuit_breaking_exception", "reason": "too busy"}, "status": 429})
RED = (503, {"error": {"type": "unavailable_shards_exception", "reason": "red"}, "status": 503})


@pytest.fixture
def relay(elasticsearch_url: str) -> Iterator[Relay]:
    """A way to the server that fails as told."""
    with Relay(elasticsearch_url) as made:
        yield made


@pytest.fixture
def behind(context: Context, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The same run with the relay in between, and without long pauses."""
    monkeypatch.setattr(bulk, "FIRST_PAUSE", 0.01)
    return later(context, settings=replace(context.settings, elasticsearch_url=relay.url))


def held(es: Elasticsearch, context: Context) -> list[str]:
    alias = alias_name(context.settings.index_prefix)
    es.indices.refresh(index=alias)
    hits = es.search(index=alias, size=100)["hits"]["hits"]
    return sorted(hit["_id"] for hit in hits)


def test_a_busy_server_is_asked_again(
    es: Elasticsearch, relay: Relay, behind: Context, rows: Rows
) -> None:
    rows.article("u:1")
    relay.fault = lambda _m, path, count: BUSY if path == "/_bulk" and count < 3 else None
    assert index(behind)["written"] == 1
    assert relay.seen["/_bulk"] == 4
    assert held(es, behind) == ["u:1"]


def test_only_the_refused_items_are_sent_again(
    es: Elasticsearch, relay: Relay, behind: Context, rows: Rows
) -> None:
    for number in range(3):
        rows.article(f"u:{number}")

    def edit(path: str, answer: dict[str, Any]) -> None:
        if path == "/_bulk" and relay.seen[path] == 1:
            answer["items"][1]["index"] = {"status": 429, "error": {"type": "rejected"}}

    relay.edit = edit
    counts = index(behind)
    # The second was written all the same: its repetition is a known version.
    assert (counts["written"], counts["known"]) == (2, 1)
    assert held(es, behind) == ["u:0", "u:1", "u:2"]


def test_a_server_that_stays_red_is_named_and_nothing_is_lost(
    es: Elasticsearch, relay: Relay, behind: Context, context: Context, rows: Rows
) -> None:
    rows.article("u:1")
    relay.fault = lambda _m, path, _c: RED if path == "/_bulk" else None
    with pytest.raises(ServiceError, match="red"):
        index(behind)
    assert relay.seen["/_bulk"] == bulk.ATTEMPTS
    assert index(context)["written"] == 1
    assert held(es, context) == ["u:1"]


def test_an_answer_that_gets_lost_makes_no_second_document(
    es: Elasticsearch, relay: Relay, behind: Context, rows: Rows
) -> None:
    rows.article("u:1")

    def fault(_method: str, path: str, count: int) -> Fault:
        return "cut" if path == "/_bulk" and count == 0 else None

    relay.fault = fault
    assert index(behind)["known"] == 1
    assert held(es, behind) == ["u:1"]


@pytest.mark.parametrize("number", ["7.17.29", "8.11.0", "9.1.0"])
def test_another_version_is_refused(relay: Relay, behind: Context, number: str) -> None:
    def edit(path: str, answer: dict[str, Any]) -> None:
        if path == "/":
            answer["version"]["number"] = number

    relay.edit = edit
    with pytest.raises(ServiceError, match=f"version {number}"):
        index(behind)


def test_a_wrong_password_is_named(relay: Relay, behind: Context) -> None:
    refusal = (401, {"error": {"type": "security_exception", "reason": "no"}, "status": 401})
    relay.fault = lambda _m, _p, _c: refusal
    with pytest.raises(ServiceError, match="password of MEDIAWATCH_ELASTICSEARCH_URL"):
        index(behind)


def test_a_request_that_is_too_large_is_cut_in_half(
    es: Elasticsearch, relay: Relay, behind: Context, rows: Rows
) -> None:
    for number in range(4):
        rows.article(f"u:{number}")
    too_large = (413, {"error": {"type": "too_large", "reason": "larger than allowed"}})
    relay.fault = lambda _m, path, count: too_large if path == "/_bulk" and count < 2 else None
    assert index(behind)["written"] == 4
    relay.fault = lambda _m, path, _c: too_large if path == "/_bulk" else None
    rows.article("u:9")
    assert index(behind)["bad"] == 1
    assert held(es, behind) == ["u:0", "u:1", "u:2", "u:3"]
