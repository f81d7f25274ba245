"""What the meaning room asks of the database: claims, annotations, the list of actors."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mediawatch.model import Annotation
from mediawatch.storage.connection import (
    Connection,
    execute,
    fetch_all,
    fetch_one,
    insert_rows,
    statement,
)

ACTORS = "actors"


def claim_articles(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Lock articles that wait for their annotation.

    Columns: article_id, version_no, month, hidden, language, day, title, body.
    """
    return fetch_all(conn, "meaning/claim_articles", {"limit": limit})


def write_annotations(
    conn: Connection, made: Sequence[tuple[Mapping[str, Any], Annotation]]
) -> None:
    """Replace what these article versions had, and hand the articles on to compare.

    Each pair is a claimed row and its annotation.
    """
    keys = {
        "article_ids": [row["article_id"] for row, _ in made],
        "version_nos": [row["version_no"] for row, _ in made],
        "months": [row["month"] for row, _ in made],
    }
    execute(conn, "meaning/delete_mentions", keys)
    execute(conn, "meaning/delete_quotes", keys)
    execute(conn, "meaning/delete_topics", keys)
    execute(conn, "meaning/delete_relations", keys)
    _insert_mentions(conn, made)
    _insert_quotes(conn, made)
    _insert_topics(conn, made)
    _insert_relations(conn, made)
    rules = [json.dumps(dict(annotation.rules)) for _, annotation in made]
    execute(conn, "meaning/finish_articles", {**keys, "rules": rules})


def _insert_mentions(
    conn: Connection, made: Sequence[tuple[Mapping[str, Any], Annotation]]
) -> None:
    rows = [
        (
            *(row["article_id"], row["version_no"], row["month"]),
            *(m.part, m.start, m.end, m.text, m.actor_id, m.meant_id, m.kind, m.name, m.country),
            *(m.via, annotation.rules.get("actors", "")),
        )
        for row, annotation in made
        for m in annotation.mentions
    ]
    _insert(conn, "meaning/insert_mentions", rows)


def _insert_quotes(conn: Connection, made: Sequence[tuple[Mapping[str, Any], Annotation]]) -> None:
    rows = [
        (
            *(row["article_id"], row["version_no"], row["month"], q.start, q.end, q.text, q.kind),
            *(q.speaker_id, q.speaker_name, q.speaker_text, q.reporter, q.cue),
            annotation.rules.get("quotes", ""),
        )
        for row, annotation in made
        for q in annotation.quotes
    ]
    _insert(conn, "meaning/insert_quotes", rows)


def _insert_topics(conn: Connection, made: Sequence[tuple[Mapping[str, Any], Annotation]]) -> None:
    rows = [
        (
            *(row["article_id"], row["version_no"], t.topic_id, t.label, t.score, t.primary),
            annotation.rules.get("topics", ""),
        )
        for row, annotation in made
        for t in annotation.topics
    ]
    _insert(conn, "meaning/insert_topics", rows)


def _insert_relations(
    conn: Connection, made: Sequence[tuple[Mapping[str, Any], Annotation]]
) -> None:
    rows = [
        (
            *(row["article_id"], row["version_no"], row["month"], r.start, r.end),
            *(r.source_id, r.kind, r.target_id, r.uncertain),
            annotation.rules.get("relations", ""),
        )
        for row, annotation in made
        for r in annotation.relations
    ]
    _insert(conn, "meaning/insert_relations", rows)


def _insert(conn: Connection, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        columns = [f"c{number}" for number in range(len(rows[0]))]
        template = f"({', '.join(f'%({column})s' for column in columns)})"
        insert_rows(conn, name, [dict(zip(columns, r, strict=True)) for r in rows], template)


def file_hashes(conn: Connection) -> dict[str, str]:
    """The hash of each file of the list of actors as it was last imported."""
    rows = fetch_all(conn, "meaning/file_hashes", {"file": ACTORS})
    return {row["entry_id"]: row["origin_hash"] for row in rows}


def write_actors(
    conn: Connection,
    actors: Iterable[tuple[str | None, ...]],
    aliases: Iterable[tuple[str | None, ...]],
    hashes: Mapping[str, str],
    now: datetime,
) -> int:
    """Write the list: (actor_id, kind, name, country, latitude, longitude) and
    (actor_id, alias, kind); the number of actors changed.

    Keeps the files' hashes, so that the next import knows what it has.
    """
    execute(conn, "meaning/stage_actors")
    execute(conn, "meaning/stage_aliases")
    _copy(conn, "meaning/copy_actors", actors)
    _copy(conn, "meaning/copy_aliases", aliases)
    changed = execute(conn, "meaning/upsert_actors")
    execute(conn, "meaning/upsert_aliases")
    execute(conn, "meaning/drop_old_aliases")
    rows = [
        {"file": ACTORS, "entry": name, "hash": value, "now": now} for name, value in hashes.items()
    ]
    template = "(%(file)s, %(entry)s, %(hash)s, %(hash)s, %(now)s)"
    insert_rows(conn, "meaning/keep_file_hashes", rows, template)
    return changed


def _copy(conn: Connection, name: str, rows: Iterable[tuple[str | None, ...]]) -> None:
    """Send rows by COPY. Tabs, line breaks and backslashes do not occur in the list's cells."""
    text = "".join(
        "\t".join(r"\N" if cell is None else cell.replace("\\", "\\\\") for cell in row) + "\n"
        for row in rows
    )
    with conn.cursor() as cursor:
        cursor.copy_expert(statement(name), io.StringIO(text))


def find_actors(conn: Connection, wanted: str) -> list[dict[str, Any]]:
    """The listed actors of this id, name or alias: actor_id, kind, name, country_name."""
    return fetch_all(conn, "meaning/find_actors", {"wanted": wanted})


def local_actors(conn: Connection, wanted: str) -> list[dict[str, Any]]:
    """The actors met in texts only, of this id or name: actor_id, kind, name."""
    return fetch_all(conn, "meaning/local_actors", {"wanted": wanted})


def actor_aliases(conn: Connection, actor_id: str) -> list[dict[str, Any]]:
    """The names of a listed actor: alias, kind."""
    return fetch_all(conn, "meaning/actor_aliases", {"actor_id": actor_id})


def actor_mentions(conn: Connection, actor_id: str) -> list[dict[str, Any]]:
    """How often an actor is mentioned or meant, by name: name, kind, mentions, articles."""
    return fetch_all(conn, "meaning/actor_mentions", {"actor_id": actor_id})


def decisions(conn: Connection) -> list[dict[str, Any]]:
    """What people decided of actors and did not take back, in order.

    Columns: decision_id, kind (alias, merge, split), actor_id, value, decided_at, decided_by, and
    of the actor that a merge leads to: name, actor_kind, country.
    """
    return fetch_all(conn, "meaning/decisions")


def decide(conn: Connection, kind: str, actor_id: str, value: str, now: datetime, by: str) -> int:
    """Keep a decision; its number."""
    values = {"kind": kind, "actor_id": actor_id, "value": value, "now": now, "by": by}
    row = fetch_one(conn, "meaning/decide", values)
    assert row is not None
    return int(row["decision_id"])


def undo_decision(conn: Connection, decision_id: int, now: datetime) -> dict[str, Any] | None:
    """Take a decision back: kind, actor_id, value; None where there is none that holds."""
    return fetch_one(conn, "meaning/undo_decision", {"decision_id": decision_id, "now": now})


def read_again(conn: Connection, *, actor_id: str | None, text: str | None, anywhere: bool) -> int:
    """Let articles be annotated again: those with a mention of this actor (and this text), or,
    ``anywhere``, with this text at all. The number of articles.
    """
    values = {"actor_id": actor_id, "text": text, "anywhere": anywhere}
    return execute(conn, "meaning/read_again", values)


def is_known(conn: Connection, actor_id: str) -> bool:
    """Whether an actor is in the list or was met in any text."""
    row = fetch_one(conn, "meaning/is_known", {"actor_id": actor_id})
    return bool(row and row["known"])


def texts_of(conn: Connection, article_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The current text of articles: the columns of ``claim_articles`` and story_id."""
    return fetch_all(conn, "meaning/texts_of", {"article_ids": list(article_ids)})


def kept_annotations(
    conn: Connection, article_ids: Sequence[str]
) -> dict[str, dict[str, frozenset[tuple[Any, ...]]]]:
    """What is kept of the annotation of each article's current version: the rows, without the
    article, of its ``actors``, ``quotations`` and ``topics``.
    """
    values = {"article_ids": list(article_ids)}
    queries = {
        "actors": "meaning/kept_mentions",
        "quotations": "meaning/kept_quotes",
        "topics": "meaning/kept_topics",
    }
    kept: dict[str, dict[str, set[tuple[Any, ...]]]] = {
        article_id: {name: set() for name in queries} for article_id in article_ids
    }
    for name, query in queries.items():
        for row in fetch_all(conn, query, values):
            article_id, *rest = row.values()
            kept[article_id][name].add(tuple(rest))
    return {
        article_id: {name: frozenset(rows) for name, rows in by_name.items()}
        for article_id, by_name in kept.items()
    }
