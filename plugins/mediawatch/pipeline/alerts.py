"""Changes to matches to mails: match, send the instants, send the digests; import watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from psycopg2.extras import Json

from mediawatch.alerts import digests, importing, ledger, matching, news, sending, watches
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.mail import Relay
from mediawatch.alerts.matching import Changed, Hit, Known, Searcher
from mediawatch.alerts.news import Seen
from mediawatch.checkpoints import reached
from mediawatch.errors import InputError, QueryError, ServiceError
from mediawatch.model import Match
from mediawatch.pipeline.context import Context, Counts
from mediawatch.search import match_index
from mediawatch.search.documents import project
from mediawatch.search.queries import rewrite
from mediawatch.search.server import connected
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.file_entries import Report
from mediawatch.storage.search import article_rows

BATCH = 500


def match(context: Context) -> Counts:
    """Show every indexed change to every watch, then write the instant mails into the ledger.

    Matches and the mark on their changes are committed together.

    Raises:
        ServiceError: Elasticsearch is away; the changes stay on the work list.
    """
    counts: Counter[str] = Counter({"in": 0, "live": 0, "suppressed": 0, "queued": 0})
    with connected(context.settings) as es:
        while True:
            with transaction(context.conn) as conn:
                changes = storage.claim_changes(conn, BATCH)
                if not changes:
                    break
                counts += _match_batch(context, es, changes)
                reached("match.written")
            counts["in"] += len(changes)
    with transaction(context.conn) as conn:
        counts += Counter(ledger.queue(conn, sender_of(context).host, context.now))
    return {name: counts[name] for name in ("in", "live", "suppressed", "queued")}


def send_instants(context: Context) -> Counts:
    """Send the instant mails that are due.

    Raises:
        ServiceError: there is no mail relay.
    """
    return _send(context, "instant")


def send_digests(context: Context) -> Counts:
    """Write the digests whose slot has come at ``context.now``, and send what is due of them.

    Raises:
        ServiceError: there is no mail relay.
    """
    digests.write_due(context.conn, sender_of(context).host, context.now)
    return _send(context, "digest")


def import_watches(context: Context, path: Path, *, prune: bool = False) -> Report:
    """Bring the database up to a watch file; faults and conflicts stand in the report.

    Raises:
        InputError: the file cannot be read, or is no list of watches at all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"{path}: not UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except OSError as fault:
        raise InputError(f"{path}: {fault.strerror or fault}") from None
    found = watches.parse(text, path.name)
    with transaction(context.conn) as conn:
        return importing.import_file(conn, str(path.resolve()), found, context.now, prune=prune)


def sender_of(context: Context) -> Sender:
    """Our side of every mail."""
    return Sender(address=context.settings.mail_from, reply_to=context.settings.reply_to)


def relay_of(context: Context) -> Relay:
    """The mail relay of the settings.

    Raises:
        ServiceError: none is set and the embedded one does not run.
    """
    if context.settings.smtp_url is None:
        raise ServiceError("no mail relay: run `mediawatch up` or set MEDIAWATCH_SMTP_URL")
    return Relay(context.settings.smtp_url)


def _send(context: Context, kind: str) -> Counts:
    with closing(relay_of(context)) as relay:
        post = sending.Post(
            relay=relay,
            sender=sender_of(context),
            operator=context.settings.operator,
            now=context.now,
        )
        counts = sending.send_due(context.conn, post, kind)
    return {"sent": counts["sent"], **counts}


def _match_batch(context: Context, es: Elasticsearch, changes: Sequence[Row]) -> Counter[str]:
    conn = context.conn
    changed = _changed(conn, changes)
    searchers, searches = _watches(context)
    found: list[Match] = []
    if changed and searches:
        batch = f"c{changes[0]['change_no']}"
        hits = _hits(context, es, batch, sorted(changed), searches)
        hits = [hit for hit in hits if hit.article_id in changed]
        known = _known(conn, hits, searchers, changed)
        window = context.settings.alert_window
        found = matching.decide(hits, searchers, changed, known, window)
    reached("match.found")
    written = storage.insert_matches(conn, [_row(match, context) for match in found])
    storage.mark_matched(conn, [change["change_no"] for change in changes], context.now)
    return Counter(written)


def _row(match: Match, context: Context) -> dict[str, Any]:
    return {
        "watch_id": match.watch_id,
        "unit": match.unit,
        "unit_id": match.unit_id,
        "cause_key": match.cause_key,
        "article_id": match.article_id,
        "version_no": match.version_no,
        "reason": Json(matching.as_json(match.reason)),
        "state": match.state,
        "suppressed_why": match.suppressed_why,
        "matched_at": context.now,
        "live_at": context.now if match.state == "live" else None,
    }


def _changed(conn: Connection, changes: Iterable[Row]) -> dict[str, Changed]:
    """The articles whose changes are matched at all, by id."""
    causes: dict[str, set[str]] = {}
    numbers: dict[str, set[int]] = {}
    for change in changes:
        causes.setdefault(change["article_id"], set()).add(change["cause"])
        numbers.setdefault(change["article_id"], set()).add(change["version_no"])
    wanted = [article_id for article_id, why in causes.items() if news.is_matched(why)]
    versions: dict[str, dict[int, tuple[str, Any]]] = {}
    for row in storage.version_kinds(conn, wanted):
        if row["version_no"] in numbers[row["article_id"]]:
            kinds = versions.setdefault(row["article_id"], {})
            kinds[row["version_no"]] = (row["kind"], row["seen_at"])
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


def _watches(
    context: Context,
) -> tuple[dict[str, Searcher], dict[str, match_index.Search]]:
    """The watches of this moment and their searches; one that cannot be read is marked so."""
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
    return searchers, searches


def _hits(
    context: Context,
    es: Elasticsearch,
    batch: str,
    article_ids: Sequence[str],
    searches: dict[str, match_index.Search],
) -> list[Hit]:
    rows = {row.article["article_id"]: row for row in article_rows(context.conn, article_ids)}
    documents = [project(row, "") for row in rows.values()]
    prefix = context.settings.index_prefix
    with match_index.match_index(es, prefix, batch, documents) as index:
        answers = match_index.msearch(es, index.name, list(searches.values()))
    hits: list[Hit] = []
    ran: list[str] = []
    for watch_id, answer in zip(searches, answers, strict=True):
        if isinstance(answer, match_index.SearchFailed):
            storage.watch_failed(context.conn, watch_id, answer.reason)
            continue
        ran.append(watch_id)
        hits += [_hit(watch_id, hit, rows[hit.article_id].mentions) for hit in answer]
    storage.watches_ran(context.conn, ran)
    return hits


def _hit(watch_id: str, hit: match_index.Hit, mentions: Sequence[Mapping[str, Any]]) -> Hit:
    asked = [clause.text for clause in hit.clauses]
    return Hit(
        watch_id=watch_id,
        article_id=hit.article_id,
        version_no=hit.version_no,
        title=hit.title.text,
        body=hit.body.text,
        title_marks=matching.with_mentions(hit.title.spans, "title", asked, mentions),
        body_marks=matching.with_mentions(hit.body.spans, "body", asked, mentions),
        clauses=tuple(
            dict.fromkeys(matching.shown(clause.source, clause.text) for clause in hit.clauses)
        ),
    )


def _known(
    conn: Connection,
    hits: Iterable[Hit],
    searchers: dict[str, Searcher],
    changed: dict[str, Changed],
) -> Known:
    """What the ledger has of the stories and events that were hit."""
    units: dict[str, set[str]] = {"story": set(), "event": set()}
    for hit in hits:
        article = changed[hit.article_id]
        asked = searchers[hit.watch_id].unit
        units[asked].add(article.event_id if asked == "event" else article.story_id)
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
    return Known(members=members, matches=states)
