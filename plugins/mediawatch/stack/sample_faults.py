"""Sources of the sample newsroom that fail, each in its own way (``seeds/sample/faults.opml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from itertools import count

FEED = "application/rss+xml"
PREFIX = "/faults/"
ITEM = """<item><title>Tide table no. {number} is out</title><guid>tide-{number}</guid>
<link>https://www.tide-office.example/{number}</link><pubDate>{date}</pubDate>
<description>The office at Skerry Point has published its table of the tides.</description>
</item>"""
NOTICE = b"<!DOCTYPE html><html><head><title>Welcome back</title></head><body>Soon.</body></html>"
_turns = count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


def answer(path: str, anchor: datetime) -> Answer:
    """What a source that fails answers; ``anchor`` is the moment that its dates count from."""
    name = path.removeprefix(PREFIX)
    if name in ("moved", "elsewhere"):
        status = HTTPStatus.MOVED_PERMANENTLY if name == "moved" else HTTPStatus.FOUND
        return Answer(status, {"Location": f"{PREFIX}{name}-here"})
    if name in ("moved-here", "elsewhere-here"):
        return Answer(headers={"Content-Type": FEED}, content=_tides(anchor, timedelta(hours=1)))
    if name == "quiet":
        return Answer(headers={"Content-Type": FEED}, content=_tides(anchor, timedelta(hours=30)))
    if name == "lying":
        return Answer(headers={"Content-Type": FEED, "ETag": '"lie"'}, content=NOTICE)
    if name == "restless":
        turn = next(_turns)  # other validators each time, the same bytes
        changed = format_datetime(anchor + timedelta(seconds=turn), usegmt=True)
        headers = {"Content-Type": FEED, "ETag": f'"turn-{turn}"', "Last-Modified": changed}
        return Answer(headers=headers, content=_tides(anchor, timedelta(hours=1)))
    if name == "throttling":
        return Answer(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": "7200"})
    if name == "gone":
        return Answer(HTTPStatus.GONE)
    return Answer(HTTPStatus.INTERNAL_SERVER_ERROR if name == "dead" else HTTPStatus.NOT_FOUND)


def _tides(anchor: datetime, age: timedelta) -> bytes:
    """A feed with an item each hour for three days; the newest is of ``age``."""
    moments = (anchor - age - timedelta(hours=hours) for hours in range(72))
    items = (
        ITEM.format(number=int(moment.timestamp()) // 3600, date=format_datetime(moment))
        for moment in moments
    )
    inner = "\n".join(items)
    return f'<rss version="2.0"><channel><title>Tide Office</title>{inner}</channel></rss>'.encode()
