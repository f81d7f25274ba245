"""Web archives made by the tests, written as the standard has it (ISO 28500)."""

from __future__ import annotations

import gzip
from uuid import uuid4

PAGE = """<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>
<meta property="article:published_time" content="{day}T08:00:00Z"></head>
<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""


def record(kind: str, url: str, day: str, block: bytes) -> bytes:
    """One record of any kind."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        f"WARC-Date: {day}T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(
    url: str,
    body: bytes,
    *,
    day: str = "2019-05-04",
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    headers: str = "",
) -> bytes:
    """The record of an answer."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode()
    return record("response", url, day, head + body)


def page(title: str, text: str, day: str = "2019-05-04", language: str = "en") -> bytes:
    """An article's page."""
    return PAGE.format(title=title, text=text, day=day, language=language).encode()


def packed(*records: bytes) -> bytes:
    """A WARC.gz: each record a member of its own."""
    return b"".join(gzip.compress(found) for found in records)
