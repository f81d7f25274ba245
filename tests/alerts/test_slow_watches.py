"""A watch whose search takes too long: it must not hold up the others for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.desk import Desk, text_of, watch_text
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import transaction
from search.relay import Relay


@pytest.fixture
def relay(desk: Desk, elasticsearch_url: str) -> Iterator[Relay]:
    with Relay(elasticsearch_url) as relay:
        desk.settings = replace(desk.settings, elasticsearch_url=relay.url)
        yield relay


def run_out_of_time(path: str, answer: dict[str, Any]) -> None:
    """All searches of a request but the first."""
    if path.endswith("/_msearch"):
        for response in answer["responses"][1:]:
            response["timed_out"] = True


def mark_too_long(path: str, answer: dict[str, Any]) -> None:
    """What finds is in time, what marks is not."""
    if path.endswith("/_msearch"):
        for response in answer["responses"]:
            if any("highlight" in hit for hit in response["hits"]["hits"]):
                response["timed_out"] = True


def in_time(_path: str, _answer: dict[str, Any]) -> None:
    pass


def test_slow_three_times_in_a_row_it_is_paused_and_its_owner_told_once(
    desk: Desk, relay: Relay
) -> None:
    desk.watch(watch_text(), watch_text("slow", name="Slow", reader="slow@example.org"))
    told = []
    for is_slow in (True, True, False, True, True, True, True):
        relay.edit = run_out_of_time if is_slow else in_time
        desk.article(f"Dam {len(told)}")
        told.append(sorted(mail["To"] for mail in desk.alert()))
    alone = ["desk@example.org"]
    both = ["desk@example.org", "slow@example.org"]
    with_owner = ["desk@example.org", "owner@example.org"]
    assert told == [alone, alone, both, alone, alone, with_owner, alone]
    [notice] = [mail for mail in desk.smtp.messages() if mail["To"] == "owner@example.org"]
    assert notice["Subject"] == "mediawatch: the watch “Slow” was paused"
    assert "mediawatch watch resume slow" in text_of(notice)
    assert desk.run_sql("SELECT watch_id FROM watch WHERE NOT active") == [("slow",)]


def test_resumed_it_has_three_times_again(desk: Desk, relay: Relay) -> None:
    desk.watch(watch_text(), watch_text("slow", reader="slow@example.org"))
    relay.edit = run_out_of_time
    for number in range(6):
        desk.article(f"Dam {number}")
        desk.alert()
        desk.now += timedelta(minutes=5)
        if number == 2:
            with transaction(desk.conn) as conn:
                storage.set_watch_active(conn, "slow", True, desk.now)
    owner = [mail for mail in desk.smtp.messages() if mail["To"] == "owner@example.org"]
    assert len(owner) == 2
    with transaction(desk.conn) as conn:
        storage.set_watch_active(conn, "slow", True, desk.now)
    relay.edit = in_time
    desk.article("Dam at last")
    assert {mail["To"] for mail in desk.alert()} == {"desk@example.org", "slow@example.org"}


def test_slow_only_at_the_marks_is_slow_too(desk: Desk, relay: Relay) -> None:
    desk.watch(watch_text())
    relay.edit = mark_too_long
    for number in range(3):
        assert desk.run_sql("SELECT slow, active FROM watch") == [(number, True)]
        desk.article(f"Dam {number}")
        desk.match()
    assert desk.run_sql("SELECT slow, active FROM watch") == [(3, False)]
    assert desk.matches() == []
