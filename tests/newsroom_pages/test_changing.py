"""What a person does on the pages: watches, sources, mails, addresses for feed readers."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from newsroom_pages.house import BASE, House, ask, change

WATCH = {
    "id": "flood",
    "name": "Floods <b>",
    "owner": "desk@example.org",
    "query": "flood OR dam",
    "unit": "story",
    "news": ["new", "correction"],
    "languages": "en, fr",
    "reader_address": ["a@example.org", "b@example.org", ""],
    "reader_language": ["en", "fr", "en"],
    "reader_zone": ["Europe/Paris", "UTC", "UTC"],
    "reader_mode": ["both", "instant", "instant"],
    "reader_times": ["08:00, 17:30", "", ""],
    "reader_days": ["mon, fri", "", ""],
    "reader_quiet": ["22:00-06:00", "", ""],
    "reader_max": ["5", "", ""],
    "reader_empty": ["yes", "no", "no"],
}
OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline text="Good" xmlUrl="https://good.example/rss"/>
<outline text="Bad" xmlUrl="file:///etc/passwd"/></body></opml>"""


@pytest.fixture
def editor(own_house: House) -> TestClient:
    return own_house.client("ed")


def test_a_watch_is_made_changed_paused_and_removed(own_house: House, editor: TestClient) -> None:
    answer = editor.post(f"{BASE}/watches", data=WATCH)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"{BASE}/watches/flood"
    made = editor.get(f"{BASE}/api/watches/flood").json()
    assert made["name"] == "Floods <b>"
    assert made["languages"] == ["en", "fr"]
    assert made["news"] == ["new", "correction"]
    assert [r["address"] for r in made["recipients"]] == ["a@example.org", "b@example.org"]
    assert made["recipients"][0]["digest"] == {"times": ["08:00", "17:30"], "days": ["mon", "fri"]}
    assert made["recipients"][0]["quiet"] == ["22:00-06:00"]
    assert made["recipients"][0]["max_per_hour"] == 5
    assert made["recipients"][0]["empty_digest"] is True

    shown = editor.get(f"{BASE}/watches/flood").text
    assert "Floods &lt;b&gt;" in shown
    assert 'value="08:00, 17:30"' in shown

    changed = WATCH | {"query": "flood", "reader_address": ["a@example.org", "", ""]}
    assert editor.post(f"{BASE}/watches/flood", data=changed).status_code == 303
    made = editor.get(f"{BASE}/api/watches/flood").json()
    assert made["query"] == "flood"
    assert len(made["recipients"]) == 1

    assert editor.post(f"{BASE}/watches/flood/pause").status_code == 303
    assert editor.get(f"{BASE}/api/watches/flood").json()["active"] is False
    assert editor.post(f"{BASE}/watches/flood/resume").status_code == 303
    assert editor.get(f"{BASE}/api/watches/flood").json()["active"] is True
    until = {"until": "2026-05-20T08:00"}
    assert editor.post(f"{BASE}/watches/flood/pause", data=until).status_code == 303
    [row] = [r for r in editor.get(f"{BASE}/api/watches").json() if r["watch_id"] == "flood"]
    assert (row["state"], row["paused_until"]) == ("paused", "2026-05-20T08:00:00Z")
    assert "20 May 2026, 08:00 UTC" in editor.get(f"{BASE}/watches/flood").text
    assert editor.post(f"{BASE}/watches/flood/resume").status_code == 303
    assert "20 May 2026" not in editor.get(f"{BASE}/watches/flood").text
    for wrong in ("soon", "2026-05-14T09:59", "9999-12-31T23:00-12:00", "0001-01-01T00:00+10:00"):
        answer = editor.post(f"{BASE}/watches/flood/pause", data={"until": wrong})
        assert answer.status_code == 400, wrong
    assert editor.post(f"{BASE}/watches/flood/remove").headers["location"] == f"{BASE}/watches"
    assert editor.get(f"{BASE}/watches/flood").status_code == 404
    assert ask(own_house.settings, "SELECT removed FROM watch WHERE watch_id = 'flood'")[0][0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"query": "(flood"}, "query"),
        ({"query": ""}, "query"),
        ({"name": ""}, "name"),
        ({"id": "a b"}, "id"),
        ({"id": "lund"}, "id"),
        ({"owner": "nobody"}, "owner"),
        ({"languages": "english"}, "languages"),
        ({"news": ["gossip"]}, "news"),
        ({"expires": "some day"}, "expires"),
        ({"reader_address": ["not an address", "", ""]}, "recipients"),
        ({"reader_address": ["", "", ""]}, "recipients"),
        ({"reader_zone": ["Mars/Base", "UTC", "UTC"]}, "recipients"),
        ({"reader_quiet": ["late", "", ""]}, "recipients"),
        ({"reader_max": ["many", "", ""]}, "recipients"),
        ({"reader_times": ["25:00", "", ""]}, "recipients"),
        ({"reader_times": ["", "", ""]}, "recipients"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_a_watch_with_a_fault_is_not_saved_and_shows_it_at_its_place(
    house: House, wrong: dict[str, object], field: str
) -> None:
    answer = house.client("ed").post(f"{BASE}/watches", data=WATCH | wrong)
    assert answer.status_code == 422
    assert f'id="fault-{field}"' in answer.text
    assert "Floods &lt;b&gt;" in answer.text or wrong == {"name": ""}
    assert not ask(house.settings, "SELECT 1 FROM watch WHERE watch_id IN ('flood', 'a b')")


def test_a_query_is_checked_while_it_is_typed(house: House) -> None:
    client = house.client("ed")
    good = client.post(f"{BASE}/watches/check", data={"query": "flood*"}).text
    assert "sound" in good
    bad = client.post(f"{BASE}/watches/check", data={"query": "lund )<i>"}).text
    assert "<mark>)</mark>&lt;i&gt;" in bad
    assert "<html" not in bad


def test_why_a_watch_missed_a_story(house: House) -> None:
    client = house.client("rita")
    path = f"{BASE}/watches/other/why"
    answer = client.get(path, params={"what": "http://gazette.example/u:1"})
    assert "nobody-at-all" in answer.text
    lines = client.get(f"{BASE}/api/watches/other/why", params={"what": "u:1"}).json()
    assert any("is not in the text" in line for line in lines)


def test_a_preview_counts_the_mails(house: House) -> None:
    answer = house.client("rita").get(f"{BASE}/watches/lund/preview")
    assert answer.status_code == 200
    assert "Lund" in answer.text
    assert "low (words and phrases only)" in answer.text


def test_sources_are_paused_and_removed(own_house: House, editor: TestClient) -> None:
    for act, sql in (("pause", "paused"), ("resume", "NOT paused"), ("remove", "removed")):
        assert editor.post(f"{BASE}/sources/s2/{act}").status_code == 303
        rows = ask(own_house.settings, f"SELECT {sql} FROM source WHERE source_id = 's2'")
        assert rows == [(True,)], act
    assert editor.get(f"{BASE}/sources/s2").status_code == 404


def test_opml_comes_in_and_goes_out(own_house: House, editor: TestClient) -> None:
    answer = editor.post(f"{BASE}/sources/import", files={"file": ("a.opml", OPML)})
    assert answer.status_code == 200
    assert "1 added" in answer.text
    assert "is no http or https address" in answer.text
    out = editor.get(f"{BASE}/sources.opml")
    assert "https://good.example/rss" in out.text
    assert editor.post(f"{BASE}/sources/import", files={"file": ("a", "no xml")}).status_code == 400
    assert editor.post(f"{BASE}/sources/import", data={"file": "x"}).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://127.0.0.1:9/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "gopher://x",
        "",
    ],
)
def test_an_address_is_read_through_the_guards(house: House, url: str) -> None:
    answer = house.client("ed").post(f"{BASE}/sources/look", data={"url": url})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_an_address_that_was_looked_at_is_followed(own_house: House, editor: TestClient) -> None:
    fields = {"url": "https://new.example/rss", "title": "New", "tags": "a, b", "fetch": "always"}
    answer = editor.post(f"{BASE}/sources", data=fields)
    assert answer.status_code == 303
    [row] = ask(
        own_house.settings,
        "SELECT title, tags, fetch_policy FROM source WHERE url = 'https://new.example/rss'",
    )
    assert row == ("New", ["a", "b"], "always")
    assert editor.post(f"{BASE}/sources", data={"url": "file:///x"}).status_code == 400
    assert editor.post(f"{BASE}/sources", data=fields | {"fetch": "hourly"}).status_code == 400


def test_an_uncertain_mail_is_resolved_once(own_house: House, editor: TestClient) -> None:
    [(number,)] = ask(
        own_house.settings, "SELECT delivery_id FROM delivery WHERE state = 'uncertain'"
    )
    path = f"{BASE}/deliveries/{number}"
    assert "It arrived" in editor.get(path).text
    assert editor.post(f"{path}/resolve", data={"state": "lost"}).status_code == 400
    assert editor.post(f"{path}/resolve", data={"state": "sent"}).status_code == 303
    rows = ask(
        own_house.settings,
        f"SELECT state, resolved_by FROM delivery WHERE delivery_id = {number}",
    )
    assert rows == [("sent", "ed")]
    assert editor.post(f"{path}/resolve", data={"state": "queued"}).status_code == 409


def test_a_mail_as_sent_stands_in_a_frame_that_may_do_nothing(house: House) -> None:
    client = house.client("rita")
    page = client.get(f"{BASE}/deliveries/1").text
    assert re.search(r"<iframe[^>]* sandbox src=", page)
    mail = client.get(f"{BASE}/deliveries/1/mail")
    assert mail.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "Lund resigns" in mail.text


def test_a_feed_address_works_without_log_in_until_it_is_revoked(own_house: House) -> None:
    rita, ed, stranger = own_house.client("rita"), own_house.client("ed"), own_house.client()
    fields = {"name": "Lund", "query": "lund"}
    page = rita.post(f"{BASE}/feeds", data=fields).text
    found = re.search(r"http://newsroom\.example(/mediawatch/feed/[\w-]+)", page)
    assert found
    answer = stranger.get(found[1])
    assert answer.status_code == 200
    assert "<item>" in answer.text
    assert "Lund resigns" in answer.text
    token = found[1].rpartition("/")[2]
    assert token not in str(ask(own_house.settings, "SELECT * FROM feed_token"))
    assert token not in rita.get(f"{BASE}/feeds").text

    [(number,)] = ask(own_house.settings, "SELECT token_id FROM feed_token")
    ed.post(f"{BASE}/feeds", data={"query": "dam"})
    assert "dam" not in rita.get(f"{BASE}/feeds").text.partition("<table>")[2].partition("<h2")[0]
    assert rita.post(f"{BASE}/feeds/{number + 1}/revoke").status_code == 404
    assert rita.post(f"{BASE}/feeds/{number}/revoke").status_code == 303
    assert stranger.get(found[1]).status_code == 404
    assert rita.post(f"{BASE}/feeds", data={"query": "(lund"}).status_code == 400


def test_an_actor_gets_a_name_and_loses_it_again(own_house: House, editor: TestClient) -> None:
    change(
        own_house.settings,
        "INSERT INTO actor (actor_id, kind, name) VALUES ('Q7747', 'person', 'Vladimir Putin')",
    )
    path = f"{BASE}/actors/Q7747"
    assert "Vladimir Putin" in editor.get(path).text
    assert editor.post(f"{path}/alias", data={"value": "Wladi P."}).status_code == 303
    page = editor.get(path).text
    assert "Wladi P." in page
    [(number, by)] = ask(own_house.settings, "SELECT decision_id, decided_by FROM actor_decision")
    assert by == "ed"
    assert editor.post(f"{path}/undo/{number}").status_code == 303
    assert "Wladi P." not in editor.get(path).text
    for act, value in (("alias", ""), ("alias", "x"), ("merge", "Q-none"), ("alias", "y" * 300)):
        assert editor.post(f"{path}/{act}", data={"value": value}).status_code == 400
    assert editor.post(f"{path}/promote", data={"value": "Sir"}).status_code == 404
