"""The steps of the stories room: find each article's story, then its event and its change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import UTC
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.story_merging import (
    choose_again,
    choose_origins,
    merge_pairs,
    write_merges,
)
from mediawatch.storage import events as event_storage
from mediawatch.storage import stories as storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.event_store import PostgresEvents
from mediawatch.storage.outlet_lines import learn_lines, own_bodies
from mediawatch.storage.story_store import PostgresStore, outlet_and_minute
from mediawatch.stories import clusters, events
from mediawatch.stories.boilerplate import outlet_lines

CLUSTER_BATCH = 200
COMPARE_BATCH = events.BATCH


def cluster(context: Context) -> Counts:
    """Place every waiting article in a story; one transaction a batch, one worker at a time."""
    counts = {"in": 0, "founded": 0, "joined": 0, "known": 0, "merged": 0, "capped": 0}
    while True:
        with transaction(context.conn) as conn:
            storage.lock_clustering(conn)
            claimed = storage.claim_articles(conn, CLUSTER_BATCH)
            if not claimed:
                return counts
            reached("cluster.claimed")
            visible = [row for row in claimed if not row["hidden"]]
            outcome = cluster_rows(conn, context, visible)
            by_key = _let_go(conn, context, [row for row in claimed if row["hidden"]])
            storage.set_stage(conn, [row["article_id"] for row in claimed], "annotate")
            reached("cluster.written")
        counts["in"] += len(claimed)
        counts["founded"] += len(outcome.founded)
        counts["joined"] += len(outcome.members) - len(outcome.founded)
        counts["known"] += len(claimed) - len(outcome.members)
        counts["merged"] += len(outcome.merged) + len(by_key)
        counts["capped"] += len(outcome.capped)


def compare(context: Context) -> Counts:
    """Give every annotated article its event and write its change; then it is done."""
    counts = {"in": 0, "events": 0, "changes": 0}
    while True:
        with transaction(context.conn) as conn:
            storage.lock_comparing(conn)
            claimed = storage.claim_annotated(conn, COMPARE_BATCH)
            if not claimed:
                return counts
            counts["events"] += _find_events(conn, context, claimed)
            changes = [_change(row, context) for row in claimed]
            storage.insert_changes(conn, changes)
            storage.finish_articles(conn, [row["article_id"] for row in claimed])
            reached("compare.written")
        counts["in"] += len(claimed)
        counts["changes"] += len(changes)


def cluster_rows(
    conn: Connection, context: Context, claimed: Sequence[Mapping[str, Any]]
) -> clusters.Outcome:
    """Place locked articles in stories and write what was decided."""
    rows = storage.unsigned_versions(conn, [row["article_id"] for row in claimed])
    bodies = own_bodies(conn, rows)
    newcomers = [_newcomer(row, body) for row, body in zip(rows, bodies, strict=True)]
    outcome = clusters.cluster(newcomers, PostgresStore(conn))
    founded = set(outcome.founded)
    founders = [row for row in claimed if row["article_id"] in founded]
    storage.insert_stories(conn, founders, outcome.repeat_of, context.now)
    storage.place_articles(conn, outcome.members)
    storage.insert_capped(conn, outcome.capped, context.now)
    storage.flag_articles(conn, outcome.diverged, "diverged")
    storage.flag_articles(conn, outcome.repeat_of, "repeat")
    ends = dict(outcome.merged)
    roots = {m.story_id: ends.get(m.story_id, m.story_id) for m in outcome.members}
    storage.stretch_stories(
        conn,
        [member.article_id for member in outcome.members],
        [roots[member.story_id] for member in outcome.members],
    )
    joined: dict[str, list[str]] = {}
    for member in outcome.members:
        joined.setdefault(member.story_id, []).append(member.article_id)
    choose_origins(conn, context, joined)
    write_merges(conn, context, outcome.merged)
    stories = {member.article_id: roots[member.story_id] for member in outcome.members}
    _learn_lines(conn, context, rows, stories, outcome.repeat_of)
    return outcome


def _learn_lines(
    conn: Connection,
    context: Context,
    rows: Sequence[Mapping[str, Any]],
    stories: Mapping[str, str],
    repeats: Container[str],
) -> None:
    """Note which lines stand in which stories of an outlet; a text said again says nothing."""
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows:
        story = stories.get(row["article_id"])
        if row["outlet_id"] and story is not None and story not in repeats:
            for line in outlet_lines(row["body"]):
                found[row["outlet_id"], line].add(story)
    learn_lines(conn, found, context.now.date())


def _let_go(
    conn: Connection, context: Context, hidden: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    """Take hidden articles out of the picture; the merges of stories that come of it.

    The story of one that turned out to be another article is that article's.
    """
    article_ids = [row["article_id"] for row in hidden]
    merged = merge_pairs(conn, context, storage.key_merges(conn, article_ids))
    roots = storage.root_of(conn, {row["story_id"] for row in hidden if row["story_id"]})
    for root, origin in storage.origins(conn, set(roots.values())).items():
        if origin in article_ids:
            choose_again(conn, context, root)
    return merged


def _find_events(conn: Connection, context: Context, claimed: Sequence[Mapping[str, Any]]) -> int:
    """Find the event of every story of these articles that has none; how many stories."""
    placed = [row for row in claimed if row["story_id"] is not None]
    roots = storage.root_of(conn, {row["story_id"] for row in placed})
    rows = event_storage.untold_stories(
        conn, [row["article_id"] for row in placed], [roots[row["story_id"]] for row in placed]
    )
    if rows:
        events.place([_told(row) for row in rows], PostgresEvents(conn, context.now))
    return len(rows)


def _told(row: Mapping[str, Any]) -> events.Told:
    return events.tell(
        row["story_id"],
        row["article_no"],
        row["dated_at"].astimezone(UTC).date(),
        row["title"],
        row["body"],
        row["actors"],
    )


def _newcomer(row: Mapping[str, Any], body: str) -> clusters.Newcomer:
    return clusters.Newcomer(
        article_id=row["article_id"],
        number=row["article_no"],
        version_no=row["version_no"],
        title=row["title"],
        body=body,
        text_hash=row["text_hash"],
        day=row["dated_at"].astimezone(UTC).date(),
        place=outlet_and_minute(row),
    )


def _change(row: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The change row of an article. An archive's articles are no news."""
    cause = row["pending_cause"] or "reprocess"
    if cause == "new_article" and row["intake"] == "archive":
        cause = "backfill"
    return {
        "article_id": row["article_id"],
        "version_no": row["version_no"],
        "cause": cause,
        "changed_at": context.now,
    }
