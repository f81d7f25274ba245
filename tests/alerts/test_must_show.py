"""What the alerts are for, shown as a reader meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.desk import NOW, Desk, text_of, watch_text
from alerts.wire_desk import SIDE, WIRE, WireDesk
from mediawatch.errors import ServiceError
from mediawatch.pipeline.meaning import import_actors

DIGEST = ', mode: both, digest: {times: ["13:00"]}'
OUTLETS = (
    "Gazette", "Morning Post", "Herald", "Valley Times", "Radio Nord",
    "Island Sun", "The Ledger", "Coast Weekly", "Lakeside Star", "Northern Echo",
)  # fmt: skip


def copies() -> list[tuple[str, str, str]]:
    """Title, text and path of ten copies: cut, retitled, with bylines and tracking addresses."""
    parts = WIRE.split("\n\n")
    cut = "\n\n".join(parts[:4])
    bylined = "By Anna Berg\n\n" + WIRE
    placed = "PORT LENZ (Agency) - " + WIRE
    return [
        ("Ness and Quint meet over herring", WIRE, "/news/1"),
        ("Herring talks open in Port Lenz", bylined, "/a?utm_source=rss&utm_medium=feed"),
        ("Fishing quarrel: ministers meet", placed, "/b"),
        ("'Room for all boats', says Ness", cut, "/c#comments"),
        ("Quota offer in fishing row", WIRE + "\n\nFollow us for more news.", "/d?fbclid=ab12"),
        ("Envoy asks for inspectors", bylined, "/e"),
        ("Two sides talk fish", cut, "/f?utm_campaign=x"),
        ("Northern grounds: a way out?", placed, "/g"),
        ("Trawler dispute nears an end", "\n\n".join(parts[:5]), "/h"),
        ("Herring: talks go on", WIRE, "/i?ref=home"),
    ]


@pytest.fixture
def wire_desk(desk: Desk) -> WireDesk:
    settings = replace(desk.settings, taggers=(), seed_roots=(desk.settings.home,))
    desk.run_sql("DELETE FROM source")
    return WireDesk(desk.conn, settings, desk.smtp)


def test_ten_copies_over_two_hours_are_one_mail_and_the_digest_lists_ten_outlets(
    wire_desk: WireDesk,
) -> None:
    desk = wire_desk
    desk.watch(watch_text("fish", '"halvor ness" AND quint', name="Fish", recipient=DIGEST))
    mails = []
    for number, (title, body, path) in enumerate(copies()):
        desk.entry(OUTLETS[number], title, body, path, desk.now - timedelta(minutes=5))
        if number in (0, 4, 9):
            mails.append(desk.work())
        desk.wait(minutes=12)
    assert mails == [1, 0, 0]
    assert desk.run_sql("SELECT count(DISTINCT story_id) FROM article") == [(1,)]

    desk.now = NOW.replace(hour=13, minute=0)
    assert desk.digest()["sent"] == 1
    digest = text_of(desk.smtp.messages()[-1])
    assert [outlet for outlet in OUTLETS if outlet not in digest] == []
    assert "9 more outlets" in digest
    assert "1 story" in desk.smtp.messages()[-1]["Subject"]

    desk.wait(hours=20)
    desk.entry("Gazette", "Ness and Quint open a museum", SIDE, "/news/2", desk.now)
    assert desk.work() == 1
    assert desk.work() == 0
    assert desk.smtp.messages()[-1]["Subject"] == "[Fish] Ness and Quint open a museum"


def test_search_and_mail_each_away_for_an_hour_in_one_night(desk: Desk) -> None:
    desk.watch(watch_text())
    there = desk.settings
    away = replace(there, elasticsearch_url="http://127.0.0.1:1")

    def minute(number: int) -> None:
        desk.now = NOW + timedelta(minutes=number)
        try:
            desk.match()
        except ServiceError:
            assert desk.settings is away
        desk.send()

    desk.settings = away
    for number in range(0, 60, 10):
        if number % 20 == 0:
            desk.now = NOW + timedelta(minutes=number)
            desk.article(f"Dam {number}", published=desk.now)
        minute(number)
    assert desk.matches() == []
    desk.settings = there
    desk.relay = "smtp://127.0.0.1:1"
    for number in range(60, 120, 10):
        if number % 20 == 0:
            desk.now = NOW + timedelta(minutes=number)
            desk.article(f"Dam {number}", published=desk.now)
        minute(number)
    assert desk.smtp.messages() == []
    desk.relay = None
    for number in range(120, 180, 10):
        minute(number)

    mails = desk.smtp.messages()
    assert [mail["Subject"] for mail in mails] == [
        f"[Dams] Dam {number}" for number in range(0, 120, 20)
    ]
    # Each says how late it is, counted from when it was first seen.
    assert "Sent late: first seen 15 May 2026, 09:30 UTC" in text_of(mails[0])
    assert {row[1] for row in desk.deliveries()} == {"sent"}


def test_thirty_days_of_backfill_mail_nothing_and_the_ledger_says_why(desk: Desk) -> None:
    desk.watch(watch_text(), watch_text("digest", recipient=DIGEST, reader="d@example.org"))
    for number in range(1000):
        desk.article(
            f"Dam {number}",
            f"Dam number {number} was built.",
            intake="archive",
            cause="backfill",
            published=NOW - timedelta(days=number % 30),
        )
    assert desk.alert() == []
    desk.now = NOW.replace(hour=13)
    assert desk.digest() == {"sent": 0}
    states = desk.run_sql("SELECT state, suppressed_why, count(*) FROM match GROUP BY 1, 2")
    assert states == [("suppressed", "backfill", 2000)]
    assert desk.run_sql("SELECT state FROM delivery WHERE kind = 'instant'") == []


SEED = (
    " date 2021-12-16 The leaders of Russia and China spoke by video link on Wednesday.\n\n"
    "Vladimir Putin and Xi Jinping praised each other's countries at length.\n\n"
    "Xi backed Putin in his demand for legally binding security guarantees from the West,"
    " an adviser told reporters after the call. The two will meet in February.\n"
)


def test_a_seed_that_speaks_of_security_guarantees_by_putin(wire_desk: WireDesk) -> None:
    desk = wire_desk
    import_actors(desk.context)
    folder = desk.settings.home / "articles"
    folder.mkdir()
    (folder / "call.txt").write_text(SEED, encoding="utf-8")
    desk.watch(
        watch_text("g", '"security guarantees" AND actor:"Vladimir Putin"', name="Guarantees"),
        watch_text("miss", '"security guarantees" AND actor:"Joe Biden"', name="Miss"),
    )
    desk.seeds(folder)
    assert desk.work() == 1
    [mail] = desk.smtp.messages()
    sentence = "Xi backed *Putin* in his demand for legally binding *security guarantees* from"
    assert sentence in text_of(mail)
