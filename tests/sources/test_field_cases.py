"""Failures from the field, each as one source among others: what it costs, and what is kept."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from mediawatch.pipeline import sources as pipeline
from mediawatch.sources.fetching import Fetcher, Limits
from mediawatch.storage.connection import Connection
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows, rss, source
from sources.web import Answer, Web

HOUR = timedelta(hours=1)
GOOD = rss(("The ferry runs again", "http://a.example/ferry", LONG))
TAGGED = {"ETag": '"one"', "Last-Modified": "Mon, 02 Mar 2026 05:00:00 GMT"}
BUILT = b"<lastBuildDate>Mon, 02 Mar 2026 09:59:00 GMT</lastBuildDate>"
CHECK = b"<!DOCTYPE html><html><head><title>One moment</title></head><body>Are you human?</body>"


@dataclass(frozen=True)
class Case:
    """What a source answers at the first and at later readings, and what is then."""

    first: Answer
    outcome: str
    state: str
    requests: int = 1
    later: Answer | None = None
    validators: tuple[str | None, str | None] = (None, None)
    wait: timedelta = timedelta()
    more: dict[str, Answer] = field(default_factory=dict)


def drip(out: Any) -> None:
    for _ in range(200):
        out.write(b"<")
        out.flush()
        time.sleep(0.1)


CASES = [
    pytest.param(
        Case(
            Answer(status=429, headers={"Retry-After": "3600"}), "throttled", "failing", wait=HOUR
        ),
        id="fetch-01",
    ),
    pytest.param(Case(Answer(b"Gone", status=410), "gone", "gone"), id="fetch-02"),
    pytest.param(
        Case(
            Answer(status=307, headers={"Location": "/odd/"}),
            "too_many_redirects",
            "failing",
            requests=11,
            more={"/odd/": Answer(status=307, headers={"Location": "/odd"})},
        ),
        id="fetch-03",
    ),
    pytest.param(
        Case(
            Answer(GOOD, headers=TAGGED),
            "unchanged",
            "unchanged",
            requests=2,
            later=Answer(GOOD, headers=TAGGED | {"ETag": '"two"'}),
            validators=('"two"', TAGGED["Last-Modified"]),
        ),
        id="fetch-04",
    ),
    pytest.param(
        Case(
            Answer(
                GOOD.replace(b"<item>", BUILT + b"<item>"),
                headers={"Last-Modified": "Mon, 02 Mar 2026 04:30:00 GMT"},
            ),
            "ok",
            "fine",
            validators=(None, "Mon, 02 Mar 2026 04:30:00 GMT"),
        ),
        id="fetch-05",
    ),
    pytest.param(
        Case(
            Answer(
                gzip.compress(b" " * 150_000_000, 1),
                headers={"Content-Encoding": "gzip", "ETag": '"b"'},
            ),
            "bomb",
            "failing",
        ),
        id="fetch-06",
    ),
    pytest.param(
        Case(
            Answer(CHECK, headers={"Content-Type": "text/html", "ETag": '"check"'}),
            "not_feed",
            "failing",
        ),
        id="fetch-07",
    ),
    pytest.param(
        Case(Answer(headers=TAGGED, writer=drip), "timeout", "failing"), id="fetch-08"
    ),
    pytest.param(
        Case(
            Answer(GOOD, headers=TAGGED),
            "unchanged",
            "unchanged",
            requests=2,
            later=Answer(status=304, headers={"ETag": '"one"'}),
            validators=('"one"', TAGGED["Last-Modified"]),
        ),
        id="fetch-09",
    ),
]  # fmt: skip


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The total time of an answer is two seconds here, so that the test need not wait a minute."""

    def fetcher(settings: Any, now: Any) -> Fetcher:
        return Fetcher(settings, now, Limits(read=1, total=2))

    monkeypatch.setattr(pipeline, "Fetcher", fetcher)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("hasty")
def test_a_failure_from_the_field(
    case: Case, conn: Connection, web: Web, context: Callable[..., Any]
):
    web.answers |= {"/odd": case.first, "/other": Answer(GOOD), **case.more}
    name, other = follow(conn, f"{web.url}/odd"), follow(conn, f"{web.url}/other")
    poll_sources(context(NOW))
    if case.later:
        web.answers["/odd"] = case.later
        poll_sources(context(NOW + HOUR))
    asked = [path for path in web.paths() if path.startswith("/odd")]
    assert len(asked) == case.requests
    found = source(conn, name)
    assert (found["state"], found["url"], found["removed"]) == (case.state, f"{web.url}/odd", False)
    assert (found["state_reason"] is not None) == (case.state in ("failing", "gone"))
    assert found["next_fetch_at"] - NOW >= case.wait
    outcomes = rows(
        conn, f"SELECT outcome FROM \"fetch\" WHERE source_id = '{name}' ORDER BY fetch_id"
    )
    assert outcomes[-1] == (case.outcome,)
    (kept,) = rows(conn, f"SELECT etag, last_modified FROM source WHERE source_id = '{name}'")
    assert kept == case.validators
    is_read = case.outcome in ("ok", "unchanged")
    assert found["failures"] == (0 if is_read else 1)
    entries = rows(conn, f"SELECT count(*) FROM raw_entry WHERE source_id = '{name}'")
    assert entries == [(1 if is_read else 0,)]
    assert source(conn, other)["state"] in ("fine", "unchanged")
    if case.state == "gone":
        poll_sources(context(NOW + timedelta(days=30)))
        assert web.paths().count("/odd") == 1
    elif is_read:
        poll_sources(context(NOW + 2 * HOUR))
        sent = [headers for path, headers in web.asked if path == "/odd"][-1]
        assert (sent.get("if-none-match"), sent.get("if-modified-since")) == case.validators
