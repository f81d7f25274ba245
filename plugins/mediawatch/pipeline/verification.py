"""Holding the index against the database, document by document and day by day, and mending it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from elasticsearch import Elasticsearch

from mediawatch.model import SearchDocument
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.search import Progress, index, mend_lost_months, pages, prepare
from mediawatch.search import bulk
from mediawatch.search.documents import project
from mediawatch.search.server import connected
from mediawatch.storage import search as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.search import ArticleState

# Documents with their texts: small pages keep an answer small.
PAGE = 200
_DIGITS = 16


@dataclass(slots=True)
class Side:
    """One side's documents of a day: how many, and a sum of their hashes that no order changes."""

    documents: int = 0
    content: int = 0

    def add(self, fields: Mapping[str, Any]) -> None:
        self.documents += 1
        self.content ^= content_hash(fields)


@dataclass(slots=True)
class Day:
    """What the database says that a day holds, and what the index held before the mending."""

    database: Side = field(default_factory=Side)
    index: Side = field(default_factory=Side)


@dataclass(slots=True)
class Verified:
    """What was compared: articles by what was found, and each day (of ``dated_at``, UTC).

    ``counts``: articles, open (their turn has not come), bad (the server refused them), missing,
    stale (an older version), differing (the same version with other content), extra.
    """

    counts: Counts
    days: dict[str, Day] = field(default_factory=dict)

    def drift(self) -> dict[str, Day]:
        """The days whose two sides differ."""
        return {day: each for day, each in sorted(self.days.items()) if each.database != each.index}


def content_hash(fields: Mapping[str, Any]) -> int:
    """A hash of a document's content; stems are not kept in the index and do not count."""
    kept = {name: value for name, value in fields.items() if not name.startswith("stem_")}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    return int(sha256(text.encode()).hexdigest()[:_DIGITS], 16)


def verify(context: Context, progress: Progress | None = None) -> Verified:
    """Compare the current generation with the database and mend it.

    What is missing, stale or different is put on the work list and indexed; what is extra is
    deleted.

    Raises:
        ServiceError: as for :func:`mediawatch.pipeline.search.index`.
    """
    names = ("articles", "open", "bad", "missing", "stale", "differing", "extra")
    found = Verified(dict.fromkeys(names, 0))
    with connected(context.settings) as es:
        current = prepare(context, es)
        mend_lost_months(context, es)
        pattern = f"{context.settings.index_prefix}mw-articles-g{current.generation}-*"
        es.indices.refresh(index=pattern)
        with transaction(context.conn) as conn:
            total = storage.count_changed_articles(conn)
        for article_ids in pages(context):
            for start in range(0, len(article_ids), PAGE):
                _compare(context, es, pattern, article_ids[start : start + PAGE], found)
            if progress:
                progress(found.counts["articles"], total)
        _delete_strangers(context, es, pattern, found)
    index(context)
    return found


def _compare(
    context: Context,
    es: Elasticsearch,
    pattern: str,
    article_ids: Sequence[str],
    found: Verified,
) -> None:
    """Hold one page of articles against the index; put what differs on the work list."""
    with transaction(context.conn) as conn:
        storage.snapshot(conn)
        states = storage.article_state(conn, article_ids)
        wanted = {
            rows.article["article_id"]: project(rows, "").fields
            for rows in storage.article_rows(conn, article_ids)
        }
    answer = es.search(
        index=pattern,
        query={"ids": {"values": list(article_ids)}},
        size=len(article_ids),
        version=True,
    )
    held = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
    mend = []
    for state in states:
        found.counts["articles"] += 1
        hit = held.get(state.article_id)
        fields = None if state.hidden else wanted.get(state.article_id)
        fault = _fault(state, fields, hit)
        if fault:
            found.counts[fault] += 1
        if fault in ("missing", "stale", "differing", "extra"):
            mend.append(state.article_id)
        if not state.open and not state.bad:
            _note(found, fields, hit)
    with transaction(context.conn) as conn:
        storage.touch_articles(conn, mend, context.now)


def _fault(
    state: ArticleState, fields: Mapping[str, Any] | None, hit: Mapping[str, Any] | None
) -> str | None:
    if state.open:
        return "open"
    if state.bad:
        return "bad"
    if fields is None:
        return "extra" if hit else None
    if hit is None:
        return "missing"
    if hit["_version"] < state.change_no:
        return "stale"
    is_same = hit["_version"] > state.change_no or content_hash(hit["_source"]) == content_hash(
        fields
    )
    return None if is_same else "differing"


def _note(found: Verified, fields: Mapping[str, Any] | None, hit: Mapping[str, Any] | None) -> None:
    if fields is not None:
        found.days.setdefault(fields["dated_at"][:10], Day()).database.add(fields)
    if hit is not None:
        source = hit["_source"]
        found.days.setdefault(str(source.get("dated_at"))[:10], Day()).index.add(source)


def _delete_strangers(context: Context, es: Elasticsearch, pattern: str, found: Verified) -> None:
    """Delete documents of articles that the database does not know."""
    after: list[str] | None = None
    while True:
        answer = es.search(
            index=pattern,
            size=PAGE,
            version=True,
            sort=[{"article_id": "asc"}],
            search_after=after,
        )
        hits = answer["hits"]["hits"]
        if not hits:
            return
        after = hits[-1]["sort"]
        with transaction(context.conn) as conn:
            known = {a.article_id for a in storage.article_state(conn, [h["_id"] for h in hits])}
        strangers = [hit for hit in hits if hit["_id"] not in known]
        for hit in strangers:
            _note(found, None, hit)
        gone = [
            SearchDocument(
                article_id=hit["_id"], index=hit["_index"], version=hit["_version"] + 1, fields=None
            )
            for hit in strangers
        ]
        found.counts["extra"] += bulk.write(es, gone).deleted
