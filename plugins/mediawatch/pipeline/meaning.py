"""The steps of the meaning room: annotate articles; import the list of actors."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.meaning import annotation, decisions, gazetteer
from mediawatch.meaning.annotation import Knowledge
from mediawatch.meaning.gazetteer import Actor
from mediawatch.meaning.tagger import Tagger
from mediawatch.model import Annotation
from mediawatch.pipeline.buried import settle_forgotten
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.inputs import SHARED
from mediawatch.settings import Settings
from mediawatch.stack import tagger_files
from mediawatch.storage import meaning as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.tombstones import buried_names

BATCH = 50
log = logging.getLogger(__name__)


def annotate(ctx: Context) -> Counts:
    """Find actors, quotations and topics of every article that waits for it.

    Counts: in, mentions, quotes, topics, failed (a text that could not be annotated stays
    without), without_tagger (known names only).
    """
    counts: Counter[str] = Counter(
        dict.fromkeys(("in", "mentions", "quotes", "topics", "failed", "without_tagger"), 0)
    )
    with closing(knowledge(ctx)) as known:
        while _batch(ctx, known, counts):
            continue
    return dict(counts)


def knowledge(ctx: Context) -> Knowledge:
    """The lists, what people decided of actors, and a tagger for each configured language."""
    with transaction(ctx.conn) as conn:
        decided = decisions.read(storage.decisions(conn))
    return annotation.knowledge(SHARED, _taggers(ctx.settings), decided)


def _taggers(settings: Settings) -> Mapping[str, Tagger]:
    """The configured taggers; each starts with the first text of its language."""
    return {
        language: Tagger(tagger_files.find(settings, language).command())
        for language in settings.taggers
    }


def _batch(ctx: Context, known: Knowledge, counts: Counter[str]) -> bool:
    """Claim, annotate and write some articles in one transaction; whether there were any."""
    with transaction(ctx.conn):
        rows = storage.claim_articles(ctx.conn, BATCH)
        if not rows:
            return False
        reached("annotate.claimed")
        made = [(row, annotated(row, known, counts)) for row in rows]
        storage.write_annotations(ctx.conn, made)
        settle_forgotten(ctx, made)
        reached("annotate.written")
    for _, found in made:
        counts["in"] += 1
        counts["mentions"] += len(found.mentions)
        counts["quotes"] += len(found.quotes)
        counts["topics"] += len(found.topics)
        counts["without_tagger"] += found.rules.get("tagger", "").startswith("none:")
    return True


def annotated(row: Mapping[str, Any], known: Knowledge, counts: Counter[str]) -> Annotation:
    """The annotation of a row of ``claim_articles``; one that cannot be had is counted."""
    if row["hidden"]:
        return Annotation()
    try:
        found = annotation.annotate(row["title"], row["body"], row["language"], row["day"], known)
    except Exception:  # one bad text costs one text, whatever is wrong with it
        log.exception("article %s could not be annotated", row["article_id"])
        counts["failed"] += 1
        return Annotation(rules={"tagger": f"failed:{row['language']}"})
    counts["failed"] += found.rules["tagger"].startswith("failed:")
    return found


def import_actors(ctx: Context) -> Counts:
    """Bring the list of actors of ``seeds/actors/`` into the database when its files changed.

    Raises:
        InputError: a file of the list cannot be used.
    """
    folder = SHARED / "actors"
    hashes = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.tsv"))
    }
    with transaction(ctx.conn):
        if storage.file_hashes(ctx.conn) == hashes:
            return {"actors": 0}
        listed = gazetteer.load(folder)
        is_gone = buried_names(ctx.conn, ctx.settings).is_actor
        changed = storage.write_actors(
            ctx.conn,
            (_actor_row(a) for a in listed.actors.values() if not is_gone(a.actor_id)),
            (
                (e.actor.actor_id, e.form, e.rule)
                for e in listed.entries()
                if not is_gone(e.actor.actor_id)
            ),
            hashes,
            ctx.now,
        )
    return {"actors": changed}


def _actor_row(actor: Actor) -> tuple[str | None, ...]:
    latitude, longitude = map(str, actor.point) if actor.point else (None, None)
    return (actor.actor_id, actor.kind, actor.name, actor.country, latitude, longitude)
