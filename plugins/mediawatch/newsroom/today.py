"""The page of the day: what the last 24 hours brought, what waits, what left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from mediawatch.errors import FETCH, REJECTED
from mediawatch.newsroom.desk import Opened
from mediawatch.newsroom.rendering import page
from mediawatch.pipeline.context import Context
from mediawatch.storage import alerts as alert_storage
from mediawatch.storage import newsroom as storage
from mediawatch.storage import pipeline as pipeline_storage

router = APIRouter()
HOURS = 24
DAYS = 14
SHOWN = 200
STEPS = ("pages", "entries", "articles", "changes", "matches", "mails", "digests")


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows wait for a step, and since how many seconds the oldest."""

    waiting: int
    oldest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The last 24 hours in numbers; ``queues`` by step."""

    since: datetime
    now: datetime
    sources: dict[str, int]
    failing: list[dict[str, Any]]
    articles: int
    copies: int
    versions: int
    rejected: dict[str, int]
    queues: dict[str, Queue]
    mails: dict[str, int]
    uncertain: int
    lag: dict[str, Any]
    days: list[dict[str, Any]]


def receipt(opened: Context) -> Receipt:
    """Ask the database for the receipt."""
    conn, now = opened.conn, opened.now
    since = now - timedelta(hours=HOURS)
    read = alert_storage.receipt_sources(conn, since, now)
    articles = alert_storage.receipt_articles(conn, since, now)
    oldest = storage.oldest_work(conn, now)
    mails = storage.mail_states(conn, since, now)
    return Receipt(
        since=since,
        now=now,
        sources=storage.source_counts(conn, now) | Counter(row["state"] for row in read),
        failing=[row for row in read if row["state"] == "failing"],
        articles=articles["articles"],
        copies=articles["copies"],
        versions=storage.version_counts(conn, since, now),
        rejected={
            row["code"]: row["entries"]
            for row in alert_storage.receipt_rejections(conn, since, now)
        },
        queues={
            step: Queue(waiting, _age(oldest.get(step), now))
            for step, waiting in pipeline_storage.open_work(conn, now).items()
        },
        mails=mails,
        uncertain=storage.uncertain_count(conn),
        lag=alert_storage.receipt_delays(conn, since, now),
        days=storage.days(conn, now, DAYS),
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else (now - since).total_seconds()


@router.get("/")
def today(request: Request, opened: Opened) -> Response:
    """The receipt as a page."""
    return page(request, "today.html", receipt=receipt(opened), reasons=REJECTED, outcomes=FETCH)


@router.get("/rejected")
def rejected(
    request: Request,
    opened: Opened,
    code: Annotated[str, Query(max_length=40)] = "",
    hours: Annotated[int, Query(ge=1, le=DAYS * 24)] = DAYS * 24,
) -> Response:
    """What was not taken in during the last hours, two weeks at most, and why."""
    since = opened.now - timedelta(hours=hours)
    rows = storage.rejected_entries(opened.conn, code or None, since, SHOWN)
    return page(request, "rejected.html", rows=rows, code=code, reasons=REJECTED, shown=SHOWN)


@router.get("/queues/{step}")
def queue(request: Request, opened: Opened, step: str) -> Response:
    """What waits for one step, the oldest first."""
    if step not in STEPS:
        raise HTTPException(404, "there is no such queue")
    rows = storage.waiting(opened.conn, step, opened.now, SHOWN)
    return page(request, "listed.html", heading=f"queue_{step}", rows=rows, shown=SHOWN)


@router.get("/versions")
def versions(request: Request, opened: Opened) -> Response:
    """The versions that came in the last 24 hours, newest first."""
    since = opened.now - timedelta(hours=HOURS)
    rows = storage.later_versions(opened.conn, since, opened.now, SHOWN)
    return page(request, "listed.html", heading="versions_in", rows=rows, shown=SHOWN)
