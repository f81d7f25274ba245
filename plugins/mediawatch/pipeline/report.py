"""What a run did, in words: read from the database, not from the steps' own memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from mediawatch.errors import SOURCE_STATES
from mediawatch.storage import pipeline as storage
from mediawatch.storage.connection import Connection

REJECTIONS_SHOWN = 10
STORIES_SHOWN = 5


def lines(
    conn: Connection, before: Mapping[str, int], since: datetime, taggers: tuple[str, ...]
) -> Iterator[str]:
    """The report of a run that began at ``since`` with the overview ``before``.

    ``taggers`` are the languages in which unknown names are found; the others' articles have
    the actors of the lists alone, and the report says so.
    """
    after = storage.overview(conn)
    yield from _stages(before, after)
    yield from _languages(storage.language_counts(conn), taggers)
    yield from _sources(storage.source_states(conn))
    yield from _rejections(storage.rejections(conn, since, REJECTIONS_SHOWN))
    yield from _stories(storage.story_sizes(conn, since, STORIES_SHOWN))
    yield from _mails(storage.mails_since(conn, since))


def _stages(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    def new(name: str) -> int:
        return after[name] - before[name]

    yield "Stage         new in this run                                       in all"
    rows = [
        (
            "entries",
            (
                f"{new('entries')} in: {new('entries_new')} articles, {new('entries_version')} "
                f"versions, {new('entries_known')} known, {new('entries_rejected')} rejected"
            ),
            after["entries"],
        ),
        ("articles", f"{new('articles')} in {new('versions')} versions", after["articles"]),
        ("stories", f"{new('stories')}, and {new('copies')} copies", after["stories"]),
        (
            "meaning",
            f"{new('mentions')} mentions, {new('quotes')} quotations, {new('topics')} topics",
            after["mentions"],
        ),
        (
            "search",
            f"{new('changes_indexed')} changes indexed, {new('changes_failed')} failed",
            after["changes_indexed"],
        ),
        (
            "matches",
            f"{new('matches_live')} live, {new('matches_suppressed')} suppressed",
            after["matches_live"],
        ),
        (
            "mails",
            (
                f"{new('mails_sent')} sent, {new('mails_refused')} refused, "
                f"{new('mails_uncertain')} uncertain, {after['mails_queued']} waiting"
            ),
            after["mails_sent"],
        ),
    ]
    for name, text, total in rows:
        yield f"{name:<14}{text:<54}{total:>6}"


def _languages(counts: Mapping[str, int], taggers: tuple[str, ...]) -> Iterator[str]:
    if not counts:
        return
    yield ""
    yield "Languages     " + ", ".join(f"{language} {n}" for language, n in counts.items())
    without = [language for language in counts if language not in taggers]
    if without:
        yield (
            f"              {', '.join(without)}: actors from the lists alone "
            f"(taggers: {', '.join(taggers)})"
        )


def _sources(states: list[dict[str, Any]]) -> Iterator[str]:
    if states:
        yield ""
        yield "Sources"
    for row in states:
        reason = row["state_reason"] or SOURCE_STATES[row["state"]]
        yield f"  {row['state']:<10}  {row['title'] or row['url']}: {reason}"


def _rejections(rows: list[dict[str, Any]]) -> Iterator[str]:
    if rows:
        yield ""
        yield "Rejected"
    for row in rows:
        yield f"  {row['code']:<12}  {row['item_key']}: {row['message']}"


def _stories(rows: list[dict[str, Any]]) -> Iterator[str]:
    if rows:
        yield ""
        yield "Stories in several copies"
    for row in rows:
        yield f"  {row['articles']} articles, {row['outlets']} outlets: {row['title']}"


def _mails(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield ""
        yield "No mail was due."
        return
    yield ""
    yield "Mails"
    for row in rows:
        yield f"  {row['state']:<9}  {row['address']}: {row['subject'] or '(' + row['kind'] + ')'}"
    sent = [row for row in rows if row["state"] == "sent" and row["message"]]
    if sent:
        yield ""
        yield "The first mail, as its reader sees it"
        yield from _as_read(bytes(sent[0]["message"]))


def _as_read(content: bytes) -> Iterator[str]:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for name in ("From", "To", "Date", "Subject"):
        yield f"  | {name}: {message[name]}"
    yield "  |"
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    for line in text.splitlines():
        yield f"  | {line}".rstrip()
