"""Why a watch told an article, or at which place of its way it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from elasticsearch import Elasticsearch

from mediawatch.alerts.reasons import shown
from mediawatch.model import Watch
from mediawatch.search import match_index
from mediawatch.search.documents import project
from mediawatch.search.queries import rewrite
from mediawatch.storage import alerts as storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection
from mediawatch.storage.search import article_rows
from mediawatch.text.urls import address, key_hash

SUPPRESSED = {
    "old": "its date lies further before we first saw it than the alert window",
    "backfill": "it came from an archive",
    "reprocess": "it was only processed again",
    "before_watch": "it, or its story, was first seen before the watch was active",
    "muted": "its story is muted",
}


def explain(
    conn: Connection, es: Elasticsearch, prefix: str, watch: Watch, what: str
) -> Iterator[str]:
    """One line for each thing known of an article (address or id) and a watch."""
    found = address(what)
    keys = [what] + ([key_hash(found.key)] if found else [])
    article = watch_storage.find_article(conn, what, keys)
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
        yield _match(match)
    if not matches:
        yield from _clauses(conn, es, prefix, watch, article)


def _entries(conn: Connection, what: str) -> Iterator[str]:
    entries = watch_storage.find_entries(conn, what)
    if not entries:
        yield "never fetched: no source brought this address, id or item"
    for entry in entries:
        source = entry["title"] or entry["url"]
        became = f"rejected: {entry['code']}" if entry["code"] else f"state {entry['state']}"
        words = f" ({entry['message']})" if entry["message"] else ""
        yield f"from {source}, {_time(entry['first_seen_at'])}: {became}{words}"


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


def _match(match: Row) -> str:
    line = f"{match['cause_key']}: found"
    if match["state"] == "suppressed":
        return f"{line}, not mailed: {SUPPRESSED.get(match['suppressed_why'], '')}"
    clauses = ", ".join(match["reason"]["clauses"])
    line = f"{line} by {clauses or 'the whole query'}"
    if match["mail"] is None:
        return f"{line}; no mail yet"
    at = f" at {_time(match['sent_at'])}" if match["sent_at"] else ""
    told = " (an earlier mail told the story already)" if match["told"] == "already_told" else ""
    answer = f" ({match['smtp_answer']})" if match["smtp_answer"] else ""
    return f"{line}; {match['kind']} to {match['address']}: {match['mail']}{at}{answer}{told}"


def _clauses(
    conn: Connection, es: Elasticsearch, prefix: str, watch: Watch, article: Row
) -> Iterator[str]:
    """The query asked of this one document, whole and clause by clause."""
    if watch.languages and article["language"] not in watch.languages:
        yield f"its language is {article['language']}, the watch is for {list(watch.languages)}"
        return
    query = rewrite(watch.query)
    searches = [match_index.Search(query)]
    for clause in query.clauses:
        alone = replace(query, text=clause.text, clauses=(), standing=())
        searches.append(match_index.Search(alone))
    documents = [project(rows, "") for rows in article_rows(conn, [article["article_id"]])]
    with match_index.match_index(es, prefix, "why", documents) as index:
        whole, *parts = match_index.msearch(es, index.name, searches)
    if whole and not isinstance(whole, match_index.SearchFailed):
        yield "the query finds it now, but did not when it was new: the watch is younger"
        return
    for number, (clause, part) in enumerate(zip(query.clauses, parts, strict=True), 1):
        if isinstance(part, match_index.SearchFailed):
            yield f"clause {number} cannot run: {part.reason}"
        elif bool(part) == clause.excluded:
            state = "is there, but excluded" if clause.excluded else "is not in the text"
            yield f"clause {number}, {shown(clause.source, clause.text)}: {state}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
