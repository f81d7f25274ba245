"""Articles made again from their raw entries: new versions only where something changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.model import Article, Rejected
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.keys import own_keys
from mediawatch.pipeline.reprocess import Example, Summary
from mediawatch.pipeline.text import (
    answers_to,
    keep,
    open_worker,
    outlet_of,
    requests_of,
    seen_at,
)
from mediawatch.storage import articles as storage
from mediawatch.storage import reprocess as runs
from mediawatch.storage.articles import PendingEntry, article_columns, version_columns
from mediawatch.storage.connection import transaction
from mediawatch.storage.reprocess import EntryAgain
from mediawatch.text import extraction, normalize
from mediawatch.text.dates import effective
from mediawatch.text.worker import Worker

RULES = {**extraction.RULES, **normalize.RULES}
BATCH = 100
EXAMPLES = 20
SHOWN = 100
# What a person calls a field, and the columns that show whether it changed.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "body": ("body",),
    "authors": ("authors",),
    "agency": ("agency",),
    "language": ("language",),
    "flags": ("flags",),
    "address": ("url", "url_key"),
    "published": ("published_at", "published_precision"),
    "modified": ("modified_at",),
    "event date": ("event_date",),
}
# Columns that another entry of the same article may have given: kept where this one is silent.
FROM_OTHERS: tuple[tuple[str, ...], ...] = (
    ("published_at", "published_raw", "published_origin", "published_precision", "published_date"),
    ("modified_at",),
    ("event_date",),
)


def reprocess(ctx: Context, since: datetime) -> Summary:
    """Read every entry again that made a current version, or was rejected, since a time.

    Counts: ``entries``; ``same``; ``changed``; ``accepted`` (rejected before); ``refused`` (an
    article that would be rejected now: it stays, for a person to look at); ``still rejected``;
    ``without page`` (it is no longer kept, so the article stays as it is); ``under way``.
    """
    counts: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    examples: list[Example] = []
    after = ""
    with open_worker() as worker:
        while True:
            with transaction(ctx.conn) as conn:
                batch = runs.entries_since(conn, since, after, ctx.now, BATCH)
                if not batch:
                    break
                for name, found in _again(ctx, worker, batch):
                    counts["entries"] += 1
                    counts[name] += 1
                    fields.update(example.field for example in found if example.field in FIELDS)
                    examples += found[: max(0, EXAMPLES - len(examples))]
                reached("reprocess.written")
            since, after = batch[-1].pending.first_seen_at, batch[-1].pending.entry.entry_id
    return Summary(counts=dict(counts), fields=dict(fields), examples=tuple(examples))


def _again(
    ctx: Context, worker: Worker, batch: Sequence[EntryAgain]
) -> list[tuple[str, list[Example]]]:
    """What became of each entry of a batch, and the fields that changed."""
    requests = requests_of(ctx, [again.pending for again in batch])
    gone = [
        again.pending.page_sha256 is not None and request.page is None
        for again, request in zip(batch, requests, strict=True)
    ]
    kept = [request for request, missing in zip(requests, gone, strict=True) if not missing]
    answers = iter(answers_to(worker, kept))
    storage.lock_identity(ctx.conn)
    return [
        ("without page", []) if missing else _write(ctx, again, next(answers))
        for again, missing in zip(batch, gone, strict=True)
    ]


def _write(
    ctx: Context, again: EntryAgain, answer: Article | Rejected
) -> tuple[str, list[Example]]:
    if isinstance(answer, Rejected):
        if again.article_id is None:
            return "still rejected", []
        refusal = f"{answer.code}: {answer.message}"
        return "refused", [_example(again.article_id, "refused", "an article", refusal)]
    if again.article_id is None:
        state = keep(ctx, again.pending, answer, cause="reprocess")
        return ("still rejected" if state == "rejected" else "accepted"), []
    return _compare(ctx, again.pending, again.article_id, answer)


def _compare(
    ctx: Context, pending: PendingEntry, article_id: str, article: Article
) -> tuple[str, list[Example]]:
    """Write what differs from the article as it is kept."""
    kept = runs.kept_article(ctx.conn, article_id)
    if kept is None or kept["entry_id"] != pending.entry.entry_id:
        return "under way", []
    if _find_others(ctx, pending, article, article_id) != article_id:
        return "merged", []
    made = {**version_columns(article), **article_columns(article)}
    if not kept["one_origin"]:
        for group in FROM_OTHERS:
            if made[group[0]] is None:
                made |= {name: kept[name] for name in group}
    if made["url"] is None:
        made |= {"url": kept["url"], "url_key": kept["url_key"]}
    changed = [
        name
        for name, columns in FIELDS.items()
        if any(made[column] != kept[column] for column in columns)
    ]
    if not changed:
        return "same", []
    _replace(ctx, pending, article, kept, made, redate="published" in changed)
    return "changed", [
        _example(article_id, name, kept[FIELDS[name][0]], made[FIELDS[name][0]]) for name in changed
    ]


def _find_others(ctx: Context, pending: PendingEntry, article: Article, article_id: str) -> str:
    """Add the keys of today; the article that survives where they lead to others."""
    keys = own_keys(ctx.conn, pending, article)
    known = storage.articles_of_keys(ctx.conn, keys)
    survivor, *others = storage.lock_articles(ctx.conn, {article_id, *known.values()})
    for other in others:
        storage.merge_articles(ctx.conn, survivor.article_id, other.article_id, ctx.now)
    storage.insert_keys(ctx.conn, survivor.article_id, keys, ctx.now)
    return survivor.article_id


def _replace(
    ctx: Context,
    pending: PendingEntry,
    article: Article,
    kept: Mapping[str, Any],
    made: dict[str, Any],
    *,
    redate: bool,
) -> None:
    dated_at, dated_origin = kept["dated_at"], kept["dated_origin"]
    if redate:
        dated_at, dated_origin = effective(
            article.published, seen_at(pending, kept["first_seen_at"])
        )
    ours = {
        "article_id": kept["article_id"],
        "version_no": kept["version_no"] + 1,
        "outlet_id": outlet_of(ctx, pending, article),
        "dated_at": dated_at,
        "dated_origin": dated_origin,
    }
    runs.replace_article(ctx.conn, {**made, **ours})
    version = {
        "article_id": kept["article_id"],
        "version_no": kept["version_no"] + 1,
        "month": kept["index_month"],
        "kind": "reprocess",
        "entry_id": pending.entry.entry_id,
        "seen_at": ctx.now,
    }
    storage.insert_version(ctx.conn, article, version)


def _example(article_id: str, name: str, before: object, after: object) -> Example:
    return Example(
        article_id=article_id, field=name, before=_short(name, before), after=_short(name, after)
    )


def _short(name: str, value: object) -> str:
    if name == "body":
        return f"{len(str(value))} characters"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "none")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
