"""Where a person is named beside the articles: raw entries and bodies, kept mails, reasons of
matches, and what people wrote in this house."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from mediawatch.pipeline.redaction import Wanted
from mediawatch.storage import forget as storage
from mediawatch.storage.articles import LARGEST_PAGE
from mediawatch.storage.connection import Connection
from mediawatch.text import naming


def entries_naming(conn: Connection, wanted: Wanted) -> list[str]:
    """The raw entries that name the person."""
    return [
        row["entry_id"]
        for row in (storage.entries_naming(conn, wanted.patterns()) if wanted.names else ())
        if wanted.is_in(map(naming.plain, naming.strings([row["payload"]])))
        or wanted.is_in([row["item_key"], row["page_url"], row["message"]])
    ]


def drop_bodies(conn: Connection, wanted: Wanted) -> int:
    """Delete the kept bodies that name the person; how many."""
    hashes = [
        row["sha256"]
        for row in storage.bodies_after(conn)
        if wanted.is_in([row["url"]]) or _body_names(bytes(row["content"]), wanted)
    ]
    return storage.delete_bodies(conn, hashes)


def body_text(content: bytes) -> str:
    """What a page or feed says, well enough to find names in it."""
    try:
        return naming.plain(content.decode())
    except UnicodeDecodeError:
        return naming.plain(content.decode("cp1252", "replace"))


def mails_naming(conn: Connection, wanted: Wanted) -> list[int]:
    """The kept mails that name the person."""
    return [
        row["delivery_id"]
        for row in storage.mails_after(conn)
        if wanted.is_in([row["subject"], *_mail_texts(row["message"])])
    ]


def black_out_reasons(conn: Connection, wanted: Wanted) -> int:
    """Black the person out of the reasons of matches; how many."""
    changed = 0
    for row in storage.reasons_naming(conn, wanted.patterns()) if wanted.names else ():
        black = _blackened(row["reason"], wanted)
        if black != row["reason"]:
            changed += storage.set_reason(conn, row["match_id"], black)
    return changed


def clear_words(conn: Connection, wanted: Wanted, now: datetime) -> Counter[str]:
    """Clear what people wrote that names the person: watches end, feeds are revoked; by place."""
    counts: Counter[str] = Counter()
    for row in storage.words_of_people(conn):
        if wanted.is_in([row["words"]]):
            storage.clear_words(conn, row, now)
            counts[row["place"]] += 1
    return counts


def _body_names(packed: bytes, wanted: Wanted) -> bool:
    try:
        content = zlib.decompressobj(wbits=31).decompress(packed, LARGEST_PAGE)
    except zlib.error:
        return False
    text = body_text(content)
    folded = naming.fold(text)
    near = [name for name in wanted.names if all(word in folded for word in name.split(" "))]
    return bool(near) and wanted.is_in([text])


def _mail_texts(message: Any) -> Iterator[str]:
    if message is None:
        return
    parsed = message_from_bytes(bytes(message), policy=policy.default)
    for part in parsed.walk():
        if part.get_content_maintype() == "text":
            yield naming.plain(part.get_content())


def _blackened(value: Any, wanted: Wanted) -> Any:
    if isinstance(value, str):
        return wanted.blackened(value)
    if isinstance(value, dict):
        return {name: _blackened(inner, wanted) for name, inner in value.items()}
    if isinstance(value, list):
        return [_blackened(inner, wanted) for inner in value]
    return value
