"""Loading, searching and rebuilding, each as a ratio to the bare thing in the same run.

    MEDIAWATCH_DATABASE_URL=… MEDIAWATCH_ELASTICSEARCH_URL=… python bench/search.py [ARTICLES]

Makes a database and indices of its own (200,000 synthetic articles by default) and drops them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from mediawatch.model import RawEntry, SearchDocument
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index, rebuild
from mediawatch.search import bulk
from mediawatch.search.export import Wish, export
from mediawatch.search.facets import facets
from mediawatch.search.finding import find
from mediawatch.search.index import (
    alias_name,
    drop_generation,
    index_name,
    make_month,
    put_template,
)
from mediawatch.search.queries import rewrite
from mediawatch.settings import Settings
from mediawatch.sources.entries import to_payload
from mediawatch.storage.connection import Connection, connect
from mediawatch.storage.migrations import migrate
from mediawatch.storage.sources import NewEntry, add_entries

NAME = "mw_bench_search"
PROFILE = "benchsearch"
NOW = datetime(2026, 5, 14, tzinfo=UTC)
SYLLABLES = ("ba", "ko", "ri", "ten", "mul", "sa", "vor", "gi", "lo", "ned", "pra", "shi")
QUERIES = (
    "{a}",
    "{a} AND {b}",
    '"{a} {b}"',
    "{a} OR {b} OR {c}",
    "{a} NEAR/5 {b}",
    "{p}*",
    "{a} AND language:en AND outlet_tier:1",
    "actor:q{n} AND {a}",
    "title:{a} AND NOT {b}",
    "dated_at:[2026-05-01 TO *] AND {a}",
)


def words(chance: Random) -> list[str]:
    """A vocabulary of 20,000 words, the first ones the most common."""
    return list(
        dict.fromkeys(
            "".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(30_000)
        )
    )[:20_000]


def text(chance: Random, vocabulary: list[str], length: int) -> str:
    """Words as they are spread in real texts: few common, many rare (Zipf's law)."""
    return " ".join(
        vocabulary[min(int(chance.paretovariate(0.9)) - 1, len(vocabulary) - 1)]
        for _ in range(length)
    )


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Articles of about 150 words, a third of them copies of another."""
    chance = Random(1)
    vocabulary = words(chance)
    for number in range(count):
        story = number if number % 3 else number // 3 * 3
        dated = NOW - timedelta(minutes=chance.randrange(60 * 24 * 60))
        yield {
            "article_id": f"u:{number:08}",
            "story_id": f"u:{story:08}",
            "title": text(chance, vocabulary, 9),
            "body": text(chance, vocabulary, 150),
            "dated_at": dated,
            "outlet": f"outlet{number % 200}.example",
            "number": number,
        }


def document(row: dict[str, Any], name: str) -> SearchDocument:
    """The document of a row."""
    fields = {
        "article_id": row["article_id"],
        "version_no": 1,
        "title": row["title"],
        "body": row["body"],
        "summary": row["body"][:200],
        "language": "en",
        "stem_en": [row["title"], row["body"]],
        "outlet_id": row["outlet"],
        "outlet_name": row["outlet"],
        "outlet_tier": row["number"] % 3 + 1,
        "dated_at": row["dated_at"].isoformat(),
        "first_seen_at": row["dated_at"].isoformat(),
        "story_id": row["story_id"],
        "event_id": row["story_id"],
        "is_first": row["article_id"] == row["story_id"],
        "actor": [f"q{row['number'] % 500}"],
        "actor_names": [f"Actor {row['number'] % 500}"],
        "topic_names": [f"topic {row['number'] % 17}"],
    }
    return SearchDocument(article_id=row["article_id"], index=name, version=1, fields=fields)


@contextmanager
def timed(what: str, count: int, unit: str = "documents") -> Iterator[dict[str, float]]:
    """Measure a block and print how many of a unit it does in a second."""
    found: dict[str, float] = {}
    begun = time.perf_counter()
    yield found
    found["rate"] = count / (time.perf_counter() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:44} {found['rate']:>10,.0f} {unit}/s   (most memory so far {memory:,.0f} MB)")


def load_postgres(conn: Connection, count: int) -> None:
    """Raw entries by our bulk path against bare COPY of the same rows."""
    with conn.cursor() as cursor:
        cursor.execute(
            "INSERT INTO source (source_id, kind, url, next_fetch_at, created_at)"
            " VALUES ('s1', 'feed', 'http://feed.example', now(), now())"
        )
        conn.commit()
        entries = [
            RawEntry(
                entry_id=row["article_id"],
                source_id="s1",
                item_key=row["article_id"],
                title=row["title"],
                content=row["body"],
                fetched_at=NOW,
            )
            for row in rows(min(count, 20_000))
        ]
        columns = "entry_id, month, source_id, item_key, payload, first_seen_at, state"
        with timed("Postgres: bare COPY", len(entries), "rows") as bare:
            lines = io.StringIO()
            writer = csv.writer(lines)
            for entry in entries:
                payload = json.dumps(to_payload(entry))
                key = entry.entry_id
                writer.writerow([key, "2026-05-01", "s1", key, payload, NOW, "pending"])
            lines.seek(0)
            cursor.copy_expert(f"COPY raw_entry ({columns}) FROM STDIN WITH CSV", lines)
            conn.commit()
        cursor.execute("TRUNCATE raw_entry")
        conn.commit()
        with timed("Postgres: our bulk path", len(entries), "rows") as ours:
            for start in range(0, len(entries), 500):
                some = entries[start : start + 500]
                add_entries(conn, [NewEntry(entry=e, state="pending") for e in some], NOW)
                conn.commit()
        cursor.execute("TRUNCATE raw_entry")
        conn.commit()
    print(f"  ratio to COPY {ours['rate'] / bare['rate']:.2f} (goal 0.5)")


def load_elasticsearch(es: Elasticsearch, prefix: str, count: int) -> None:
    """Our bulk against the client's own ``parallel_bulk``, prepared documents in both."""
    put_template(es, prefix)
    some = min(count, 20_000)
    rates = []
    for turn, what in enumerate(("bare parallel_bulk", "our bulk"), start=1):
        make_month(es, prefix, turn, date(2026, 5, 1), aliased=False)
        name = index_name(prefix, turn, date(2026, 5, 1))
        documents = [document(row, name) for row in rows(some)]
        if turn == 1:
            actions = [
                {"_index": name, "_id": each.article_id, "_source": each.fields}
                for each in documents
            ]
            with timed(f"Elasticsearch: {what}", some) as found:
                for _ in parallel_bulk(es, actions, thread_count=2, chunk_size=1_000):
                    pass
        else:
            with timed(f"Elasticsearch: {what}", some) as found:
                assert not bulk.write(es, documents).bad
        rates.append(found["rate"])
        drop_generation(es, prefix, turn)
    print(f"  ratio to parallel_bulk {rates[1] / rates[0]:.2f} (goal 0.8)")


def fill(es: Elasticsearch, prefix: str, count: int) -> None:
    """The synthetic archive under the alias, in four months."""
    months = [date(2026, month, 1) for month in (2, 3, 4, 5)]
    for month in months:
        make_month(es, prefix, 1, month, aliased=True)
    names = [index_name(prefix, 1, month) for month in months]
    with timed("Elasticsearch: fill the archive", count):
        bulk.write(es, (document(row, names[row["number"] % 4]) for row in rows(count)))
    es.indices.refresh(index=alias_name(prefix))


def questions(count: int) -> list[str]:
    """Queries of every kind over words that are neither the most common nor the rarest."""
    chance = Random(2)
    vocabulary = words(Random(1))[20:2_000]
    made = []
    for number in range(count):
        a, b, c = chance.sample(vocabulary, 3)
        shape = QUERIES[number % len(QUERIES)]
        made.append(shape.format(a=a, b=b, c=c, p=a[:4], n=chance.randrange(500)))
    return made


def search(es: Elasticsearch, prefix: str) -> None:
    """Search with marks and facets, one after another and by 50 users at once."""

    def ask(query: str) -> float:
        begun = time.perf_counter()
        find(es, prefix, query, 20)
        facets(es, prefix, rewrite(query), 30, datetime.now(UTC).date())
        return time.perf_counter() - begun

    for query in questions(20):
        ask(query)
    spans = sorted(ask(query) for query in questions(200))
    half, most = spans[len(spans) // 2], spans[int(len(spans) * 0.95)]
    print(f"Search with marks and facets: p50 {half * 1000:.0f} ms, p95 {most * 1000:.0f} ms")
    print("  goal: p95 below 150 ms")
    with ThreadPoolExecutor(50) as users:
        spans = sorted(users.map(ask, questions(500)))
    print(f"50 users at once: p95 {spans[475] * 1000:.0f} ms, no error")


def export_rows(es: Elasticsearch, prefix: str, count: int) -> None:
    """An export of everything as NDJSON."""
    with TemporaryDirectory() as folder, timed("Export of everything (NDJSON)", count, "rows"):
        done = export(es, prefix, Wish("_exists_:title", "ndjson"), Path(folder) / "all.ndjson")
        assert done.rows == count


# (table, its columns, a line of COPY for each article)
COPIED = (
    (
        "article",
        "article_id, language, first_seen_at, dated_at, dated_origin, intake, index_month, stage",
        "{id}\ten\t{when}\t{when}\tfeed\tfeed\t2026-05-01\tdone\n",
    ),
    (
        "article_version",
        (
            "article_id, version_no, month, kind, title, body, language, text_hash, extractor,"
            " entry_id, seen_at"
        ),
        "{id}\t1\t2026-05-01\tfirst\t{title}\t{body}\ten\th\tfeed\te\t{when}\n",
    ),
    (
        "article_change",
        "article_id, version_no, cause, changed_at, indexed_at",
        "{id}\t1\tnew_article\t{when}\t{when}\n",
    ),
)


def rebuild_rows(context: Context, count: int) -> None:
    """A rebuild from Postgres; memory must stay flat."""
    with context.conn.cursor() as cursor:
        for table, columns, line in COPIED:
            lines = io.StringIO(
                "".join(
                    line.format(
                        id=row["article_id"],
                        when=row["dated_at"].isoformat(),
                        title=row["title"],
                        body=row["body"],
                    )
                    for row in rows(count)
                )
            )
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)
        context.conn.commit()
        context.conn.autocommit = True
        cursor.execute("ANALYZE")
        context.conn.autocommit = False
    index(context)
    with timed("Rebuild from Postgres", count):
        rebuild(context)
    print("  goal: 1,000 documents/s")


def main() -> None:
    """Every measurement, in databases and indices of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    settings = replace(Settings.from_env(os.environ), profile=PROFILE)
    assert settings.database_url
    assert settings.elasticsearch_url
    url = urlsplit(settings.database_url)._replace(path=f"/{NAME}").geturl()
    prefix = settings.index_prefix
    with closing(psycopg2.connect(settings.database_url)) as server:
        server.autocommit = True
        server.cursor().execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.cursor().execute(f"CREATE DATABASE {NAME}")
        try:
            with (
                closing(connect(url)) as conn,
                Elasticsearch(settings.elasticsearch_url, request_timeout=120) as es,
            ):
                migrate(conn)
                load_postgres(conn, count)
                load_elasticsearch(es, prefix, count)
                fill(es, prefix, count)
                search(es, prefix)
                export_rows(es, prefix, count)
                drop_generation(es, prefix, 1)
                found = replace(settings, database_url=url)
                rebuild_rows(Context(conn=conn, settings=found, now=NOW), count)
        finally:
            server.cursor().execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            with Elasticsearch(settings.elasticsearch_url) as es:
                for generation in range(1, 4):
                    drop_generation(es, prefix, generation)
                es.options(ignore_status=404).indices.delete_index_template(
                    name=f"{prefix}mediawatch"
                )


if __name__ == "__main__":
    main()
