"""Articles put into stories again under the rules of today; told apart by pairs of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.reprocess import Example, Summary
from mediawatch.pipeline.story_merging import merge_pairs
from mediawatch.storage import reclustering
from mediawatch.storage import reprocess as runs
from mediawatch.storage import stories as storage
from mediawatch.storage import story_decisions as decisions
from mediawatch.storage.connection import Connection, transaction
from mediawatch.stories import fingerprints

RULES = {"stories": fingerprints.SCHEME}
EXAMPLES = 20


def reprocess(context: Context, since: datetime) -> Summary:
    """Cluster every article first seen since a time again, in one transaction.

    What people decided holds: their splits as the articles are placed, their merges after.
    Counts: ``articles``, ``changed`` (in another story than before), ``pairs_kept``,
    ``pairs_joined``, ``pairs_parted``. Stories founded before ``since`` that were merged stay
    so. New stories get their events from the step ``compare``.
    """
    with transaction(context.conn) as conn:
        storage.lock_clustering(conn)
        rows = reclustering.placed_since(conn, since)
        if not rows:
            return Summary(counts={})
        article_ids = [row["article_id"] for row in rows]
        before = _places(conn, {row["article_id"]: row["story_id"] for row in rows})
        reclustering.unplace(conn, article_ids, [row["article_no"] for row in rows])
        placed: dict[str, str] = {}
        for start in range(0, len(rows), pipeline.CLUSTER_BATCH):
            outcome = pipeline.cluster_rows(
                conn, context, rows[start : start + pipeline.CLUSTER_BATCH]
            )
            placed |= {member.article_id: member.story_id for member in outcome.members}
        reclustering.end_deserted(conn, article_ids)
        standing = decisions.standing_decisions(conn, "merge")
        merge_pairs(conn, context, [(row["story_id"], row["other_id"]) for row in standing])
        after = _places(conn, placed)
        changed = [a for a in article_ids if before[a] != after[a]]
        storage.change_articles(conn, changed, "reprocess", context.now)
        runs.send_back(conn, reclustering.without_event(conn, article_ids), "compare")
    return _summary(before, after, changed)


def _places(conn: Connection, stories: Mapping[str, str]) -> dict[str, str]:
    """The root story of each article."""
    roots = storage.root_of(conn, set(stories.values()))
    return {article_id: roots[story_id] for article_id, story_id in stories.items()}


def _summary(
    before: Mapping[str, str], after: Mapping[str, str], changed: Sequence[str]
) -> Summary:
    kept = _pairs(Counter((before[a], after[a]) for a in after))
    return Summary(
        counts={
            "articles": len(after),
            "changed": len(changed),
            "pairs_kept": kept,
            "pairs_joined": _pairs(Counter(after.values())) - kept,
            "pairs_parted": _pairs(Counter(before[a] for a in after)) - kept,
        },
        fields={"story": len(changed)} if changed else {},
        examples=tuple(
            Example(article_id=a, field="story", before=before[a], after=after[a])
            for a in changed[:EXAMPLES]
        ),
    )


def _pairs(groups: Counter[Any]) -> int:
    return sum(count * (count - 1) // 2 for count in groups.values())
