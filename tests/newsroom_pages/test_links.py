"""The links of mails: they show before they act, and act once and for one subscription."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediawatch.alerts.links import ACTS, ON_A_UNIT, Grant, sign
from newsroom_pages.house import BASE, KEY, NOW, House, ask


def token_of(house: House, act: str, watch_id: str = "lund") -> str:
    [(recipient,)] = ask(
        house.settings,
        f"SELECT recipient_id FROM subscription WHERE watch_id = '{watch_id}'",
    )
    return sign(
        Grant(
            act=act,  # type: ignore[arg-type]
            watch_id=watch_id,
            recipient_id=recipient,
            unit_id="u:1" if act in ON_A_UNIT else "",
            expires=NOW + timedelta(days=30),
        ),
        KEY,
    )


def state(house: House) -> object:
    return ask(
        house.settings,
        "SELECT (SELECT string_agg(s::text, '|' ORDER BY watch_id) FROM subscription s),"
        " (SELECT count(*) FROM mute), (SELECT count(*) FROM feedback)",
    )


@pytest.mark.parametrize("act", ACTS)
def test_a_link_shows_first_and_acts_when_asked(own_house: House, act: str) -> None:
    path = f"{BASE}/mail/{token_of(own_house, act)}"
    before = state(own_house)
    stranger = own_house.client()
    page = stranger.get(path)
    assert page.status_code == 200
    assert "Lund &amp; the dam" in page.text
    assert "duty@example.org" in page.text
    assert ("Lund resigns" in page.text) == (act in ON_A_UNIT)
    assert stranger.head(path).status_code in (200, 405)
    assert state(own_house) == before

    done = stranger.post(path, data={"days": "7"})
    assert done.status_code == 200
    assert 'role="status"' in done.text
    after = state(own_house)
    assert after != before
    assert stranger.post(path, data={"days": "7"}).status_code == 200
    assert state(own_house) == after


def test_a_mail_program_unsubscribes_with_one_click(own_house: House) -> None:
    client = own_house.client()
    del client.headers["sec-fetch-site"]
    answer = client.post(
        f"{BASE}/mail/{token_of(own_house, 'unsubscribe')}",
        data={"List-Unsubscribe": "One-Click"},
        headers={"accept": "*/*"},
    )
    assert answer.status_code == 200
    rows = ask(
        own_house.settings, "SELECT watch_id FROM subscription WHERE unsubscribed_at IS NOT NULL"
    )
    assert rows == [("lund",)]


def test_a_pause_needs_a_length(own_house: House) -> None:
    path = f"{BASE}/mail/{token_of(own_house, 'pause')}"
    for days in ("", "0", "999999", "x"):
        assert own_house.client().post(path, data={"days": days}).status_code == 400


def test_an_expired_link_says_so(house: House) -> None:
    house.now = NOW + timedelta(days=31)
    for method in ("GET", "POST"):
        answer = house.client().request(method, f"{BASE}/mail/{token_of(house, 'unsubscribe')}")
        assert answer.status_code == 410


def test_a_changed_link_is_refused(house: House) -> None:
    before = state(house)
    token = token_of(house, "unsubscribe")
    claims, _, signature = token.partition(".")
    for forged in (f"{claims}A.{signature}", f"{claims}.{signature[:-2]}AA", claims, f"{token}x"):
        for method in ("GET", "POST"):
            assert house.client().request(method, f"{BASE}/mail/{forged}").status_code == 403
    assert state(house) == before
