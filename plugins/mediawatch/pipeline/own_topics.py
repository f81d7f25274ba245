"""Own topics between file, database and index: import them, and write them on articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from elasticsearch import Elasticsearch

from mediawatch.errors import InputError
from mediawatch.pipeline import inputs
from mediawatch.pipeline.context import Context
from mediawatch.search import own_topics
from mediawatch.search.own_topics import Assigned, Topic
from mediawatch.storage import own_topics as storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.search import ArticleRows


def import_topics(context: Context) -> Iterator[str]:
    """Bring the database up to the topic files of the profile; a line for each fault.

    A topic that has gone from its file stays; ``active: false`` ends it.
    """
    folders = [inputs.SHARED / "topics"]
    if context.settings.profile != inputs.SAMPLE:
        folders.append(context.settings.home / "seeds" / "topics")
    for file in sorted(file for folder in folders for file in folder.glob("*.yaml")):
        try:
            topics, faults = own_topics.parse(_content(file), str(file))
        except InputError as fault:
            yield str(fault)
            continue
        yield from faults
        with transaction(context.conn) as conn:
            for topic in topics:
                storage.upsert_topic(conn, topic_row(topic), context.now)


def topic_row(topic: Topic) -> dict[str, object]:
    """A topic as the table ``watch`` keeps it."""
    return {
        "watch_id": f"topic:{topic.name_id}",
        "name": topic.name,
        "query": topic.query,
        "languages": list(topic.languages),
        "active": topic.active,
    }


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"{file}: not UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except OSError as fault:
        raise InputError(f"{file}: {fault.strerror or fault}") from None


def active(conn: Connection) -> list[Topic]:
    """The topics that run now."""
    return [
        Topic(
            name_id=row["watch_id"].removeprefix("topic:"),
            name=row["name"],
            query=row["query"],
            languages=tuple(row["languages"]),
        )
        for row in storage.active_topics(conn)
    ]


def assign(
    context: Context, es: Elasticsearch, found: Sequence[ArticleRows], topics: Sequence[Topic]
) -> list[Assigned]:
    """What the topics change on these articles; a topic that fails is marked so."""
    if not found or not topics:
        return []
    batch = f"topics-{found[0].article['change_no']}"
    prefix = context.settings.index_prefix
    assigned, failed = own_topics.assign(es, prefix, batch, found, topics)
    if failed:
        with transaction(context.conn) as conn:
            for name_id, reason in failed.items():
                storage.topic_failed(conn, f"topic:{name_id}", reason)
    return assigned


def write(conn: Connection, assigned: Sequence[Assigned], context: Context) -> set[str]:
    """Write what changed and put those articles on the work list; their ids.

    The change may be matched by watches when the article is fresh, and never otherwise.
    """
    lost = [(a.article_id, a.version_no, topic_id) for a in assigned for topic_id in a.lost]
    storage.drop_topics(conn, lost)
    storage.insert_topics(
        conn,
        [
            {
                "article_id": each.article_id,
                "version_no": each.version_no,
                "topic_id": topic.topic_id,
                "label": topic.name,
                "rule_version": topic.rule,
            }
            for each in assigned
            for topic in each.gained
        ],
    )
    changed = {each.article_id for each in assigned}
    storage.add_topic_changes(conn, sorted(changed), context.settings.alert_window, context.now)
    return changed
