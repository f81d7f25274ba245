"""What forgetting asks of the database: one function for each file of sql/queries/forget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from psycopg2.extras import Json

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one
from mediawatch.text.naming import BLACK

Row: TypeAlias = dict[str, Any]
PAGE = 500
FIRST_MONTH = date(1, 1, 1)
# How a place of ``words_of_people`` is cleared.
CLEARED = {
    "watches": ("forget/delete_watch_topics", "forget/end_watch"),
    "feed_tokens": ("forget/end_feed_token",),
    "exports": ("forget/end_export",),
    "actor_decisions": ("forget/delete_actor_decision",),
    "seed_items": ("forget/delete_seed_item",),
    "fetches": ("forget/delete_fetch",),
}


def actors_called(conn: Connection, wanted: str) -> list[Row]:
    """Who has this id or name: actor_id, kind, name."""
    return fetch_all(conn, "forget/actors_called", {"wanted": wanted})


def names_of_actors(conn: Connection, actor_ids: Sequence[str]) -> list[str]:
    """Every name of these actors, in the list and in texts."""
    rows = fetch_all(conn, "forget/names_of_actors", {"actor_ids": list(actor_ids)})
    return [row["name"] for row in rows]


def texts_naming(conn: Connection, patterns: Sequence[str]) -> Iterator[Row]:
    """The versions whose text may hold one of the names of these patterns."""
    values: Row = {"patterns": list(patterns), "after": "", "after_version": 0, "limit": PAGE}
    while rows := fetch_all(conn, "forget/texts_naming", values):
        yield from rows
        last = rows[-1]
        values |= {"after": last["article_id"], "after_version": last["version_no"]}


def articles_of_actors(conn: Connection, actor_ids: Sequence[str]) -> list[str]:
    """The articles that name, quote or relate these actors in any version."""
    return _ids(conn, "forget/articles_of_actors", {"actor_ids": list(actor_ids)})


def articles_of_source(conn: Connection, source_id: str) -> list[str]:
    """The articles that stood in this source alone."""
    return _ids(conn, "forget/articles_of_source", {"source_id": source_id})


def same_articles(conn: Connection, article_ids: Iterable[str]) -> list[str]:
    """These articles and all that were merged with them."""
    return _ids(conn, "forget/same_articles", {"article_ids": list(article_ids)})


def article_at(conn: Connection, url: str, keys: Sequence[str]) -> list[str]:
    """The articles of an address, its keys, or an id."""
    return _ids(conn, "forget/article_at", {"url": url, "keys": list(keys)})


def keys_of_articles(conn: Connection, article_ids: Sequence[str]) -> list[str]:
    """Every key by which these articles are found."""
    rows = fetch_all(conn, "forget/keys_of_articles", {"article_ids": list(article_ids)})
    return [row["key"] for row in rows]


def hide_articles(conn: Connection, article_ids: Sequence[str]) -> int:
    """Let nobody see these articles from now on; how many could be seen."""
    return execute(conn, "forget/hide_articles", {"article_ids": list(article_ids)})


def erase_articles(conn: Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """Everything that hidden articles say, those that are held left out; rows by place."""
    return _counts(conn, "forget/erase_articles", {"article_ids": list(article_ids)})


def held_articles(conn: Connection, article_ids: Sequence[str]) -> list[str]:
    """Those of these articles that a legal hold keeps."""
    return _ids(conn, "forget/held_articles", {"article_ids": list(article_ids)})


def unerased_articles(conn: Connection, limit: int = PAGE) -> list[str]:
    """Hidden articles that are not held and still have their text."""
    return _ids(conn, "forget/unerased_articles", {"limit": limit})


def entries_naming(conn: Connection, patterns: Sequence[str]) -> Iterator[Row]:
    """The raw entries that may hold one of the names of these patterns."""
    values: Row = {"patterns": list(patterns), "after": "", "limit": PAGE}
    values["after_month"] = FIRST_MONTH
    while rows := fetch_all(conn, "forget/entries_naming", values):
        yield from rows
        values |= {"after": rows[-1]["entry_id"], "after_month": rows[-1]["month"]}


def entries_of_articles(conn: Connection, article_ids: Sequence[str]) -> list[str]:
    """The raw entries of these articles that still say something."""
    rows = fetch_all(conn, "forget/entries_of_articles", {"article_ids": list(article_ids)})
    return [row["entry_id"] for row in rows]


def entries_of_source(conn: Connection, source_id: str) -> list[str]:
    """The raw entries of a source that still say something."""
    rows = fetch_all(conn, "forget/entries_of_source", {"source_id": source_id})
    return [row["entry_id"] for row in rows]


def erase_entries(
    conn: Connection, entry_ids: Sequence[str], message: str | None, now: datetime
) -> dict[str, int]:
    """What these entries and the bodies around them say. With a message they are rejected as
    forgotten; without one, those that still wait are left to the step that reads them."""
    hide = message is not None
    values = {"entry_ids": list(entry_ids), "message": message, "hide": hide, "now": now}
    return _counts(conn, "forget/erase_entries", values)


def bodies_after(conn: Connection, limit: int = 50) -> Iterator[Row]:
    """Every kept body: sha256, month, content (gzipped), url."""
    values: Row = {"after": "", "after_month": FIRST_MONTH, "limit": limit}
    while rows := fetch_all(conn, "forget/bodies_after", values):
        yield from rows
        values |= {"after": rows[-1]["sha256"], "after_month": rows[-1]["month"]}


def delete_bodies(conn: Connection, hashes: Sequence[str]) -> int:
    """Delete kept bodies that no hold keeps."""
    return execute(conn, "forget/delete_bodies", {"hashes": list(hashes)})


def mails_after(conn: Connection, limit: int = 200) -> Iterator[Row]:
    """Every kept mail: delivery_id, subject, message."""
    values: Row = {"after": 0, "limit": limit}
    while rows := fetch_all(conn, "forget/mails_after", values):
        yield from rows
        values["after"] = rows[-1]["delivery_id"]


def mails_of_articles(conn: Connection, article_ids: Sequence[str]) -> list[int]:
    """The kept mails that told a story in which one of these articles stood."""
    rows = fetch_all(conn, "forget/mails_of_articles", {"article_ids": list(article_ids)})
    return [row["delivery_id"] for row in rows]


def erase_mails(conn: Connection, delivery_ids: Sequence[int]) -> list[Row]:
    """Drop text and subject of kept mails; address, state and sent_at of each."""
    return fetch_all(conn, "forget/erase_mails", {"delivery_ids": list(delivery_ids)})


def reasons_naming(conn: Connection, patterns: Sequence[str]) -> Iterator[Row]:
    """The matches whose reason may hold one of the names of these patterns."""
    values: Row = {"patterns": list(patterns), "after": 0, "limit": PAGE}
    while rows := fetch_all(conn, "forget/reasons_naming", values):
        yield from rows
        values["after"] = rows[-1]["match_id"]


def set_reason(conn: Connection, match_id: int, reason: Any) -> int:
    """Replace the reason of a match."""
    return execute(conn, "forget/set_reason", {"match_id": match_id, "reason": Json(reason)})


def words_of_people(conn: Connection) -> list[Row]:
    """What may name somebody beside the articles: place, id, part, words."""
    return fetch_all(conn, "forget/words_of_people")


def clear_words(conn: Connection, row: Mapping[str, Any], now: datetime) -> None:
    """Clear one row of ``words_of_people``."""
    for name in CLEARED[row["place"]]:
        execute(conn, name, {**row, "now": now})


def delete_actors(conn: Connection, actor_ids: Sequence[str]) -> int:
    """Delete actors and their aliases from the list."""
    values = {"actor_ids": list(actor_ids)}
    return execute(conn, "forget/delete_aliases", values) + execute(
        conn, "forget/delete_actors", values
    )


def spans_of_actors(
    conn: Connection, article_ids: Sequence[str], actor_ids: Sequence[str]
) -> list[Row]:
    """Where these actors are named: article_id, version_no, part, start_at, end_at."""
    values = {"article_ids": list(article_ids), "actor_ids": list(actor_ids)}
    return fetch_all(conn, "forget/spans_of_actors", values)


def versions_of_articles(conn: Connection, article_ids: Sequence[str]) -> list[Row]:
    """Every version of these articles, locked."""
    return fetch_all(conn, "forget/versions_of_articles", {"article_ids": list(article_ids)})


def set_text(conn: Connection, version: Mapping[str, Any]) -> int:
    """Write title, body, authors and agency of a version."""
    return execute(conn, "forget/set_text", version)


def drop_address(conn: Connection, article_id: str) -> int:
    """Let an article have no address that is shown."""
    return execute(conn, "forget/drop_address", {"article_id": article_id})


def black_out_meaning(
    conn: Connection,
    article_ids: Sequence[str],
    actor_ids: Sequence[str],
    patterns: Sequence[str],
) -> dict[str, int]:
    """Bring what was read from texts that were blacked out in line with them; rows by place."""
    values = {
        "article_ids": list(article_ids),
        "actor_ids": list(actor_ids),
        "patterns": list(patterns),
        "black": BLACK,
    }
    return _counts(conn, "forget/black_out_meaning", values)


def begin_run(conn: Connection, kind: str, redact: bool, by: str, now: datetime) -> int:
    """Note that something is being forgotten; the number of the run."""
    values = {"kind": kind, "redact": redact, "asked_by": by, "now": now}
    row = fetch_one(conn, "forget/begin_run", values)
    assert row is not None
    return int(row["run_id"])


def finish_run(conn: Connection, run_id: int, report: Mapping[str, Any], now: datetime) -> int:
    """Note that a run is done, with its report."""
    values = {"run_id": run_id, "report": Json(dict(report)), "now": now}
    return execute(conn, "forget/finish_run", values)


def runs(conn: Connection) -> list[Row]:
    """Every run, those that were broken off without finished_at."""
    return fetch_all(conn, "forget/runs")


def place_hold(
    conn: Connection,
    article_ids: Sequence[str],
    source_id: str | None,
    reason: str,
    by: str,
    now: datetime,
) -> int:
    """Keep these articles, and what a source brings, until the hold is lifted; its number."""
    values = {
        "article_ids": list(article_ids),
        "source_id": source_id,
        "reason": reason,
        "by": by,
        "now": now,
    }
    row = fetch_one(conn, "forget/place_hold", values)
    assert row is not None
    return int(row["hold_id"])


def lift_hold(conn: Connection, hold_id: int, now: datetime) -> bool:
    """End a hold; False when there is none of this number that stands."""
    return bool(execute(conn, "forget/lift_hold", {"hold_id": hold_id, "now": now}))


def holds(conn: Connection) -> list[Row]:
    """Every hold, lifted ones too."""
    return fetch_all(conn, "forget/holds")


def erase_source(conn: Connection, source_id: str) -> dict[str, int]:
    """What a source's own rows say of it; rows by place."""
    values = {"source_id": source_id}
    execute(conn, "forget/erase_source", values)
    return _counts(conn, "forget/delete_source_past", values)


def _ids(conn: Connection, name: str, values: Mapping[str, Any]) -> list[str]:
    return [row["article_id"] for row in fetch_all(conn, name, values)]


def _counts(conn: Connection, name: str, values: Mapping[str, Any]) -> dict[str, int]:
    row = fetch_one(conn, name, values)
    assert row is not None
    return {place: int(count) for place, count in row.items()}
