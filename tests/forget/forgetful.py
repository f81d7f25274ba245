"""A newsroom that names somebody everywhere, and a search for the name in every place."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

from mediawatch.alerts import importing, watches
from mediawatch.pipeline import alerts, matching, search
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.stories import cluster, compare
from mediawatch.pipeline.text import normalise
from mediawatch.storage.connection import transaction

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
MONTH = date(2026, 5, 1)
NAME = "Ivana Kestrelová"
LOCAL = "local:7f3a"
# Every way in which the tests below write the name; none may be left anywhere.
SPELLINGS = ("Ivana Kestrelová", "Ivana Kestrelova", "IVANA KESTRELOVÁ", "ivana-kestrelova")
# The words that differ between the articles, so that each is a story of its own.
TOWNS = ("Arbon", "Brod", "Calw", "Deva", "Enna", "Foix", "Gap", "Husum", "Ivry", "Jena")


class Newsroom:
    """Raw entries, a watch, and the steps of the pipeline that a test runs."""

    def __init__(self, context: Context, smtp) -> None:
        self.context = context
        self.smtp = smtp
        for source_id in ("daily", "planet"):
            self.run(
                "INSERT INTO source (source_id, kind, url, next_fetch_at, created_at)"
                " VALUES (%s, 'feed', %s, %s, %s)",
                source_id, f"https://{source_id}.example/feed", NOW, NOW,
            )  # fmt: skip

    @property
    def conn(self):
        return self.context.conn

    def run(self, sql: str, *values) -> list[tuple]:
        with transaction(self.conn), self.conn.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def entry(self, number: int, text: str, *, again: str = "", source: str = "daily") -> None:
        town = TOWNS[number % len(TOWNS)] * (number // len(TOWNS) + 1)
        title = f"{town} harbour plan {number}"
        body = "".join(
            f"<p>{town}{number} {word} {text} {town}{word} {number * 7919 % 1009}.</p>"
            for word in ("quay", "mole", "crane", "ferry", "lock")
        )
        url = f"https://{source}.example/{town}-{number}{again}"
        if NAME in text:
            url += "-ivana-kestrelova"
        payload = {"title": title, "content": body, "content_type": "html", "url": url}
        sha256 = f"{source}{number}{again}"
        self.run(
            "INSERT INTO raw_body (sha256, month, content, url, fetched_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            sha256, MONTH, gzip.compress(f"<rss>{title}{body}</rss>".encode()), url, NOW,
        )  # fmt: skip
        self.run(
            "INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at,"
            " state, body_sha256) VALUES (%s, %s, %s, %s, %s, %s, 'pending', %s)",
            f"e{sha256}", MONTH, source, url, json.dumps(payload, ensure_ascii=False), NOW, sha256,
        )  # fmt: skip

    def work(self) -> None:
        """The steps up to the mails; what the step annotate finds is written by hand."""
        normalise(self.context)
        cluster(self.context)
        self.run(
            "INSERT INTO mention SELECT v.article_id, v.version_no, v.month, 'body',"
            " strpos(v.body, %s) - 1, strpos(v.body, %s) - 1 + length(%s), %s, %s, NULL,"
            " 'person', %s, NULL, 'name', 'test' FROM article_version v JOIN article a"
            " USING (article_id) WHERE a.stage = 'annotate' AND v.body LIKE '%%' || %s || '%%'"
            " ON CONFLICT DO NOTHING",
            NAME, NAME, NAME, NAME, LOCAL, NAME, NAME,
        )  # fmt: skip
        self.run(
            "INSERT INTO quote SELECT article_id, version_no, month, 0, 20, %s || ' said so',"
            " 'direct', %s, %s, %s, NULL, 'said', 'test' FROM mention ON CONFLICT DO NOTHING",
            NAME, LOCAL, NAME, NAME,
        )  # fmt: skip
        self.run(
            "INSERT INTO relation SELECT article_id, version_no, month, 0, 9, actor_id, 'meets',"
            " 'Q1', false, 'test' FROM mention ON CONFLICT DO NOTHING"
        )
        self.run("UPDATE article SET stage = 'compare' WHERE stage = 'annotate'")
        compare(self.context)
        search.index(self.context)
        matching.match(self.context)
        alerts.send_instants(self.context)

    def watch(self) -> None:
        text = (
            "- {id: ports, name: Ports, owner: o@example.org, query: harbour, recipients: ["
            "{address: desk@example.org}]}\n"
            f"- {{id: her, name: Watch {NAME}, owner: o@example.org, query: '\"{NAME}\"',"
            " recipients: [{address: desk@example.org}]}\n"
        )
        with transaction(self.conn):
            report = importing.import_file(
                self.conn, "watches.yaml", watches.parse(text, "watches.yaml"), NOW
            )
        assert not report.faults

    def found_in_database(self) -> set[str]:
        """Every table and column that holds the name, whatever its type; mails are decoded."""
        columns = self.run(
            "SELECT c.table_name, c.column_name, c.udt_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'mediawatch' AND t.table_type = 'BASE TABLE'"
        )
        found = set()
        for table, column, kind in columns:
            for (value,) in self.run(f'SELECT "{column}" FROM "{table}"'):
                if names(value if kind == "bytea" else str(value)):
                    found.add(f"{table}.{column}")
        return found

    def found_in_index(self, es) -> int:
        """How many documents of any index hold the name, in whatever field."""
        prefix = self.context.settings.index_prefix
        es.indices.refresh(index=f"{prefix}*")
        hits = es.search(index=f"{prefix}*", size=1000)["hits"]["hits"]
        return sum(names(json.dumps(hit["_source"], ensure_ascii=False)) for hit in hits)

    def documents(self, es) -> int:
        prefix = self.context.settings.index_prefix
        es.indices.refresh(index=f"{prefix}*")
        return es.count(index=f"{prefix}mediawatch-articles")["count"]


def names(value) -> bool:
    """Whether the name stands in a text, a gzipped body or a mail."""
    if value is None:
        return False
    if isinstance(value, str):
        return any(name.lower() in value.lower() for name in SPELLINGS)
    content = bytes(value)
    if content[:2] == b"\x1f\x8b":
        return names(gzip.decompress(content).decode())
    mail = message_from_bytes(content, policy=policy.default)
    texts = [str(mail["Subject"])]
    texts += [p.get_content() for p in mail.walk() if p.get_content_maintype() == "text"]
    return any(map(names, texts))


def fill(newsroom: Newsroom, named: int = 50, others: int = 5) -> None:
    newsroom.watch()
    for number in range(named):
        newsroom.entry(number, f"the minister {NAME} opened the works and left")
    for number in range(named, named + others):
        newsroom.entry(number, "the mayor of the town opened the works and left")
    newsroom.run("INSERT INTO actor (actor_id, kind, name) VALUES (%s, 'person', %s)", LOCAL, NAME)
    newsroom.run("INSERT INTO actor_alias VALUES (%s, %s, 'name')", LOCAL, "Ivana Kestrelova")
    newsroom.work()
