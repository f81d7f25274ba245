"""The receipt at the foot of a digest: what was read, what came in, how fast mails went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediawatch.alerts import wording
from mediawatch.alerts.message import one_line
from mediawatch.alerts.view import Reader
from mediawatch.errors import REJECTED
from mediawatch.storage import alerts as storage
from mediawatch.storage.connection import Connection

NAMES_SHOWN = 20
# Of every source that should have been read one thing is said, in this order.
STATES = ("read", "unchanged", "quiet", "failing", "waiting")


def load(conn: Connection, since: datetime, now: datetime, reader: Reader) -> dict[str, Any]:
    """What was done between two digests, for the foot of the later one."""
    by_state: dict[str, list[str]] = {state: [] for state in STATES}
    for source in storage.receipt_sources(conn, since, now):
        name = source["name"]
        if source["state"] == "failing":
            name = f"{name} ({source['message'] or source['outcome']})"
        by_state[source["state"]].append(name)
    articles = storage.receipt_articles(conn, since, now)
    delays = storage.receipt_delays(conn, since, now)
    return {
        "since": wording.moment(since, reader.zone, reader.language),
        "sources": [(state, len(names), names[:NAMES_SHOWN]) for state, names in by_state.items()],
        "articles": int(articles["articles"]),
        "copies": int(articles["copies"]),
        "rejected": [
            (int(row["entries"]), REJECTED.get(row["code"], row["code"]))
            for row in storage.receipt_rejections(conn, since, now)
        ],
        "delays": (delays["median"], delays["p95"], delays["mails"]) if delays["mails"] else None,
    }


def lines(receipt: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The receipt in the reader's words, for the templates."""
    due = sum(number for _, number, _ in receipt["sources"])
    return {
        "since": words["since"].format(when=receipt["since"]),
        "due": wording.count(words, "source_due", due),
        "sources": [
            (
                wording.count(words, f"source_{state}", number),
                [one_line(name, 160) for name in names],
                number - len(names),
            )
            for state, number, names in receipt["sources"]
            if number
        ],
        "articles": wording.count(words, "article_in", receipt["articles"]),
        "copies": wording.count(words, "copy", receipt["copies"]),
        "rejected": wording.count(words, "rejected", sum(n for n, _ in receipt["rejected"])),
        "reasons": [f"{number} × {sentence}" for number, sentence in receipt["rejected"]],
        "delays": _delays(receipt["delays"], words),
    }


def _delays(delays: tuple[float, float, int] | None, words: Mapping[str, str]) -> str | None:
    if delays is None:
        return None
    median, p95, mails = delays
    return words["delays"].format(median=_span(median), p95=_span(p95), n=mails)


def _span(seconds: float) -> str:
    """A span as people say it: 40 s, 12 min, 3 h 5 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
