"""What follows when stories join: the record, their event, and which article was the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from mediawatch.pipeline.context import Context
from mediawatch.storage import events as event_storage
from mediawatch.storage import stories as storage
from mediawatch.storage.connection import Connection
from mediawatch.stories.origins import origin


def merge_pairs(
    conn: Connection, context: Context, pairs: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Let the stories of each pair be one; the older goes on. What was merged, gone and kept."""
    merged = []
    for one, other in pairs:
        roots = sorted(set(storage.root_of(conn, [one, other]).values()))
        if len(roots) == 2:
            age = storage.founding_numbers(conn, roots)
            kept, gone = sorted(roots, key=lambda story_id: age[story_id])
            merged.append((gone, kept))
            write_merges(conn, context, [(gone, kept)])
    return merged


def write_merges(conn: Connection, context: Context, merged: Sequence[tuple[str, str]]) -> None:
    """Write down that stories (gone, kept) ended, and choose the origins of those that go on."""
    if not merged:
        return
    storage.merge_stories(conn, merged, context.now)
    event_storage.merge_events(conn, merged)
    kept = {story_id for _, story_id in merged}
    ended = storage.origins(conn, [gone for gone, _ in merged])
    choose_origins(
        conn,
        context,
        {root: [ended[gone] for gone, to in merged if to == root] for root in kept},
    )


def choose_again(conn: Connection, context: Context, root: str) -> None:
    """Find the origin of a story that lost articles: its own one may have gone."""
    article_ids = [row["article_id"] for row in storage.members(conn, [root]).get(root, [])]
    choose_origins(conn, context, {root: article_ids}, among=article_ids)


def choose_origins(
    conn: Connection,
    context: Context,
    newcomers: Mapping[str, Sequence[str]],
    among: Collection[str] | None = None,
) -> None:
    """Compare the origin of each root story with the articles that joined it.

    ``among``: no other article may be an origin; None says that any may.

    Where another article is the first now, the documents of both are put on the work list:
    they say who is first and how many copies there are. No mail comes of it.
    """
    before = storage.origins(conn, newcomers)
    known = storage.publications(
        conn, {*before.values(), *(a for articles in newcomers.values() for a in articles)}
    )
    found = []
    moved: list[str] = []
    for story_id, articles in newcomers.items():
        group = [
            known[a]
            for a in {before[story_id], *articles}
            if a in known and (among is None or a in among)
        ]
        if not group:
            continue
        article_id, reason = origin(group)
        found.append((story_id, article_id, reason))
        if article_id != before[story_id]:
            moved += [article_id, before[story_id]]
    storage.set_origins(conn, found)
    storage.change_articles(conn, moved, "merge", context.now)
