"""Why a watch told an article, or at which place of its way it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from elasticsearch import Elasticsearch

from mediawatch.alerts import misses
from mediawatch.model import SearchDocument, Watch
from mediawatch.search import match_index
from mediawatch.search.documents import clean, project
from mediawatch.search.mapping import STEMMERS
from mediawatch.search.queries import rewrite
from mediawatch.settings import LANGUAGES
from mediawatch.storage import alerts as storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection
from mediawatch.storage.search import article_rows
from mediawatch.text.language import detect
from mediawatch.text.urls import address, key_hash

SUPPRESSED = {
    "old": "its date lies further before we first saw it than the alert window",
    "backfill": "it came from an archive",
    "reprocess": "it was only processed again",
    "before_watch": "it, or its story, was first seen before the watch was active",
    "muted": "its story is muted",
}
# What is shorter is an id or a slip of the keyboard, and no text to be judged.
SHORTEST_TEXT = 3


def explain(
    conn: Connection, es: Elasticsearch, prefix: str, watch: Watch, what: str
) -> Iterator[str]:
    """One line for each thing known of an article and a watch.

    ``what`` is the article's address or id; anything else of three words and more is a text, of
    which the query is asked as it stands.
    """
    found = address(what)
    keys = [what] + ([key_hash(found.key)] if found else [])
    article = watch_storage.find_article(conn, what, keys)
    if article is None and found is None and len(what.split()) >= SHORTEST_TEXT:
        yield from _text(es, prefix, watch, what)
        return
    if article is None:
        yield from _entries(conn, what)
        return
    yield f"article {article['article_id']}, first seen {_time(article['first_seen_at'])}"
    stopped = _stopped(article)
    if stopped:
        yield stopped
        return
    if article["of_article_id"]:
        yield f"it is a copy ({article['relation']}) of {article['of_article_id']}"
    [facts] = storage.changed_articles(conn, [article["article_id"]])
    units = [facts["story_id"], facts["event_id"]]
    matches = watch_storage.matches_of_article(conn, watch.watch_id, article["article_id"], units)
    for match in matches:
        if match["article_id"] != article["article_id"]:
            yield f"its story was found by {match['article_id']}:"
        yield from _match(conn, watch, match)
    if not matches:
        yield from _unmatched(conn, es, prefix, watch, article)


def _entries(conn: Connection, what: str) -> Iterator[str]:
    entries = watch_storage.find_entries(conn, what)
    if not entries:
        yield "never fetched: no source brought this address, id or item"
        yield from _site(conn, what)
    for entry in entries:
        source = entry["title"] or entry["url"]
        became = f"rejected: {entry['code']}" if entry["code"] else f"state {entry['state']}"
        words = f" ({entry['message']})" if entry["message"] else ""
        yield f"from {source}, {_time(entry['first_seen_at'])}: {became}{words}"


def _site(conn: Connection, what: str) -> Iterator[str]:
    """The sources of the address's site, for one that none of them brought."""
    found = address(what)
    host = urlsplit(found.url).hostname if found else None
    if host is None:
        return
    host = host.removeprefix("www.")
    parts = host.split(".")
    hosts = [".".join(parts[place:]) for place in range(len(parts) - 1)]
    sources = watch_storage.sources_of_site(conn, hosts)
    if not sources:
        yield f"no source of {host} is followed: see `mediawatch sources add`"
    for source in sources:
        state = "paused" if source["paused"] else source["state"]
        reason = f" ({source['state_reason']})" if source["state_reason"] else ""
        yield f"its site is followed by {source['name']}: {state}{reason}"


def _stopped(article: Row) -> str | None:
    if article["tombstoned"]:
        return "it was removed for good by request"
    if article["merged_into"]:
        return f"it is the same article as {article['merged_into']}: ask for that one"
    if article["stage"] != "done":
        return f"it still waits for the step {article['stage']}"
    if article["indexed_at"] is None:
        return "it is not indexed yet"
    if article["matched_at"] is None:
        return "it has not been shown to the watches yet"
    return None


def _match(conn: Connection, watch: Watch, match: Row) -> Iterator[str]:
    line = f"{match['cause_key']}: found"
    if match["state"] == "suppressed":
        yield f"{line}, not mailed: {SUPPRESSED.get(match['suppressed_why'], '')}"
        return
    clauses = ", ".join(match["reason"]["clauses"])
    line = f"{line} by {clauses or 'the whole query'}"
    if match["mail"] is None:
        yield f"{line}; no mail yet"
        readers = watch_storage.readers_of_watch(
            conn, watch.watch_id, match["unit_id"], match["found_at"]
        )
        yield from (_reader(reader) for reader in readers)
        return
    at = f" at {_time(match['sent_at'])}" if match["sent_at"] else ""
    told = " (an earlier mail told the story already)" if match["told"] == "already_told" else ""
    answer = f" ({match['smtp_answer']})" if match["smtp_answer"] else ""
    yield f"{line}; {match['kind']} to {match['address']}: {match['mail']}{at}{answer}{told}"


def _reader(reader: Row) -> str:
    """Why one reader has no mail of a match."""
    address = reader["address"]
    if reader["unsubscribed"]:
        return f"{address} has unsubscribed"
    if reader["muted"]:
        return f"{address} has muted its story"
    if reader["was_paused"]:
        return f"{address} had paused the watch then"
    if reader["came_later"]:
        return f"{address} was no reader of the watch in this form yet"
    if reader["mode"] == "digest":
        times = ", ".join(reader["digest_times"])
        return f"{address} gets it with the next digest ({times})"
    return f"{address} gets it with the next run of send_instants"


def _unmatched(
    conn: Connection, es: Elasticsearch, prefix: str, watch: Watch, article: Row
) -> Iterator[str]:
    """Why an article that was shown to the watches left no match."""
    [row] = [row for row in watch_storage.watches(conn) if row["watch_id"] == watch.watch_id]
    if watch.languages and article["language"] not in watch.languages:
        yield f"its language is {article['language']}, the watch is for {list(watch.languages)}"
        return
    documents = [project(rows, "") for rows in article_rows(conn, [article["article_id"]])]
    if documents[0].fields is None:
        yield "it is hidden"
        return
    lines = list(_asked(es, prefix, watch, documents))
    yield from lines
    if lines:
        return
    if row["failure"]:
        yield f"the query finds it, but the watch is failing: {row['failure']}"
    elif not watch.active:
        yield "the query finds it, but the watch is paused"
    elif watch.expires is not None and watch.expires <= article["matched_at"]:
        yield f"the query finds it, but the watch has expired ({_time(watch.expires)})"
    elif row["paused_until"] is not None and row["paused_until"] > article["matched_at"]:
        yield f"the query finds it, but the watch is paused until {_time(row['paused_until'])}"
    elif row["active_since"] > article["matched_at"]:
        since = _time(row["active_since"])
        yield f"the query finds it, but the watch is younger: active in this form since {since}"
    elif "new" not in watch.news:
        yield f"the query finds it, but the watch tells only {', '.join(watch.news)}"
    else:
        yield "the query finds it now, but did not when it was shown to the watches"


def _text(es: Elasticsearch, prefix: str, watch: Watch, what: str) -> Iterator[str]:
    """What the query says to a bare text: its first line is the title, the rest the body."""
    text = clean(what.strip())
    title, _, body = text.partition("\n")
    language = detect(text, LANGUAGES)
    if watch.languages and language not in watch.languages:
        yield f"the text seems to be {language}, the watch is for {list(watch.languages)}"
        return
    fields: dict[str, Any] = {
        "article_id": "text",
        "version_no": 1,
        "title": title,
        "body": body.strip() or title,
        "language": language,
    }
    if language in STEMMERS:
        fields[f"stem_{language}"] = [title, body]
    document = SearchDocument(article_id="text", index="", version=1, fields=fields)
    lines = list(_asked(es, prefix, watch, [document], judged=False))
    yield from lines or ["the query finds this text"]


def _asked(
    es: Elasticsearch,
    prefix: str,
    watch: Watch,
    documents: Sequence[SearchDocument],
    judged: bool = True,
) -> Iterator[str]:
    """The query asked of one document, whole and clause by clause."""
    query = rewrite(watch.query)
    fields = documents[0].fields or {}
    # Two people may ask at once.
    batch = f"why-{uuid4().hex[:12]}"
    with match_index.match_index(es, prefix, batch, documents) as index:
        yield from misses.of_query(es, index.name, query, fields, judged)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
