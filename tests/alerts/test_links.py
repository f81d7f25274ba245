"""Signed links and what each act does."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from alerts.desk import NOW, Desk, watch_text
from mediawatch.alerts import acts, links
from mediawatch.alerts.links import Act, Grant, LinkRefused, Signer
from mediawatch.errors import InputError
from mediawatch.storage.connection import transaction

KEY = "k" * 40
SIGNER = Signer("https://news.example", KEY)


def token(act: Act = "mute", unit_id: str = "a1", recipient_id: int = 1) -> str:
    return SIGNER.link(act, "dam", recipient_id, NOW, unit_id).rpartition("/")[2]


def test_a_token_gives_back_what_was_signed():
    found = links.verify(token(), KEY, NOW)
    assert found == Grant(
        act="mute", watch_id="dam", recipient_id=1, unit_id="a1", expires=NOW + links.VALID_FOR
    )


def test_a_link_lies_below_the_public_url():
    assert SIGNER.link("pause", "dam", 1, NOW).startswith("https://news.example/mail/")


@pytest.mark.parametrize("place", range(0, 120, 7))
def test_no_sign_of_a_token_can_be_changed(place: int):
    good = token()
    place %= len(good)
    other = "A" if good[place] != "A" else "B"
    bad = good[:place] + other + good[place + 1 :]
    assert links.verify(bad, KEY, NOW) == LinkRefused("link_broken")


@pytest.mark.parametrize(
    "bad", ["", ".", "x", "x.y", "é.é", "a" * 5000, f"{token()}=", "\x00.\x00"]
)
def test_anything_else_is_no_token(bad: str):
    refused = links.verify(bad, KEY, NOW)
    assert refused == LinkRefused("link_broken")
    assert refused.message


def test_claims_of_another_key_are_not_read():
    claims = base64.urlsafe_b64encode(json.dumps(["unsubscribe", "dam", 2, "", 9e9]).encode())
    signature = token().partition(".")[2]
    assert links.verify(f"{claims.decode().rstrip('=')}.{signature}", KEY, NOW) == LinkRefused(
        "link_broken"
    )
    assert links.verify(token(), "another key", NOW) == LinkRefused("link_broken")


def test_a_token_ends_after_30_days():
    assert isinstance(links.verify(token(), KEY, NOW + timedelta(days=29)), Grant)
    ended = links.verify(token(), KEY, NOW + timedelta(days=30))
    assert ended == LinkRefused("link_expired")


def grant(desk: Desk, act: Act, unit_id: str = "") -> Grant:
    [(recipient_id,)] = desk.run_sql("SELECT min(recipient_id) FROM recipient")
    found = links.verify(SIGNER.link(act, "dam", recipient_id, desk.now, unit_id)[26:], KEY, NOW)
    assert isinstance(found, Grant)
    return found


def do(desk: Desk, asked: Grant, hours: int | None = None) -> bool:
    until = None if hours is None else desk.now + timedelta(hours=hours)
    with transaction(desk.conn) as conn:
        return acts.perform(conn, asked, desk.now, until)


def is_done(desk: Desk, asked: Grant) -> bool:
    with transaction(desk.conn) as conn:
        shown = acts.ask(conn, asked, desk.now)
    assert shown is not None
    return shown.is_done


@pytest.mark.parametrize("act", links.ACTS)
def test_each_act_is_done_once_however_often_it_is_asked_for(bare_desk: Desk, act: Act):
    bare_desk.watch(watch_text())
    story = bare_desk.article("Dam breaks")
    asked = grant(bare_desk, act, story if act in links.ON_A_UNIT else "")
    assert not is_done(bare_desk, asked)
    assert do(bare_desk, asked, 2)
    assert do(bare_desk, asked, 2)
    assert is_done(bare_desk, asked)


def test_the_page_is_told_what_a_link_is_about(bare_desk: Desk):
    bare_desk.watch(watch_text())
    story = bare_desk.article("Dam breaks")
    with transaction(bare_desk.conn) as conn:
        shown = acts.ask(conn, grant(bare_desk, "mute", story), bare_desk.now)
    assert shown is not None
    assert (shown.watch_name, shown.address) == ("Dams", "desk@example.org")
    assert shown.headline == "Dam breaks"


def test_a_link_of_a_watch_that_is_gone_does_nothing(bare_desk: Desk):
    bare_desk.watch(watch_text())
    asked = grant(bare_desk, "mute", "a1")
    bare_desk.run_sql("DELETE FROM subscription")
    with transaction(bare_desk.conn) as conn:
        assert acts.ask(conn, asked, bare_desk.now) is None
    assert not do(bare_desk, asked)


@pytest.mark.parametrize("hours", [None, 0, -1, 9000])
def test_a_pause_needs_an_end_within_a_year(bare_desk: Desk, hours: int | None):
    bare_desk.watch(watch_text())
    with pytest.raises(InputError, match="needs an end"):
        do(bare_desk, grant(bare_desk, "pause"), hours)


def test_a_pause_set_anew_replaces_the_one_that_holds(bare_desk: Desk):
    bare_desk.watch(watch_text())
    asked = grant(bare_desk, "pause")
    do(bare_desk, asked, 48)
    do(bare_desk, asked, 2)
    bare_desk.now += timedelta(hours=3)
    assert not is_done(bare_desk, asked)
