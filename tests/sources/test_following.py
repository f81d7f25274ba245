"""What becomes of a source over many readings: its interval, its state and the words for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from mediawatch.pipeline.context import Context
from mediawatch.pipeline.source_files import export_sources, import_sources, save
from mediawatch.sources.intervals import DEAD, back_off
from mediawatch.sources.opml import Listed
from mediawatch.stack import sample_server
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows, rss, source
from sources.web import Answer, Web

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Clock = Callable[..., Context]


def dated(*moments: datetime, text: str = "It is said.") -> bytes:
    items = "".join(
        f"<item><title>Report of {moment:%d %H:%M}</title><guid>{moment:%d%H%M}</guid>"
        f"<pubDate>{format_datetime(moment)}</pubDate><description>{text}</description></item>"
        for moment in moments
    )
    return f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'.encode()


def hourly(until: datetime, count: int = 72) -> list[datetime]:
    return [until - n * HOUR for n in range(count)]


def read(conn: Connection, name: str, context: Clock, times: int, now: datetime = NOW) -> datetime:
    """Read a source so many times, each when it is due; the time after the last."""
    for _ in range(times):
        poll_sources(context(now))
        now = source(conn, name)["next_fetch_at"]
    return now


def states(conn: Connection, name: str) -> list[str]:
    return [row["state"] for row in reversed(storage.source_history(conn, name))]


def test_the_faults_of_the_sample_end_in_the_right_state_with_the_right_words(
    conn, context: Clock, settings, tmp_path: Path
):
    with sample_server.start(tmp_path, NOW) as server:
        allowed = replace(settings, allow_hosts=(f"127.0.0.1:{server.port}",))
        content = httpx.get(f"{server.base_url}/faults.opml").content
        report = import_sources(conn, content, "faults.opml", NOW)
        conn.commit()
        assert report.faults == []
        for hours in range(10):
            poll_sources(replace(context(NOW + hours * HOUR), settings=allowed))
    found = {row["title"]: row for row in storage.sources(conn)}
    ends = {title: row["state"] for title, row in found.items()}
    assert ends == {
        "Dead": "failing",
        "Gone": "gone",
        "Moved": "quiet",  # its last tide table is ten hours old by now
        "Elsewhere today": "quiet",
        "Throttling": "failing",
        "Quiet": "quiet",
        "Lying": "failing",
        "Restless": "quiet",
    }
    words = {title: row["state_reason"] for title, row in found.items()}
    assert words["Dead"] == "The server failed. (status 500)"
    assert words["Gone"] == "The server says that this address is gone for good. (status 410)"
    assert words["Throttling"] == "The server asked us to come back later. (status 429)"
    assert words["Quiet"].startswith("Silent for 39 hours; at this time something usually comes")
    assert "HTML page" in words["Lying"]
    assert found["Moved"]["url"].endswith("/faults/moved-here")
    assert found["Elsewhere today"]["url"].endswith("/faults/elsewhere")
    assert states(conn, found["Moved"]["source_id"])[:3] == ["new", "fine", "moved"]
    (moved,) = (
        row["reason"]
        for row in storage.source_history(conn, found["Moved"]["source_id"])
        if row["state"] == "moved"
    )
    assert moved.endswith("/faults/moved-here and is read there from now on.")
    since = {title: row["state_since"] for title, row in found.items()}
    assert (since["Dead"], since["Quiet"]) == (NOW, NOW)
    readings = rows(conn, "SELECT outcome FROM \"fetch\" WHERE url LIKE '%restless'")
    assert set(readings[1:]) == {("unchanged",)}
    asked = rows(conn, 'SELECT started_at FROM "fetch" WHERE status = 429 ORDER BY 1')
    gaps = {later - sooner for (sooner,), (later,) in pairwise(asked)}
    assert min(gaps) >= 2 * HOUR
    (gone,) = rows(conn, 'SELECT count(*) FROM "fetch" WHERE status = 410')
    assert gone == (1,)


def test_a_move_is_believed_at_the_third_time(conn, web: Web, context: Clock):
    web.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    web.answers["/new"] = Answer(rss(("A", "http://a.example/1", LONG)))
    name = follow(conn, f"{web.url}/old")
    now = read(conn, name, context, 2)
    assert source(conn, name)["url"] == f"{web.url}/old"
    now = read(conn, name, context, 1, now)
    found = source(conn, name)
    assert (found["url"], found["state"]) == (f"{web.url}/new", "moved")
    read(conn, name, context, 1, now)
    assert source(conn, name)["state"] == "unchanged"
    assert web.paths() == ["/old", "/new"] * 3 + ["/new"]
    assert rows(conn, "SELECT count(DISTINCT source_id), count(*) FROM raw_entry") == [(1, 1)]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_moves_nothing(conn, web: Web, context: Clock, status: int):
    web.answers["/old"] = Answer(status=status, headers={"Location": "/new"})
    web.answers["/new"] = Answer(rss(("A", "http://a.example/1", LONG)))
    name = follow(conn, f"{web.url}/old")
    read(conn, name, context, 5)
    assert source(conn, name)["url"] == f"{web.url}/old"


def test_a_move_must_be_seen_in_a_row_and_lead_to_a_feed(conn, web: Web, context: Clock):
    moved = Answer(status=301, headers={"Location": "/new"})
    good = Answer(rss(("A", "http://a.example/1", LONG)))
    web.answers |= {"/old": moved, "/new": good}
    name = follow(conn, f"{web.url}/old")
    now = read(conn, name, context, 2)
    web.answers["/old"] = good
    now = read(conn, name, context, 1, now)
    web.answers["/old"] = moved
    now = read(conn, name, context, 2, now)
    web.answers["/new"] = Answer(b"<html>home</html>")
    now = read(conn, name, context, 3, now)
    assert source(conn, name)["url"] == f"{web.url}/old"
    assert source(conn, name)["state"] == "failing"


def test_two_sources_that_become_one_are_read_once(conn, web: Web, context: Clock):
    web.answers["/old"] = Answer(status=308, headers={"Location": "/new"})
    web.answers["/new"] = Answer(rss(("A", "http://a.example/1", LONG)))
    old, new = follow(conn, f"{web.url}/old"), follow(conn, f"{web.url}/new")
    for days in range(5):
        poll_sources(context(NOW + days * DAY))
    found = source(conn, old)
    assert (found["state"], found["moved_into"], found["removed"]) == ("moved", new, False)
    assert "followed already" in found["state_reason"]
    assert web.paths().count("/old") == 3
    assert web.paths().count("/new") == 3 + 5


def test_a_source_that_moved_is_one_source_in_files_too(conn, web: Web, context: Clock):
    web.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    web.answers["/new"] = Answer(rss(("A", "http://a.example/1", LONG)))
    old = f'<opml version="2.0"><body><outline xmlUrl="{web.url}/old"/></body></opml>'.encode()
    assert import_sources(conn, old, "mine.opml", NOW).added
    (name,) = (row["source_id"] for row in storage.sources(conn))
    read(conn, name, context, 3)
    assert source(conn, name)["state"] == "moved"
    again = import_sources(conn, old, "mine.opml", NOW)
    assert (again.faults, again.conflicts, again.added) == ([], [], [])
    new = export_sources(conn, "mine")
    import_sources(conn, new, "mine.opml", NOW, prune=True)
    assert [row["source_id"] for row in storage.sources(conn)] == [name]
    assert source(conn, name)["url"] == f"{web.url}/new"
    listed = Listed(url=f"{web.url}/new", tags=("Moved",))
    assert save(conn, listed, NOW) == name
    assert source(conn, name)["tags"] == ["Moved"]


def test_the_interval_follows_what_the_source_publishes(conn, web: Web, context: Clock):
    lively = [NOW - n * 6 * MINUTE for n in range(50)]
    web.answers["/lively"] = Answer(dated(*lively))
    web.answers["/weekly"] = Answer(dated(*[NOW - n * 7 * DAY - HOUR for n in range(6)]))
    names = [follow(conn, f"{web.url}/{which}") for which in ("lively", "weekly")]
    poll_sources(context())
    waits = [source(conn, name)["next_fetch_at"] - NOW for name in names]
    assert waits[0] < 10 * MINUTE
    assert 2 * HOUR < waits[1] <= DAY


@pytest.mark.parametrize(
    ("headers", "head"),
    [
        ({"Cache-Control": "public, max-age=1800"}, ""),
        ({}, "<ttl>30</ttl>"),
        ({"Cache-Control": 'max-age="60"'}, "<ttl> 30 </ttl>"),
    ],
)
def test_what_the_source_asks_is_kept(conn, web: Web, context: Clock, headers, head):
    body = dated(*[NOW - n * MINUTE for n in range(60)]).replace(
        b"<title>Post", f"{head}<title>Post".encode()
    )
    web.answers["/f"] = Answer(body, headers=headers | {"ETag": '"a"'})
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    assert source(conn, name)["next_fetch_at"] == NOW + 30 * MINUTE
    web.answers["/f"] = Answer(status=304)
    poll_sources(context(NOW + 30 * MINUTE))
    assert source(conn, name)["next_fetch_at"] == NOW + 60 * MINUTE


def test_a_source_that_asks_for_a_year_is_read_each_hour(conn, web: Web, context: Clock):
    body = dated(*[NOW - n * MINUTE for n in range(60)])
    web.answers["/f"] = Answer(body, headers={"Cache-Control": "max-age=31536000"})
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    assert source(conn, name)["next_fetch_at"] == NOW + HOUR


def test_a_source_that_falls_silent_is_quiet_until_it_speaks(conn, web: Web, context: Clock):
    web.answers["/f"] = Answer(dated(*hourly(NOW)))
    name = follow(conn, f"{web.url}/f")
    now = read(conn, name, context, 1)
    while source(conn, name)["state"] in ("fine", "unchanged"):
        now = read(conn, name, context, 1, now)
    found = source(conn, name)
    silent = found["state_since"] - NOW
    assert found["state"] == "quiet"
    assert 2 * HOUR < silent < 8 * HOUR
    assert found["state_reason"].startswith("Silent for ")
    web.answers["/f"] = Answer(dated(now, *hourly(NOW)))
    read(conn, name, context, 1, now)
    found = source(conn, name)
    assert (found["state"], found["state_reason"]) == ("fine", None)
    assert states(conn, name) == ["new", "fine", "quiet", "fine"]


def test_nights_are_not_quiet(conn, web: Web, context: Clock):
    midnight = NOW.replace(hour=0) + DAY
    days = [midnight - n * DAY + h * HOUR for n in range(1, 15) for h in range(7, 20)]
    web.answers["/f"] = Answer(dated(*days))
    name = follow(conn, f"{web.url}/f")
    poll_sources(context(midnight + 6 * HOUR))
    assert source(conn, name)["state"] == "fine"
    poll_sources(context(midnight + 14 * HOUR))
    assert source(conn, name)["state"] == "quiet"


def article(conn: Connection, source_id: str, number: int, seen: datetime, text: str, **dates: Any):
    values = {
        "id": f"u:{number}",
        "source": source_id,
        "seen": seen,
        "text": text,
        "precision": dates.get("precision", "second"),
        "month": seen.date().replace(day=1),
    }
    with conn.cursor() as cursor:
        cursor.execute(
            """INSERT INTO article (article_id, language, published_precision, first_seen_at,
                                    dated_at, dated_origin, intake, index_month)
               VALUES (%(id)s, 'en', %(precision)s, %(seen)s, %(seen)s, 'seen', 'feed',
                       %(month)s)""",
            values,
        )
        cursor.execute(
            """INSERT INTO article_version (article_id, version_no, month, kind, title, body,
                   language, text_hash, extractor, entry_id, seen_at)
               VALUES (%(id)s, 1, %(month)s, 'first', 't', %(text)s, 'en', %(id)s, 'x', 'e',
                       %(seen)s)""",
            values,
        )
        cursor.execute(
            "INSERT INTO article_source VALUES (%(id)s, %(source)s, %(id)s, %(seen)s)", values
        )
    conn.commit()


@pytest.mark.parametrize(
    ("worse", "dates", "words"),
    [
        ("Read on.", {}, "Its last 10 texts have about 8 characters; before, 840."),
        (LONG, {"precision": "none"}, "Of its last 10 texts 0% are dated; before, 100%."),
    ],
)
def test_texts_that_become_worse_are_noticed_until_they_are_better(
    conn, web: Web, context: Clock, worse: str, dates: dict[str, str], words: str
):
    name = follow(conn, f"{web.url}/f")
    web.answers["/f"] = Answer(dated(*hourly(NOW)))
    read(conn, name, context, 1)
    written = 0

    def news(count: int, text: str = LONG, **kept: str) -> dict[str, Any]:
        """Some articles more, then a reading with an item more."""
        nonlocal written
        for _ in range(count):
            written += 1
            article(conn, name, written, NOW + written * MINUTE, text, **kept)
        moment = NOW + written * MINUTE + timedelta(seconds=1)
        web.answers["/f"] = Answer(dated(moment, *hourly(NOW)))
        with conn.cursor() as cursor:
            cursor.execute("UPDATE source SET next_fetch_at = %s", [moment])
        conn.commit()
        poll_sources(context(moment))
        return source(conn, name)

    assert news(30)["state"] == "fine"
    found = news(10, worse, **dates)
    assert (found["state"], found["state_reason"]) == ("degraded", words)
    # A new layout does not become the usual by lasting.
    assert news(60, worse, **dates)["state"] == "degraded"
    assert news(12)["state"] == "fine"
    assert states(conn, name) == ["new", "fine", "degraded", "fine"]


def test_a_dead_source_is_named_and_asked_ever_more_rarely(conn, web: Web, context: Clock):
    web.answers["/f"] = Answer(status=404)
    name = follow(conn, f"{web.url}/f")
    now = read(conn, name, context, DEAD + 4)
    found = source(conn, name)
    assert (found["state"], found["failures"]) == ("failing", DEAD + 4)
    assert found["state_since"] == NOW
    assert f"It failed {DEAD + 4} times in a row and is asked every" in found["state_reason"]
    wait = now - rows(conn, 'SELECT max(started_at) FROM "fetch"')[0][0]
    assert 7 * DAY <= wait <= 9 * DAY
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    read(conn, name, context, 1, now)
    assert source(conn, name)["state"] == "fine"


def test_failures_do_not_come_back_together():
    waits = {back_off(f"source {n}", 2) for n in range(50)}
    assert len(waits) > 30
    assert min(waits) >= HOUR
    assert back_off("a", 0, 3 * HOUR) >= 3 * HOUR


def test_a_slow_source_costs_only_itself(conn, web: Web, context: Clock):
    """Hundreds are read while one does not answer: it is let go only when they are done."""
    held, body = threading.Event(), rss(("A", "http://a.example/1", LONG))
    web.answers["/slow"] = Answer(writer=lambda out: (held.wait(60), out.write(body)))
    follow(conn, f"{web.url}/slow")
    for number in range(30):
        web.answers[f"/{number}"] = Answer(body)
        follow(conn, f"http://127.0.0.1:{web.port}/{number}")

    def watch() -> None:
        while sum(path != "/slow" for path in web.paths()) < 30 and not held.wait(0.02):
            pass
        held.set()

    threading.Thread(target=watch, daemon=True).start()
    assert poll_sources(context())["failed"] == 0
    assert len(web.paths()) == 31


def test_few_of_one_host_are_taken_in_hand_and_none_of_a_busy_one(conn):
    for number in range(20):
        follow(conn, f"http://many.example/{number}")
    follow(conn, "http://one.example/f")
    found = storage.claim_sources(conn, NOW, NOW + HOUR, 10, per_host=3)
    assert sorted(f.host for f in found) == ["many.example"] * 3 + ["one.example"]
    assert storage.claim_sources(conn, NOW, NOW + HOUR, 10, busy=["many.example"]) == []
    assert len(storage.claim_sources(conn, NOW, NOW + HOUR, 10, per_host=3)) == 3


def test_the_history_keeps_each_change_but_not_the_coming_of_news(conn, web: Web, context: Clock):
    name = follow(conn, f"{web.url}/f")
    now = read(conn, name, context, 1)
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    now = read(conn, name, context, 3, now)
    row = source(conn, name)
    storage.set_source(conn, {**row, "paused": True}, now)
    storage.set_source(conn, {**row, "paused": False}, now + HOUR)
    conn.commit()
    assert states(conn, name) == ["new", "failing", "fine", "paused", "new"]
    (failing,) = (r for r in storage.source_history(conn, name) if r["state"] == "failing")
    assert "404" in failing["reason"]
