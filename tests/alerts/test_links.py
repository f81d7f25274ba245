"""Signed links and what each act does."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from alerts.desk import NOW, Desk, text_of, watch_text
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


def with_links(desk: Desk, public_url: str = "https://news.example") -> Desk:
    """The desk with a newsroom that is reached there."""
    desk.settings = replace(desk.settings, public_url=public_url, signing_key=KEY)
    return desk


def found_links(mail: EmailMessage) -> dict[str, Grant]:
    """The links of a mail by their act, checked."""
    tokens = re.findall(r"/mail/([\w.-]+)", text_of(mail))
    grants = [links.verify(token, KEY, NOW) for token in tokens]
    return {one.act: one for one in grants if isinstance(one, Grant)}


def test_a_mail_of_an_https_newsroom_has_one_click_headers_and_all_links(desk: Desk) -> None:
    with_links(desk).watch(watch_text())
    story = desk.article()
    [mail] = desk.alert()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address, mailto = mail["List-Unsubscribe"].split(", ")
    assert mailto == "<mailto:editor@newsdesk.example?subject=unsubscribe%20dam>"
    grant = links.verify(address.strip("<>").rpartition("/")[2], KEY, NOW)
    assert isinstance(grant, Grant)
    assert (grant.act, grant.watch_id) == ("unsubscribe", "dam")
    got = found_links(mail)
    assert set(got) == set(links.ACTS)
    assert got["mute"].unit_id == got["not_relevant"].unit_id == story
    assert f"https://news.example/stories/{story}" in text_of(mail)
    assert do(desk, grant)
    desk.article("Dam two", "Another dam.")
    assert desk.alert() == []


def test_without_https_no_mail_program_acts_by_itself(desk: Desk) -> None:
    with_links(desk, "http://news.example").watch(watch_text())
    desk.article()
    [mail] = desk.alert()
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["List-Unsubscribe"].startswith("<mailto:")
    assert set(found_links(mail)) == set(links.ACTS)


def test_without_a_newsroom_a_person_is_written_to(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article()
    [mail] = desk.alert()
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["List-Unsubscribe"].startswith("<mailto:editor@newsdesk.example")
    assert found_links(mail) == {}
    assert "To stop, write to editor@newsdesk.example" in text_of(mail)


@pytest.mark.parametrize("recipient", ["", ', mode: digest, digest: {times: ["11:00"]}'])
def test_what_is_found_in_a_pause_is_never_told_and_what_comes_after_is(
    desk: Desk, recipient: str
) -> None:
    desk.watch(watch_text(recipient=recipient), watch_text("other", reader="b@example.org"))
    do(desk, grant(desk, "pause"), 24)
    desk.article("Dam one", "A dam.")
    assert [mail["To"] for mail in desk.alert()] == ["b@example.org"]
    desk.now = NOW.replace(hour=12)
    assert desk.digest() == {"sent": 0}
    desk.now += timedelta(hours=25)
    desk.article("Dam two", "Another dam.", published=desk.now)
    desk.alert()
    desk.digest()
    mine = [text_of(mail) for mail in desk.smtp.messages() if mail["To"] == "desk@example.org"]
    assert len(mine) == 1
    assert "Dam one" not in mine[0]


def test_a_mute_holds_for_corrections_and_under_the_name_of_a_merged_story(desk: Desk) -> None:
    desk.watch(watch_text(watch="  news: [new, correction]\n"))
    older = desk.article("A quiet text", "Nothing to be found.", outlet="Herald")
    story = desk.article()
    assert len(desk.alert()) == 1
    do(desk, grant(desk, "mute", story))
    desk.version(story, 2, "Dam holds", "The dam holds.", kind="correction")
    assert desk.alert() == []
    desk.run_sql("UPDATE story SET merged_into = %s WHERE story_id = %s", [older, story])
    desk.version(story, 3, "Dam broke", "The dam broke.", kind="correction")
    assert desk.alert() == []


def test_a_story_muted_between_finding_and_sending_is_not_sent(desk: Desk) -> None:
    desk.watch(watch_text())
    story = desk.article()
    desk.match()
    do(desk, grant(desk, "mute", story))
    assert desk.send() == {"sent": 0, "suppressed": 1}
