"""What every step asks before it takes in, shows or sends on: was this forgotten?

Only keyed hashes of names are known here, so that every few words of a text are hashed. Where no
name was forgotten, nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from mediawatch.errors import REJECTED
from mediawatch.model import Annotation, Article
from mediawatch.pipeline import redaction
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.forget_traces import body_text
from mediawatch.pipeline.redaction import Wanted
from mediawatch.settings import Settings
from mediawatch.storage import forget as storage
from mediawatch.storage.articles import PendingEntry
from mediawatch.storage.connection import Connection
from mediawatch.storage.search import ArticleRows
from mediawatch.storage.tombstones import Buried, buried_names
from mediawatch.text import naming


def without_forgotten(ctx: Context, article: Article) -> Article | None:
    """The article with forgotten names blacked out; None when it is not to be taken in."""
    buried = buried_names(ctx.conn, ctx.settings)
    if not buried.names:
        return article
    texts = _texts(article)
    if not buried.is_in(texts):
        return article
    if buried.must_hide(texts):
        return None
    whole = buried.blackened(f"{article.title}\n\n{article.body}")
    url = article.url if article.url and not buried.is_in([article.url]) else None
    return replace(
        article,
        title=whole[: len(article.title)],
        body=whole[len(article.title) + 2 :],
        authors=tuple(name for name in article.authors if not buried.is_in([name])),
        agency=None if article.agency and buried.is_in([article.agency]) else article.agency,
        url=url,
        key=article.key if url else None,
    )


def clear_entry(ctx: Context, pending: PendingEntry, article: Article | None = None) -> None:
    """Empty a raw entry that names who was forgotten, and the bodies in which it came."""
    buried = buried_names(ctx.conn, ctx.settings)
    if not buried.names:
        return
    said = [naming.plain(text) for text in naming.strings(asdict(pending.entry))]
    if article is not None:
        said.extend(_texts(article))
    is_black = article is not None and naming.BLACK in f"{article.title}{article.body}"
    if is_black or buried.is_in(said):
        storage.erase_entries(ctx.conn, [pending.entry.entry_id], None, ctx.now)


def empty_entry(ctx: Context, pending: PendingEntry) -> None:
    """Empty a raw entry that was turned away, and the bodies in which it came."""
    storage.erase_entries(ctx.conn, [pending.entry.entry_id], REJECTED["forgotten"], ctx.now)


def names_forgotten(ctx: Context, bodies: Sequence[bytes]) -> list[bool]:
    """Which of these pages or feeds name who was forgotten."""
    buried = buried_names(ctx.conn, ctx.settings)
    return [bool(buried.names) and buried.is_in([body_text(body)]) for body in bodies]


def settle_forgotten(ctx: Context, made: Sequence[tuple[Mapping[str, Any], Annotation]]) -> None:
    """Hide or black out articles in which a forgotten actor was found under another name."""
    buried = buried_names(ctx.conn, ctx.settings)
    if not buried.actors:
        return
    for row, found in made:
        ids = {m.actor_id for m in found.mentions} | {m.meant_id for m in found.mentions}
        gone = sorted(actor_id for actor_id in ids if actor_id and buried.is_actor(actor_id))
        if not gone:
            continue
        if all(buried.keeps_actor(actor_id) for actor_id in gone):
            redaction.black_out(ctx, [row["article_id"]], Wanted(actors=tuple(gone)))
        else:
            storage.hide_articles(ctx.conn, [row["article_id"]])
            storage.erase_articles(ctx.conn, [row["article_id"]])


def with_forgotten_hidden(
    conn: Connection, settings: Settings, found: Sequence[ArticleRows]
) -> list[ArticleRows]:
    """The rows of documents; those that name who was forgotten are hidden."""
    buried = buried_names(conn, settings)
    if not buried:
        return list(found)
    return [
        replace(rows, article={**rows.article, "hidden": True})
        if not rows.article["hidden"] and _shows(rows, buried)
        else rows
        for rows in found
    ]


def _shows(rows: ArticleRows, buried: Buried) -> bool:
    article = rows.article
    texts = [article["title"], article["body"], article["url"], *(article["authors"] or ())]
    ids = {name for m in rows.mentions for name in (m["actor_id"], m["meant_id"]) if name}
    return buried.is_in([text for text in texts if text]) or any(map(buried.is_actor, ids))


def _texts(article: Article) -> list[str]:
    texts = (article.title, article.body, *article.authors, article.agency, article.url)
    return [text for text in texts if text]
