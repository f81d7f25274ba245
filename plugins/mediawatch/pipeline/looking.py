"""The watches at a match index: what each finds, and the marks of what is written.

Marks cost more than all else of a search, so they are made last, and of few hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from elasticsearch import Elasticsearch

from mediawatch.alerts import notices, quoting, reasons
from mediawatch.alerts.matching import Decision, Searcher
from mediawatch.alerts.reasons import Hit
from mediawatch.model import Match
from mediawatch.search import match_index
from mediawatch.storage import alerts as storage
from mediawatch.storage.connection import Connection
from mediawatch.storage.search import ArticleRows


@dataclass(frozen=True, slots=True)
class Watches:
    """The watches of this moment, by id, and what each of them searches for."""

    searchers: Mapping[str, Searcher]
    searches: Mapping[str, match_index.Search]


@dataclass(frozen=True, slots=True)
class Looking:
    """The watches at a filled match index; ``rows`` are its articles by id.

    ``failed`` gathers the watches that could not be asked.
    """

    conn: Connection
    es: Elasticsearch
    index: match_index.MatchIndex
    watches: Watches
    rows: Mapping[str, ArticleRows]
    failed: set[str] = field(default_factory=set)

    def hits(self) -> list[Hit]:
        """What each watch finds; without marks, but for the watches that ask for quotations."""
        found: dict[str, list[str]] = {}
        searches = self.watches.searches
        answers = match_index.find(self.es, self.index.name, list(searches.values()))
        for watch_id, answer in zip(searches, answers, strict=True):
            if isinstance(answer, match_index.SearchFailed):
                self._keep_failure(watch_id, answer)
            else:
                found[watch_id] = answer
        asking = {
            watch_id: article_ids
            for watch_id, article_ids in found.items()
            if article_ids and "quote" in self.watches.searchers[watch_id].news
        }
        marked = self._marked(asking)
        hits: list[Hit] = []
        for watch_id, article_ids in found.items():
            if watch_id not in asking:
                hits += [self._bare(watch_id, article_id) for article_id in article_ids]
            else:
                hits += marked.get(watch_id, [])
        return hits

    def matches(self, hits: Iterable[Hit], decided: Sequence[Decision]) -> list[Match]:
        """The matches of what was decided, with the marks of their hits.

        A watch that fails now has found nothing. Those that did not fail at all have run.
        """
        by_key = {(hit.watch_id, hit.article_id): hit for hit in hits}
        wanted: dict[str, list[str]] = {}
        for one in decided:
            hit = by_key[one.watch_id, one.article_id]
            if hit.is_found and "quote" not in self.watches.searchers[one.watch_id].news:
                wanted.setdefault(one.watch_id, []).append(one.article_id)
        marked = self._marked(wanted)
        by_key |= {
            (hit.watch_id, hit.article_id): hit for found in marked.values() for hit in found
        }
        ran = [watch_id for watch_id in self.watches.searches if watch_id not in self.failed]
        storage.watches_ran(self.conn, ran)
        return [
            one.match(by_key[one.watch_id, one.article_id])
            for one in decided
            if one.watch_id not in wanted or one.watch_id in marked
        ]

    def _marked(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Hit]]:
        """The hits of these watches on these articles, by watch, but for those that failed."""
        searches = [
            replace(self.watches.searches[watch_id], only=tuple(dict.fromkeys(article_ids)))
            for watch_id, article_ids in wanted.items()
        ]
        answers = match_index.msearch(self.es, self.index.name, searches, self.index.texts)
        marked: dict[str, list[Hit]] = {}
        for watch_id, answer in zip(wanted, answers, strict=True):
            if isinstance(answer, match_index.SearchFailed):
                self._keep_failure(watch_id, answer)
            else:
                marked[watch_id] = [
                    _hit(watch_id, hit, self.rows[hit.article_id]) for hit in answer
                ]
        return marked

    def _keep_failure(self, watch_id: str, failed: match_index.SearchFailed) -> None:
        """A watch that is slow again and again is paused: it would hold up all the others."""
        self.failed.add(watch_id)
        if failed.is_slow:
            storage.watch_too_slow(self.conn, watch_id, failed.reason, notices.SLOW_TIMES)
        else:
            storage.watch_failed(self.conn, watch_id, failed.reason)

    def _bare(self, watch_id: str, article_id: str) -> Hit:
        title, body = self.index.texts[article_id]
        return Hit(
            watch_id=watch_id,
            article_id=article_id,
            version_no=self.rows[article_id].article["version_no"],
            title=title,
            body=body,
            title_marks=(),
            body_marks=(),
            clauses=(),
        )


def _hit(watch_id: str, hit: match_index.Hit, row: ArticleRows) -> Hit:
    clauses = [clause.text for clause in hit.clauses]
    body_marks = reasons.with_mentions(hit.body.spans, "body", clauses, row.mentions)
    return Hit(
        watch_id=watch_id,
        article_id=hit.article_id,
        version_no=hit.version_no,
        title=hit.title.text,
        body=hit.body.text,
        title_marks=reasons.with_mentions(hit.title.spans, "title", clauses, row.mentions),
        body_marks=body_marks,
        clauses=tuple(
            dict.fromkeys(reasons.shown(clause.source, clause.text) for clause in hit.clauses)
        ),
        said=quoting.said(row.quotes),
        asked=quoting.asked(row.quotes, clauses, body_marks),
    )
