"""Many watches against many new articles, reasons included; then a thousand mails.

``python bench/alerts.py [WATCHES] [ARTICLES] [MAILS]`` (10000, 1000, 1000) writes indexed articles
and watches into a database of its own, runs the step ``match`` on them, and sends the mails into
the local outbox. The watches are of the kinds that newsrooms have: a name with some words about
it, a company, an actor with a topic, words near each other, headline words, long lists with
exclusions; most of them ask for what no article of the day has. Where MEDIAWATCH_DATABASE_URL and
MEDIAWATCH_ELASTICSEARCH_URL are set these servers are used, else embedded ones. It prints seconds,
CPU seconds of this process, and its memory; the rate against a bare ``_msearch`` of the same
queries without reasons is the figure to compare from day to day.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import psycopg2
from elasticsearch import Elasticsearch
from psycopg2.extras import Json, execute_values

from mediawatch.pipeline.alerts import send_instants
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.matching import match
from mediawatch.search import index as indices
from mediawatch.search.documents import project
from mediawatch.search.match_index import match_index, query_string
from mediawatch.search.queries import rewrite
from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import services
from mediawatch.stack.echo import Echo
from mediawatch.storage.connection import Connection, connect
from mediawatch.storage.migrations import migrate
from mediawatch.storage.search import article_rows

NOW = datetime(2026, 5, 15, 9, 30, tzinfo=UTC)
COPIES = 0.3
# Of the names that watches ask for, those that stand in the texts of the day.
IN_THE_NEWS = 0.15
SYLLABLES = ["ka", "lo", "mi", "ren", "tor", "vas", "bel", "dun", "est", "gar", "hol", "nik", "ost"]


NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,} [A-Z][a-z]{3,}")
WORD = re.compile(r"\b[a-z]{5,}\b")


class Words:
    """Names and words of the day and of other days, as the articles use and watches ask for them.

    In the sample's sentences every name and rare word gives place to one of these, chosen anew
    for each article: so a name stands in a few articles of a thousand, as names do.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.names = [f"{self._made().title()} {self._made().title()}" for _ in range(3_000)]
        self.words = [self._made() for _ in range(5_000)]
        found = re.findall(r"\b[a-z]{5,}\b", " ".join(paragraphs()))
        self.rare = {word for word, times in Counter(found).items() if times < 12}

    def name(self) -> str:
        if self.chance.random() < IN_THE_NEWS:
            return self.chance.choice(self.names)
        return f"{self._made().title()} {self._made().title()}"

    def word(self) -> str:
        return self.chance.choice(self.words)

    def article(self) -> str:
        """Six paragraphs of the sample, with other names and words."""
        text = "\n\n".join(self.chance.sample(paragraphs(), 6))
        text = NAME.sub(lambda _: self.chance.choice(self.names), text)
        return WORD.sub(lambda w: self.word() if w[0] in self.rare else w[0], text)

    def _made(self) -> str:
        return "".join(self.chance.choice(SYLLABLES) for _ in range(3))


def query(words: Words) -> str:
    """One query of a kind that newsrooms have."""
    kind = words.chance.random()
    if kind < 0.40:
        return f'"{words.name()}" AND ({words.word()[:5]}* OR {words.word()} OR {words.word()})'
    if kind < 0.65:
        return f'"{words.name()}" OR "{words.name()}"'
    if kind < 0.78:
        return f'actor:"{words.name()}" AND {words.word()}'
    if kind < 0.88:
        return f"{words.word()} NEAR/8 {words.word()}"
    if kind < 0.95:
        return f"title:({words.word()} OR {words.word()}) AND {words.word()[:6]}*"
    names = " OR ".join(f'"{words.name()}"' for _ in range(15))
    return f"({names}) AND NOT ({words.word()} OR {words.word()})"


@cache
def paragraphs() -> list[str]:
    """The longer paragraphs of the sample's articles."""
    samples = sorted((REPOSITORY / "seeds" / "articles").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8").strip() for path in samples]
    return [part for text in texts for part in text.split("\n\n")[1:] if len(part) > 120]


def write_articles(conn: Connection, count: int, words: Words) -> None:
    """Articles that passed every stage before this one, a third of them copies."""
    month, chance = date(2026, 5, 1), words.chance
    bodies: list[tuple[str, str]] = []
    rows: dict[str, list[tuple[Any, ...]]] = {
        "event": [], "story": [], "article": [], "version": [], "mention": [], "change": [],
    }  # fmt: skip
    for number in range(count):
        key = f"a{number:06}"
        if bodies and chance.random() < COPIES:
            story, body = chance.choice(bodies)
        else:
            story, body = key, words.article()
            bodies.append((story, body))
            rows["event"].append((key, key, NOW))
            rows["story"].append((key, key, key, key, NOW, NOW, NOW))
        relation = "original" if story == key else "exact"
        url = f"https://outlet{number % 40}.example/{key}"
        rows["article"].append(
            (
                key,
                url,
                "en",
                NOW,
                "minute",
                "feed",
                NOW,
                NOW,
                "published",
                "feed",
                story,
                relation,
                month,
                "done",
            )
        )
        title = f"{body.split('. ', 1)[0][:90]} ({number})"
        rows["version"].append(
            (key, 1, month, "first", title, body, "en", "h", "feed", Json({}), "e", NOW)
        )
        seen = set()
        for found in NAME.finditer(body):
            if len(seen) < 12 and found.start() not in seen:
                seen.add(found.start())
                rows["mention"].append(
                    (
                        key,
                        1,
                        month,
                        "body",
                        found.start(),
                        found.end(),
                        found[0],
                        f"local:{found[0]}",
                        "person",
                        found[0],
                        "name",
                        "1",
                    )
                )
        rows["change"].append((key, 1, "new_article", NOW, NOW))
    statements = {
        "event": "INSERT INTO event (event_id, founding, created_at) VALUES %s",
        "story": "INSERT INTO story (story_id, founding, origin_article_id, event_id,"
        " first_dated_at, last_dated_at, created_at) VALUES %s",
        "article": "INSERT INTO article (article_id, url, language, published_at,"
        " published_precision, published_origin, first_seen_at, dated_at, dated_origin, intake,"
        " story_id, relation, index_month, stage) VALUES %s",
        "version": "INSERT INTO article_version (article_id, version_no, month, kind, title, body,"
        " language, text_hash, extractor, rules, entry_id, seen_at) VALUES %s",
        "mention": "INSERT INTO mention (article_id, version_no, month, part, start_at, end_at,"
        " text, actor_id, kind, name, via, rule_version) VALUES %s",
        "change": "INSERT INTO article_change (article_id, version_no, cause, changed_at,"
        " indexed_at) VALUES %s",
    }
    with conn, conn.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in ("event", "article", "story", "version", "mention", "change"):
            execute_values(cursor, statements[name], rows[name], page_size=1000)


def write_watches(conn: Connection, count: int, words: Words) -> list[str]:
    """Watches with one reader each, of 500 readers; their queries."""
    queries = [query(words) for _ in range(count)]
    since = NOW - timedelta(days=1)
    with conn, conn.cursor() as cursor:
        execute_values(
            cursor,
            "INSERT INTO watch (watch_id, name, owner, query, active_since, created_at) VALUES %s",
            [
                (f"w{n}", f"Watch {n}", "o@x.example", q, since, since)
                for n, q in enumerate(queries)
            ],
        )
        readers = [(f"reader{number}@example.org",) for number in range(500)]
        execute_values(cursor, "INSERT INTO recipient (address) VALUES %s", readers)
        cursor.execute(
            "INSERT INTO subscription (watch_id, recipient_id, mode, created_at)"
            " SELECT watch_id, 1 + (substr(watch_id, 2)::int %% 500), 'instant', %s FROM watch",
            [since],
        )
    return queries


def bare(es: Elasticsearch, context: Context, count: int, queries: list[str]) -> float:
    """Seconds for the same queries by ``_msearch`` alone: no texts, no clauses, no marks."""
    keys = [f"a{number:06}" for number in range(count)]
    documents = [project(row, "") for row in article_rows(context.conn, keys)]
    texts = [found.text for text in queries if not (found := rewrite(text)).standing]
    prefix = context.settings.index_prefix
    with match_index(es, prefix, "bare", documents) as index:
        began = time.monotonic()
        for start in range(0, len(texts), 500):
            lines: list[dict[str, Any]] = []
            for text in texts[start : start + 500]:
                filtered = {"bool": {"filter": [query_string(text)]}}
                lines += [{}, {"query": filtered, "size": 0, "track_total_hits": False}]
            es.msearch(index=index.name, searches=lines)
        return time.monotonic() - began


class Timed:
    """Seconds of a block, CPU seconds of this process and of the embedded Elasticsearch."""

    seconds = 0.0
    cpu = 0.0
    server = 0.0


def server_cpu(home: Path) -> float:
    """CPU seconds so far of the Elasticsearch that was started in this home; 0 for another."""
    spent = 0.0
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if str(home) in command and "org.elasticsearch" in command:
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


@contextmanager
def timed(home: Path) -> Iterator[Timed]:
    made, began, spent, served = Timed(), time.monotonic(), time.process_time(), server_cpu(home)
    yield made
    made.seconds, made.cpu = time.monotonic() - began, time.process_time() - spent
    made.server = server_cpu(home) - served


def main(watches: int, articles: int, mails: int) -> None:
    """Write, match, send, print."""
    home = Path(tempfile.mkdtemp(prefix="mediawatch-bench-"))
    env = dict(os.environ) | {"MEDIAWATCH_HOME": str(home), "MEDIAWATCH_PROFILE": "bench"}
    settings = Settings.from_env(env)
    name = f"mw_bench_{uuid4().hex}"
    try:
        services.up(settings, airflow=False, echo=Echo())
        found = services.resolve(settings)
        server = str(found.database_url)
        with closing(psycopg2.connect(server)) as conn:
            conn.autocommit = True
            conn.cursor().execute(f'CREATE DATABASE "{name}"')
        own = replace(found, database_url=urlsplit(server)._replace(path=f"/{name}").geturl())
        with closing(connect(str(own.database_url))) as conn:
            migrate(conn)
            words = Words(random.Random(1))
            write_articles(conn, articles, words)
            queries = write_watches(conn, watches, words)
            run(Context(conn=conn, settings=own, now=NOW), articles, queries, mails)
        with closing(psycopg2.connect(server)) as conn:
            conn.autocommit = True
            conn.cursor().execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        services.down(settings)
        shutil.rmtree(home, ignore_errors=True)


def run(context: Context, articles: int, queries: list[str], mails: int) -> None:
    """The measured part."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with timed(context.settings.home) as matching:
        counts = match(context)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Elasticsearch(str(context.settings.elasticsearch_url), request_timeout=120) as es:
        alone = bare(es, context, articles, queries)
        indices.drop_indices(es, [])
    print(json.dumps(counts))
    tell("match", matching)
    print(f"memory   {peak >> 10} MB ({before >> 10} MB before)")
    print(f"bare     {alone:7.1f} s  the same queries without texts, clauses and marks")
    print(f"ratio    {matching.seconds / alone:7.1f}  {len(queries)} watches, {articles} articles")
    with context.conn, context.conn.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery SET state = 'expired' WHERE delivery_id NOT IN"
            " (SELECT delivery_id FROM delivery ORDER BY delivery_id LIMIT %s)",
            [mails],
        )
    with timed(context.settings.home) as sending:
        sent = send_instants(context)
    tell("send", sending)
    print(sent)


def tell(name: str, block: Timed) -> None:
    """One line of the table."""
    print(
        f"{name:<9}{block.seconds:7.1f} s  CPU: own {block.cpu:.1f} s, "
        f"Elasticsearch {block.server:.1f} s"
    )


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:]]
    main(*(given + [10_000, 1_000, 1_000][len(given) :]))
