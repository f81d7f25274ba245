"""Polling real feeds into a real database: entries, states, fetch rows, one bad feed among good."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from typing import Any

import pytest

from mediawatch.sources.entries import source_id
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.web import Answer, Web

LONG = "The council of Arvendale met until late and agreed on nothing at all. " * 12
ITEM = """<item><title>{title}</title><link>{link}</link><guid>{link}</guid>
<description>{text}</description></item>"""


def rss(*items: tuple[str, str, str]) -> bytes:
    inner = "".join(ITEM.format(title=t, link=link, text=text) for t, link, text in items)
    return (
        f'<rss version="2.0"><channel><title>Arvendale Post</title>{inner}</channel></rss>'.encode()
    )


def follow(conn: Connection, url: str, policy: str = "short", kind: str = "feed") -> str:
    name = source_id(kind, url)
    values = {
        "source_id": name,
        "kind": kind,
        "url": url,
        "title": "",
        "tags": [],
        "outlet_id": None,
        "fetch_policy": policy,
        "paused": False,
    }
    storage.add_source(conn, values, NOW)
    conn.commit()
    return name


def rows(conn: Connection, sql: str) -> list[Any]:
    with conn.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def source(conn: Connection, name: str) -> dict[str, Any]:
    found = storage.find_source(conn, name)
    assert found is not None
    return found


def test_items_become_entries_with_body_and_fetch_row(conn, web: Web, context):
    web.answers["/f"] = Answer(
        rss(("Short one", f"{web.url}/1", "Only a teaser."), ("Long one", f"{web.url}/2", LONG)),
        headers={"ETag": '"v1"', "Content-Type": "application/rss+xml"},
    )
    name = follow(conn, f"{web.url}/f")
    assert poll_sources(context()) == {"sources": 1, "failed": 0, "in": 2, "new": 2}
    assert rows(
        conn, "SELECT payload->>'title', state, source_id FROM raw_entry ORDER BY 1 DESC"
    ) == [("Short one", "wanted", name), ("Long one", "pending", name)]
    ((content, kind),) = rows(conn, "SELECT content, content_type FROM raw_body")
    assert (gzip.decompress(bytes(content)), kind) == (
        web.answers["/f"].body,
        "application/rss+xml",
    )
    assert rows(conn, 'SELECT outcome, status, entries, new FROM "fetch"') == [("ok", 200, 2, 2)]
    found = source(conn, name)
    assert (found["state"], found["title"]) == ("fine", "Arvendale Post")
    assert found["next_fetch_at"] > NOW


def test_nothing_is_due_twice(conn, web: Web, context):
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    follow(conn, f"{web.url}/f")
    poll_sources(context())
    assert poll_sources(context()) == {}
    assert web.paths() == ["/f"]


def test_both_validators_go_back_and_are_replaced_by_every_good_answer(conn, web: Web, context):
    body = rss(("A", "http://a.example/1", LONG))
    web.answers["/f"] = Answer(body, headers={"ETag": '"a1"', "Last-Modified": "yesterday"})
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    web.answers["/f"] = Answer(body, headers={"ETag": '"a2"', "Last-Modified": "today"})
    poll_sources(context(NOW + timedelta(hours=1)))
    assert web.asked[1][1]["if-none-match"] == '"a1"'
    assert web.asked[1][1]["if-modified-since"] == "yesterday"
    assert source(conn, name)["state"] == "unchanged"
    web.answers["/f"] = Answer(status=304)
    assert poll_sources(context(NOW + timedelta(hours=2)))["new"] == 0
    assert web.asked[2][1]["if-none-match"] == '"a2"'
    assert web.asked[2][1]["if-modified-since"] == "today"
    assert [outcome for (outcome,) in rows(conn, 'SELECT outcome FROM "fetch" ORDER BY 1')] == [
        "ok",
        "unchanged",
        "unchanged",
    ]
    assert source(conn, name)["failures"] == 0


def test_markup_and_order_make_no_new_entry_but_text_does(conn, web: Web, context):
    first, second = ("A", "http://a.example/1", LONG), ("B", "http://a.example/2", LONG)
    web.answers["/f"] = Answer(rss(first, second))
    follow(conn, f"{web.url}/f")
    poll_sources(context())
    pixel = ("A", "http://a.example/1", f"&lt;img src='p.gif?77'&gt;&lt;p&gt;{LONG}&lt;/p&gt;")
    web.answers["/f"] = Answer(rss(second, pixel))
    assert poll_sources(context(NOW + timedelta(hours=1)))["new"] == 0
    web.answers["/f"] = Answer(rss(second, ("A, corrected", "http://a.example/1", LONG)))
    assert poll_sources(context(NOW + timedelta(hours=2)))["new"] == 1
    keys = rows(conn, "SELECT item_key, count(*) FROM raw_entry GROUP BY 1 ORDER BY 1")
    assert keys == [("//a.example/1", 2), ("//a.example/2", 1)]


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Answer(b"<!DOCTYPE html><html><title>Wait</title></html>"), "not_feed", "HTML page"),
        (Answer(b""), "empty", "no bytes"),
        (Answer(status=500), "http_5xx", "500"),
        (Answer(status=404), "http_4xx", "404"),
        (Answer(status=429, headers={"Retry-After": "7200"}), "throttled", "429"),
        (
            Answer(status=302, headers={"Location": "http://10.0.0.7/feed"}),
            "private_address",
            "10.",
        ),
    ],
)
def test_a_feed_that_fails_says_why(conn, web: Web, context, answer, outcome, words):
    answer.headers["ETag"] = '"never"'
    web.answers["/f"] = answer
    name = follow(conn, f"{web.url}/f")
    assert poll_sources(context())["failed"] == 1
    found = source(conn, name)
    assert (found["state"], found["failures"]) == ("failing", 1)
    assert words in found["state_reason"]
    assert found["state_since"] == NOW
    assert rows(conn, 'SELECT outcome FROM "fetch"') == [(outcome,)]
    assert rows(conn, "SELECT etag, body_sha256 FROM source") == [(None, None)]
    wait = timedelta(hours=2) if outcome == "throttled" else timedelta(minutes=15)
    assert wait <= found["next_fetch_at"] - NOW <= wait * 1.2


def test_failures_back_off_and_a_good_answer_heals(conn, web: Web, context):
    name = follow(conn, f"{web.url}/f")
    now = NOW
    waits = []
    for _ in range(9):
        poll_sources(context(now))
        waits.append(source(conn, name)["next_fetch_at"] - now)
        now = source(conn, name)["next_fetch_at"]
    doubled = [timedelta(minutes=15) * 2**n for n in range(6)]
    assert [least <= wait <= least * 1.2 for least, wait in zip(doubled, waits, strict=False)] == [
        True
    ] * 6
    assert timedelta(days=1) <= waits[-1] <= timedelta(days=1.2)
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    poll_sources(context(now))
    found = source(conn, name)
    assert (found["state"], found["failures"], found["state_reason"]) == ("fine", 0, None)


def test_after_a_failure_nothing_new_is_not_taken_for_health(conn, web: Web, context):
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)), headers={"ETag": '"a"'})
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    web.answers["/f"] = Answer(status=500)
    poll_sources(context(NOW + timedelta(hours=1)))
    web.answers["/f"] = Answer(status=304)
    poll_sources(context(NOW + timedelta(hours=2)))
    assert source(conn, name)["state"] == "failing"
    assert "if-none-match" not in web.asked[2][1]


def test_gone_ends_it_and_keeps_what_it_brought(conn, web: Web, context):
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    web.answers["/f"] = Answer(status=410)
    poll_sources(context(NOW + timedelta(hours=1)))
    poll_sources(context(NOW + timedelta(days=30)))
    assert len(web.asked) == 2
    assert source(conn, name)["state"] == "gone"
    assert rows(conn, "SELECT count(*) FROM raw_entry") == [(1,)]


def test_a_feed_without_items_is_empty(conn, web: Web, context):
    web.answers["/f"] = Answer(rss())
    name = follow(conn, f"{web.url}/f")
    poll_sources(context())
    assert source(conn, name)["state"] == "empty"


def test_a_cut_feed_keeps_its_whole_items_and_no_validators(conn, web: Web, context):
    body = rss(("A", "http://a.example/1", LONG), ("B", "http://a.example/2", LONG))
    half = body[: body.rindex(b"<description>") + 20]
    web.answers["/f"] = Answer(
        headers={"Content-Length": str(len(body)), "ETag": '"a"'},
        writer=lambda out: out.write(half),
    )
    name = follow(conn, f"{web.url}/f")
    assert poll_sources(context())["new"] == 1
    found = source(conn, name)
    assert (found["state"], "breaks off" in found["state_reason"]) == ("fine", True)
    assert rows(conn, "SELECT etag, body_sha256 FROM source") == [(None, None)]


def test_one_bad_feed_costs_only_itself(conn, web: Web, context):
    web.answers["/good"] = Answer(rss(("A", "http://a.example/1", LONG)))
    web.answers["/html"] = Answer(b"<html></html>")
    web.answers["/huge"] = Answer(b"<rss>" + b" " * 50_000_000 + b"</rss>")
    web.answers["/loop"] = Answer(status=301, headers={"Location": "/loop"})
    deep = b'<rss version="2.0"><channel>' + b"<a>" * 20_000 + b"</channel></rss>"
    web.answers["/deep"] = Answer(deep)
    names = {path: follow(conn, f"{web.url}{path}") for path in web.answers}
    names["/dns"] = follow(conn, "http://no-such-host.invalid/rss")
    names["/odd"] = follow(conn, "http://[broken/rss")
    counts = poll_sources(context())
    assert counts["sources"] == 7
    assert counts["new"] == 1
    states = {path: source(conn, name)["state"] for path, name in names.items()}
    assert states.pop("/good") == "fine"
    assert states.pop("/deep") in ("failing", "empty")
    assert set(states.values()) == {"failing"}
    outcomes = {
        url.rpartition("/")[2]: outcome
        for url, outcome in rows(conn, 'SELECT url, outcome FROM "fetch"')
    }
    assert outcomes["huge"] == "too_large"
    assert outcomes["loop"] == "too_many_redirects"


def test_paused_and_removed_sources_are_left_alone(conn, web: Web, context):
    values = {"title": "", "tags": [], "outlet_id": None, "fetch_policy": "short"}
    first, second = follow(conn, f"{web.url}/1"), follow(conn, f"{web.url}/2")
    storage.set_source(conn, {**values, "source_id": first, "paused": True}, NOW)
    storage.remove_source(conn, second)
    conn.commit()
    assert poll_sources(context(NOW + timedelta(days=1))) == {}
    assert web.asked == []
    storage.set_source(conn, {**values, "source_id": first, "paused": False}, NOW)
    conn.commit()
    assert poll_sources(context(NOW + timedelta(days=1)))["sources"] == 1


def test_what_is_paused_while_it_is_read_stays_paused(conn, web: Web, context):
    name = follow(conn, f"{web.url}/f")
    row = {**source(conn, name), "paused": True}
    end = storage.SourceEnd(
        state="fine", reason=None, next_fetch_at=NOW, failures=0, is_ok=True, etag='"a"'
    )
    storage.set_source(conn, row, NOW)
    storage.finish_source(conn, name, end, NOW + timedelta(seconds=5))
    found = source(conn, name)
    assert (found["state"], found["paused"], found["state_since"]) == ("paused", True, NOW)


def test_a_claimed_source_waits_for_its_lease(conn, web: Web, context):
    name = follow(conn, f"{web.url}/f")
    until = NOW + timedelta(minutes=30)
    assert [s.source.source_id for s in storage.claim_sources(conn, NOW, until, 10)] == [name]
    conn.commit()
    assert poll_sources(context()) == {}
    later: datetime = until + timedelta(seconds=1)
    assert poll_sources(context(later))["sources"] == 1


def test_an_archive_feed_of_thousands_of_items_comes_once(conn, web: Web, context):
    items = [(f"Old report {n}", f"http://a.example/{n}", "short") for n in range(3_000)]
    web.answers["/f"] = Answer(rss(*items))
    follow(conn, f"{web.url}/f", policy="never")
    assert poll_sources(context())["new"] == 3_000
    web.answers["/f"] = Answer(rss(("One more", "http://a.example/x", "short"), *items))
    assert poll_sources(context(NOW + timedelta(hours=1)))["new"] == 1
