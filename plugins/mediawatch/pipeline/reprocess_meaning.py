"""Articles annotated again under the rules and lists of today; told apart by what changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.meaning import actors, quotes, topics
from mediawatch.meaning.annotation import Knowledge
from mediawatch.model import Annotation
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.meaning import annotated, knowledge
from mediawatch.pipeline.reprocess import Example, Summary
from mediawatch.storage import meaning as storage
from mediawatch.storage import reprocess as runs
from mediawatch.storage.connection import transaction

RULES = {"actors": actors.RULES, "quotes": quotes.RULES, "topics": topics.RULES}
BATCH = 50
SHOWN = 20  # actors and topics whose counts changed most


@dataclass(slots=True)
class Difference:
    """What a run changed so far: counts, and where each actor and topic came and went."""

    counts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    came: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    went: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, story_id: str, before: frozenset[str], after: frozenset[str]) -> None:
        """Which names of actors or topics one article has lost and won."""
        for name in after - before:
            self.came[name].append(story_id)
        for name in before - after:
            self.went[name].append(story_id)

    def examples(self) -> tuple[Example, ...]:
        """The names whose counts changed most, each with its articles and stories."""
        names = sorted(
            {*self.came, *self.went}, key=lambda n: (-len(self.came[n]) - len(self.went[n]), n)
        )
        return tuple(
            Example(
                article_id="all",
                field=name,
                before=f"{_counted(self.went[name])} lost",
                after=f"{_counted(self.came[name])} won",
            )
            for name in names[:SHOWN]
        )


def reprocess(ctx: Context, since: datetime) -> Summary:
    """Annotate every article at rest first seen since a time again; write what differs.

    Counts: ``articles``, ``same``, ``changed``, ``failed`` (their annotation stays as it was).
    The examples tell of each actor and topic how many articles and stories have lost and won it.
    """
    found = Difference()
    after = 0
    with closing(knowledge(ctx)) as known:
        while True:
            with transaction(ctx.conn) as conn:
                at_rest = runs.articles_since(conn, since, after, BATCH)
                if not at_rest:
                    break
                _again(ctx, known, [row["article_id"] for row in at_rest], found)
                reached("reprocess.written")
            after = at_rest[-1]["article_no"]
    return Summary(counts=dict(found.counts), fields=dict(found.fields), examples=found.examples())


def _again(ctx: Context, known: Knowledge, article_ids: list[str], found: Difference) -> None:
    """Annotate some locked articles; those that changed go on to the next step."""
    kept = storage.kept_annotations(ctx.conn, article_ids)
    changed: list[tuple[dict[str, Any], Annotation]] = []
    for row in storage.texts_of(ctx.conn, article_ids):
        found.counts["articles"] += 1
        failed: Counter[str] = Counter()
        made = annotated(row, known, failed)
        if failed["failed"]:
            found.counts["failed"] += 1
            continue
        before, after = kept[row["article_id"]], _comparable(made)
        different = [name for name in after if after[name] != before[name]]
        found.counts["changed" if different else "same"] += 1
        if different:
            changed.append((row, made))
            found.fields.update(different)
            for name in ("actors", "topics"):
                found.note(row["story_id"], _names(before[name]), _names(after[name]))
    if changed:
        storage.write_annotations(ctx.conn, changed)
        runs.send_back(ctx.conn, [row["article_id"] for row, _ in changed], "compare")


def _comparable(made: Annotation) -> dict[str, frozenset[tuple[Any, ...]]]:
    """An annotation as the rows that are kept of it; the name of each is last."""
    return {
        "actors": frozenset(
            (m.part, m.start, m.end, m.actor_id, m.meant_id, m.kind, m.via, m.name)
            for m in made.mentions
        ),
        "quotations": frozenset(
            (q.start, q.end, q.kind, q.speaker_id, q.reporter, q.speaker_text) for q in made.quotes
        ),
        "topics": frozenset((t.topic_id, t.primary, t.label) for t in made.topics),
    }


def _names(rows: frozenset[tuple[Any, ...]]) -> frozenset[str]:
    return frozenset(str(row[-1]) for row in rows)


def _counted(stories: list[str]) -> str:
    return f"{len(stories)} articles ({len(set(stories))} stories)"
