"""The step ``match``: show every indexed change to every watch, and write what is to be mailed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch
from psycopg2.extras import Json

from mediawatch.alerts import ledger, matching, news, notices, quoting, reasons
from mediawatch.alerts.matching import Changed, Known, Searcher, Version
from mediawatch.alerts.news import Seen
from mediawatch.alerts.reasons import Hit
from mediawatch.checkpoints import reached
from mediawatch.errors import QueryError
from mediawatch.model import Match
from mediawatch.pipeline.alerts import sender_of
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.looking import Looking, Watches
from mediawatch.pipeline.spikes import find_spikes
from mediawatch.search import match_index
from mediawatch.search.documents import project
from mediawatch.search.queries import rewrite
from mediawatch.search.server import connected
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.search import article_rows

BATCH = 1000
# Kinds of versions that are told to a watch that told the article, found again or not.
TOLD_ANYWAY = frozenset({"correction", "vanished"})


def match(context: Context) -> Counts:
    """Show every indexed change to every watch, then write the instant mails into the ledger.

    Matches and the mark on their changes are committed together.

    Raises:
        ServiceError: Elasticsearch is away; the changes stay on the work list.
    """
    counts: Counter[str] = Counter({"in": 0, "live": 0, "suppressed": 0, "queued": 0})
    with connected(context.settings) as es:
        watches: Watches | None = None
        while True:
            with transaction(context.conn) as conn:
                changes = storage.claim_changes(conn, BATCH)
                if not changes:
                    break
                watches = watches or _watches(context)
                counts += _match_batch(context, es, changes, watches)
                reached("match.written")
            counts["in"] += len(changes)
    host = sender_of(context).host
    with transaction(context.conn) as conn:
        counts += Counter(ledger.queue(conn, host, context.now))
        notices.queue_failing(conn, host, context.now)
    return {name: counts[name] for name in ("in", "live", "suppressed", "queued")}


def _match_batch(
    context: Context, es: Elasticsearch, changes: Sequence[Row], watches: Watches
) -> Counter[str]:
    conn = context.conn
    changed = _changed(conn, changes)
    found: list[Match] = []
    if changed and watches.searches:
        batch = f"c{changes[0]['change_no']}"
        rows = {row.article["article_id"]: row for row in article_rows(conn, sorted(changed))}
        documents = [project(row, "") for row in rows.values()]
        prefix, window = context.settings.index_prefix, context.settings.alert_window
        with match_index.match_index(es, prefix, batch, documents) as index:
            looking = Looking(conn, es, index, watches, rows)
            hits = looking.hits()
            hits += _told(conn, changed, watches.searchers, hits)
            known = _known(conn, hits, watches.searchers, changed)
            decided = matching.decide(hits, watches.searchers, changed, known, window)
            found = looking.matches(hits, decided)
        live = {hit.watch_id: hit.article_id for hit in hits if _is_live(hit, changed, context)}
        found += find_spikes(context, es, watches.searchers, watches.searches, live)
    reached("match.found")
    written = storage.insert_matches(conn, [_row(match, context) for match in found])
    storage.mark_matched(conn, [change["change_no"] for change in changes], context.now)
    return Counter(written)


def _is_live(hit: Hit, changed: Mapping[str, Changed], context: Context) -> bool:
    article = changed[hit.article_id]
    window = context.settings.alert_window
    return "new_article" in article.causes and news.is_live(article.seen, window)


def _row(match: Match, context: Context) -> dict[str, Any]:
    return {
        "watch_id": match.watch_id,
        "unit": match.unit,
        "unit_id": match.unit_id,
        "cause_key": match.cause_key,
        "article_id": match.article_id,
        "version_no": match.version_no,
        "reason": Json(reasons.as_json(match.reason)),
        "state": match.state,
        "suppressed_why": match.suppressed_why,
        "matched_at": context.now,
        "live_at": context.now if match.state == "live" else None,
    }


def _changed(conn: Connection, changes: Iterable[Row]) -> dict[str, Changed]:
    """The articles whose changes are matched at all, by id."""
    causes: dict[str, set[str]] = {}
    for change in changes:
        causes.setdefault(change["article_id"], set()).add(change["cause"])
    wanted = [article_id for article_id, why in causes.items() if news.is_matched(why)]
    versions: dict[str, dict[int, Version]] = {}
    for row in storage.fresh_versions(conn, wanted):
        versions.setdefault(row["article_id"], {})[row["version_no"]] = Version(
            kind=row["kind"],
            seen_at=row["seen_at"],
            old=(row["old_title"], row["old_body"]),
            new=(row["title"], row["body"]),
        )
    return {
        row["article_id"]: Changed(
            seen=_seen(row),
            story_id=row["story_id"],
            event_id=row["event_id"],
            is_original=row["relation"] == "original",
            causes=frozenset(causes[row["article_id"]]),
            versions=versions.get(row["article_id"], {}),
        )
        for row in storage.changed_articles(conn, wanted)
    }


def _seen(row: Row) -> Seen:
    return Seen(
        article_id=row["article_id"],
        intake=row["intake"],
        published_at=row["published_at"],
        published_precision=row["published_precision"],
        dated_at=row["dated_at"],
        first_seen_at=row["first_seen_at"],
    )


def _watches(context: Context) -> Watches:
    """The watches that run now; one that cannot be read is marked so."""
    searchers: dict[str, Searcher] = {}
    searches: dict[str, match_index.Search] = {}
    for row in storage.active_watches(context.conn, context.now):
        watch_id = row["watch_id"]
        try:
            query = rewrite(row["query"])
        except QueryError as fault:
            storage.watch_failed(context.conn, watch_id, fault.message)
            continue
        searches[watch_id] = match_index.Search(query, tuple(row["languages"]))
        searchers[watch_id] = Searcher(
            watch_id=watch_id,
            unit=row["unit"],
            news=frozenset(row["news"]),
            active_since=row["active_since"],
        )
    return Watches(searchers, searches)


def _told(
    conn: Connection,
    changed: Mapping[str, Changed],
    searchers: Mapping[str, Searcher],
    hits: Iterable[Hit],
) -> list[Hit]:
    """Corrected and vanished articles for the watches that told their story, found or not.

    What a correction took out may be the very words that a watch looks for.
    """
    found = {(hit.watch_id, hit.article_id) for hit in hits}
    lost: list[Hit] = []
    articles = {
        key: article
        for key, article in changed.items()
        if any(version.kind in TOLD_ANYWAY for version in article.versions.values())
    }
    for unit in ("story", "event"):
        units = {_unit(article, unit): key for key, article in articles.items()}
        for row in storage.unit_matches(conn, unit, sorted(units), list(searchers)):
            article_id = units[row["unit_id"]]
            key = (row["watch_id"], article_id)
            told = row["cause_key"] == "new" and row["state"] == "live"
            if not told or searchers[row["watch_id"]].unit != unit or key in found:
                continue
            number, version = max(articles[article_id].versions.items())
            lost.append(
                Hit(
                    watch_id=row["watch_id"],
                    article_id=article_id,
                    version_no=number,
                    title=version.new[0],
                    body=version.new[1],
                    title_marks=(),
                    body_marks=(),
                    clauses=tuple(row["clauses"]),
                    is_found=False,
                )
            )
    return lost


def _unit(article: Changed, unit: str) -> str:
    return article.event_id if unit == "event" else article.story_id


def _known(
    conn: Connection,
    hits: Sequence[Hit],
    searchers: Mapping[str, Searcher],
    changed: Mapping[str, Changed],
) -> Known:
    """What the ledger has of the stories and events that were hit."""
    units: dict[str, set[str]] = {"story": set(), "event": set()}
    for hit in hits:
        asked = searchers[hit.watch_id].unit
        units[asked].add(_unit(changed[hit.article_id], asked))
    members: dict[tuple[str, str], list[Seen]] = {}
    states: dict[tuple[str, str, str, str], str] = {}
    for unit, unit_ids in units.items():
        if not unit_ids:
            continue
        for row in storage.unit_members(conn, unit, sorted(unit_ids)):
            members.setdefault((unit, row["unit_id"]), []).append(_seen(row))
        for row in storage.unit_matches(conn, unit, sorted(unit_ids), list(searchers)):
            key = (row["watch_id"], unit, row["unit_id"], row["cause_key"])
            if states.get(key) != "live":
                states[key] = row["state"]
    return Known(members=members, matches=states, quotes=_quotes(conn, hits, searchers))


def _quotes(
    conn: Connection, hits: Sequence[Hit], searchers: Mapping[str, Searcher]
) -> frozenset[tuple[str, str]]:
    """The quotations of these hits that their watches told already."""
    asking = [hit for hit in hits if "quote" in searchers[hit.watch_id].news]
    keys = {
        f"quote:{quoting.key(hit.body[said.start : said.end])}"
        for hit in asking
        for said in hit.asked
    }
    if not keys:
        return frozenset()
    return storage.quote_matches(conn, sorted({hit.watch_id for hit in asking}), sorted(keys))
