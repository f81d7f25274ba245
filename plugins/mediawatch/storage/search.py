"""What the search room asks of the database: rows for documents, work lists, generations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRows:
    """All rows of which one document is made, read in one snapshot.

    ``article`` has the columns of ``search/article_rows.sql``, the others those of their files.
    """

    article: Row
    mentions: Sequence[Row] = ()
    quotes: Sequence[Row] = ()
    topics: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """What the index should hold of one article, and whether its turn has come."""

    article_id: str
    index_month: date
    hidden: bool
    change_no: int
    open: bool
    bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One set of month indices; ``template`` is the version it was made with.

    ``built_to`` is the last article that a rebuild has written to it; empty: none.
    """

    generation: int
    state: str
    template: str
    built_to: str = ""


def snapshot(conn: Connection) -> None:
    """Let the transaction that begins now see one state of the database throughout."""
    execute(conn, "search/snapshot")


def article_rows(conn: Connection, article_ids: Sequence[str]) -> list[ArticleRows]:
    """The rows of these articles; those without a change are left out. Four statements.

    Call :func:`snapshot` first where version and content must fit together.
    """
    values = {"article_ids": list(article_ids)}
    mentions = _by_article(fetch_all(conn, "search/article_mentions", values))
    quotes = _by_article(fetch_all(conn, "search/article_quotes", values))
    topics = _by_article(fetch_all(conn, "search/article_topics", values))
    return [
        ArticleRows(
            article=row,
            mentions=mentions[row["article_id"]],
            quotes=quotes[row["article_id"]],
            topics=topics[row["article_id"]],
        )
        for row in fetch_all(conn, "search/article_rows", values)
    ]


def _by_article(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["article_id"]].append(row)
    return found


def open_changes(conn: Connection, limit: int) -> list[tuple[int, str]]:
    """Change numbers that are not indexed, with their articles, oldest first."""
    rows = fetch_all(conn, "search/open_changes", {"limit": limit})
    return [(row["change_no"], row["article_id"]) for row in rows]


def recount_copies(conn: Connection, change_nos: Sequence[int], now: datetime) -> int:
    """Put the first articles of the stories that these changes touched on the list; how many."""
    return execute(conn, "search/recount_copies", {"change_nos": list(change_nos), "now": now})


def mark_indexed(
    conn: Connection, done: Sequence[tuple[str, int, str | None]], now: datetime
) -> int:
    """Mark the changes of each (article, version, error) up to that version; how many rows."""
    values = {
        "article_ids": [article_id for article_id, _, _ in done],
        "versions": [version for _, version, _ in done],
        "errors": [error for _, _, error in done],
        "now": now,
    }
    return execute(conn, "search/mark_indexed", values)


def reopen_month(conn: Connection, month: date) -> int:
    """Put every article of a month on the work list again; how many."""
    return execute(conn, "search/reopen_month", {"month": month})


def forget_index(conn: Connection) -> int:
    """Have the whole index made anew, above whatever the server holds; how many documents."""
    execute(conn, "search/forget_generations")
    return execute(conn, "search/reopen_all")


def touch_articles(conn: Connection, article_ids: Sequence[str], now: datetime) -> int:
    """Have these articles written again under a higher version; how many."""
    return execute(conn, "search/touch_articles", {"article_ids": list(article_ids), "now": now})


def indexed_months(conn: Connection) -> list[date]:
    """The months in which an indexed, visible article lies."""
    return [row["month"] for row in fetch_all(conn, "search/indexed_months")]


def months_up_to(conn: Connection, article_id: str) -> list[date]:
    """The months in which visible articles with a change lie, of those up to an id."""
    rows = fetch_all(conn, "search/months_up_to", {"article_id": article_id})
    return [row["month"] for row in rows]


def article_page(conn: Connection, after: str, limit: int) -> list[str]:
    """Ids of articles with a change, in order, the first above ``after``."""
    rows = fetch_all(conn, "search/article_page", {"after": after, "limit": limit})
    return [row["article_id"] for row in rows]


def article_state(conn: Connection, article_ids: Sequence[str]) -> list[ArticleState]:
    """What the index should hold of these articles; unknown ones are left out."""
    rows = fetch_all(conn, "search/article_state", {"article_ids": list(article_ids)})
    return [ArticleState(**row) for row in rows]


def count_changed_articles(conn: Connection, up_to: str | None = None) -> int:
    """How many articles have a change, and so a document or a deletion; up to an id, or all."""
    row = fetch_one(conn, "search/count_changed_articles", {"up_to": up_to})
    assert row is not None
    return int(row["articles"])


def count_indexed_articles(conn: Connection) -> int:
    """How many articles the index must hold: visible ones whose last change was indexed."""
    row = fetch_one(conn, "search/count_indexed_articles")
    assert row is not None
    return int(row["articles"])


def generations(conn: Connection) -> list[Generation]:
    """All generations of the index, oldest first."""
    return [Generation(**row) for row in fetch_all(conn, "search/generations")]


def add_generation(conn: Connection, state: str, template: str, above: int, now: datetime) -> int:
    """Begin a generation with a number that is higher than ``above`` and all known; its number."""
    values = {"state": state, "template": template, "above": above, "now": now}
    row = fetch_one(conn, "search/add_generation", values)
    assert row is not None
    return int(row["generation"])


def set_generation_state(conn: Connection, generation: int, state: str) -> int:
    """Make a generation ``building``, ``current`` or ``old``."""
    values = {"generation": generation, "state": state}
    return execute(conn, "search/set_generation_state", values)


def set_built_to(conn: Connection, generation: int, article_id: str) -> int:
    """Note how far a rebuild has come."""
    values = {"generation": generation, "built_to": article_id}
    return execute(conn, "search/set_built_to", values)


def drop_generation(conn: Connection, generation: int) -> int:
    """Forget a generation."""
    return execute(conn, "search/drop_generation", {"generation": generation})


def add_export_run(
    conn: Connection, query: str, rules: Sequence[str], checksum: str, now: datetime
) -> int:
    """Note what was exported, read by which rules, and the SHA-256 of the file."""
    values = {"query": query, "rules": list(rules), "checksum": checksum, "now": now}
    return execute(conn, "search/add_export_run", values)


def lock_generations(conn: Connection) -> None:
    """Wait until no other transaction changes generations; held to the end of this one."""
    fetch_one(conn, "search/lock_generations")


@contextmanager
def only_indexer(conn: Connection) -> Iterator[None]:
    """Wait until no other process indexes, and be the only one for the block.

    A process that dies lets go of it with its connection.
    """
    fetch_one(conn, "search/lock_index")
    conn.commit()
    try:
        yield
    finally:
        if not conn.closed:
            conn.rollback()
            fetch_one(conn, "search/unlock_index")
            conn.commit()
