"""What the look-up of copies and events costs as the archive grows.

``python bench/stories.py SERVER_URL [SIZE ...]`` makes a database of its own on a Postgres server
(``postgresql://user:password@host/postgres``) and drops it in the end. For each size the archive
is filled with signatures and keys of texts that never were, spread over the 30 days before the
batch, so that all of it lies within the window. Then batches of 1,000 made texts, three in ten
of them copies, are clustered and rolled back, and 1,000 stories look for their events beside
100,000 that are open. The median of three rounds.

Milliseconds are those of one article; the ratio is that of the CPU of both processes, which
other work on the machine disturbs less than the clock. Compare the lines of one table. The plot
``docs/images/stories-cost.svg`` is drawn of them with ``--plot``.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from urllib.parse import urlsplit

import psutil
import psycopg2

from mediawatch.settings import REPOSITORY
from mediawatch.storage.connection import Connection, connect
from mediawatch.storage.event_store import PostgresEvents
from mediawatch.storage.migrations import migrate
from mediawatch.storage.pipeline import make_partitions
from mediawatch.storage.story_store import PostgresStore
from mediawatch.stories import clusters, events
from mediawatch.stories.clusters import Newcomer

DATABASE = "mediawatch_bench_stories"
SIZES = (10_000, 100_000, 1_000_000)
BATCH = 1_000
KEYS = 40  # of a text: 32 bands and 8 anchors
WORDS = 400  # of a made text
COPIES = 0.3
OPEN_EVENTS = 100_000
ROUNDS = 3
DAY = date(2026, 3, 31)
FIRST_NUMBER = 1_500_000_000  # of the batch: above every number of the archive
PLOT = REPOSITORY / "docs" / "images" / "stories-cost.svg"

FILL_KEYS = """
    INSERT INTO story_band (hash, article_no, day)
    SELECT (random() * 4294967295 - 2147483648)::bigint::integer, n, %(day)s::date - n %% 30
    FROM generate_series(%(first)s::integer, %(last)s::integer) n, generate_series(1, %(keys)s)"""
FILL_CONTENTS = """
    INSERT INTO story_content (content, day, article_no)
    SELECT md5(n::text), %(day)s::date - n %% 30, n
    FROM generate_series(%(first)s::integer, %(last)s::integer) n"""
FILL_SIGNATURES = """
    INSERT INTO article_signature (article_no, version_no, scheme, shingles, signature)
    SELECT n, 1, 'bench', 400, sig
    FROM generate_series(%(first)s::integer, %(last)s::integer) n,
         (SELECT decode(string_agg(md5(i::text), ''), 'hex') AS sig
          FROM generate_series(1, 32) i) s"""
FILL_EVENT_TERMS = """
    INSERT INTO event_term (term, day, event_no)
    SELECT (%(terms)s::bigint[])[1 + floor(random() ^ 3 * cardinality(%(terms)s::bigint[]))::int],
           %(day)s::date - n %% 14, n
    FROM generate_series(1, %(events)s) n, generate_series(1, 24)
    ON CONFLICT DO NOTHING"""
FILL_EVENTS = """
    INSERT INTO event (event_id, founding, created_at)
    SELECT 'e' || n, 'e' || n, now() FROM generate_series(1, %(events)s) n"""
FILL_PROFILES = """
    INSERT INTO event_profile (event_id, event_no, stories, first_day, last_day, terms, weights)
    OVERRIDING SYSTEM VALUE
    SELECT 'e' || n, n, 3, %(day)s::date - n %% 14, %(day)s::date - n %% 14, %(terms)s, %(weights)s
    FROM generate_series(1, %(events)s) n"""
NUMBERS = "SELECT setval(pg_get_serial_sequence('event_profile', 'event_no'), %(events)s)"
SIZE = """
    SELECT sum(pg_table_size(t)), sum(pg_indexes_size(t))
    FROM (SELECT coalesce(p.relid, %(table)s::regclass) AS t
          FROM (SELECT) one LEFT JOIN pg_partition_tree(%(table)s::regclass) p ON p.isleaf) tree"""


def made_texts(count: int, seed: int) -> list[str]:
    """Texts of words as frequent as a language's, three in ten copies that lost some words."""
    chance = random.Random(seed)
    vocabulary = [f"w{number:x}" for number in range(40_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    texts: list[str] = []
    for number in range(count):
        if texts and chance.random() < COPIES:
            words = [word for word in chance.choice(texts).split() if chance.random() > 0.03]
        else:
            words = chance.choices(vocabulary, weights, k=WORDS)
            words = [w.title() if chance.random() < 0.1 else w for w in words]
            words[15::16] = [f"{word}." for word in words[15::16]]
        texts.append(" ".join([*words, f"Number {number}."]))
    return texts


def newcomers(texts: list[str]) -> list[Newcomer]:
    return [
        Newcomer(
            article_id=f"bench-{number}",
            number=FIRST_NUMBER + number,
            version_no=1,
            title=f"Report {number} of the bench",
            body=text,
            text_hash=sha256(text.encode()).hexdigest(),
            day=DAY,
            place=None,
        )
        for number, text in enumerate(texts)
    ]


def timed(act: Callable[[], object], conn: Connection) -> tuple[float, float, float]:
    """The medians of wall seconds, own CPU seconds, and those of the server's process that works
    for us (0 where it runs on another machine). Each round is rolled back."""
    rounds = []
    for _ in range(ROUNDS):
        began, spent, served = time.perf_counter(), time.process_time(), server_seconds(conn)
        act()
        wall, own = time.perf_counter() - began, time.process_time() - spent
        rounds.append((wall, own, server_seconds(conn) - served))
        conn.rollback()
    wall, own, server = (statistics.median(column) for column in zip(*rounds, strict=True))
    return wall, own, server


def server_seconds(conn: Connection) -> float:
    """CPU seconds of the server's process of this connection."""
    try:
        spent = psutil.Process(conn.info.backend_pid).cpu_times()
    except psutil.Error:
        return 0.0
    return spent.user + spent.system


def fill(conn: Connection, first: int, last: int) -> None:
    """Put articles of these numbers into the archive; the index of the keys is made anew."""
    values = {"first": first, "last": last, "day": DAY, "keys": KEYS}
    with conn.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX story_band_by_hash")
        for statement in (FILL_KEYS, FILL_CONTENTS, FILL_SIGNATURES):
            cursor.execute(statement, values)
        cursor.execute("CREATE INDEX story_band_by_hash ON story_band (hash) INCLUDE (article_no)")
    conn.commit()
    vacuum(conn)


def fill_events(conn: Connection, told: list[events.Told]) -> None:
    """Open events under the terms that these stories have, the frequent ones the most."""
    rarity = PostgresEvents(conn, datetime.now(UTC)).count(
        {term: 1 for one in told for term in one.terms()}, len(told)
    )
    vectors = [events.vector(one, rarity) for one in told]
    terms = [term for vector in vectors for term in events.leading_terms(vector)]
    centre = max(vectors, key=len)
    with conn.cursor() as cursor:
        values = {"events": OPEN_EVENTS, "day": DAY, "terms": terms}
        cursor.execute(FILL_EVENTS, values)
        profile = {"terms": list(centre), "weights": list(centre.values())}
        cursor.execute(FILL_PROFILES, {**values, **profile})
        cursor.execute(FILL_EVENT_TERMS, values)
    conn.commit()
    vacuum(conn)


def vacuum(conn: Connection) -> None:
    conn.autocommit = True
    with conn.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    conn.autocommit = False


@contextmanager
def database(server: str) -> Iterator[Connection]:
    """A database of the bench's own, dropped at the end."""
    with closing(psycopg2.connect(server)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        try:
            with closing(connect(urlsplit(server)._replace(path=f"/{DATABASE}").geturl())) as conn:
                migrate(conn)
                make_partitions(conn, DAY)
                conn.commit()
                yield conn
        finally:
            with admin.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def bytes_per_article(conn: Connection, articles: int) -> None:
    """Print what tables and indexes hold of an article."""
    print(f"\n{'bytes an article':<20}{'table':>10}{'indexes':>10}")
    for table in ("story_band", "story_content", "article_signature"):
        with conn.cursor() as cursor:
            cursor.execute(SIZE, {"table": table})
            row = cursor.fetchone()
        assert row is not None
        print(f"{table:<20}{row[0] / articles:>10.0f}{row[1] / articles:>10.0f}")


def plot(costs: dict[int, float]) -> None:
    """Draw CPU milliseconds an article against the size of the archive."""
    left, bottom, width, height = 70, 230, 440, 190
    most = max(costs.values()) * 1.25
    sizes = sorted(costs)
    points = [
        (left + 40 + n * (width - 80) / max(1, len(sizes) - 1), bottom - height * costs[s] / most)
        for n, s in enumerate(sizes)
    ]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#1f6f8b"/>'
        f'<text x="{x:.0f}" y="{y - 12:.0f}" text-anchor="middle">{costs[s]:.2f} ms</text>'
        f'<text x="{x:.0f}" y="{bottom + 20}" text-anchor="middle">{s:,}</text>'
        for (x, y), s in zip(points, sizes, strict=True)
    )
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 290" font-family="sans-serif"'
        ' font-size="13" fill="#222"><rect width="540" height="290" fill="#fff"/>'
        f'<path d="M{left} {bottom - height}V{bottom}H{left + width}" fill="none" stroke="#888"/>'
        f'<text x="{left - 8}" y="{bottom + 4}" text-anchor="end">0</text>'
        f'<polyline points="{line}" fill="none" stroke="#1f6f8b" stroke-width="2"/>{dots}'
        f'<text x="{left + width / 2}" y="{bottom + 44}" text-anchor="middle">'
        "articles of the last 30 days</text>"
        f'<text x="{left}" y="24">CPU of finding the story of one article, program and database'
        "</text></svg>\n",
        encoding="utf-8",
    )


def main(server: str, sizes: list[int], *, draw: bool) -> None:
    """Print a line for each size, then events, then bytes."""
    batch = newcomers(made_texts(BATCH, seed=7))
    told = [
        events.tell(n.article_id, n.number, n.day, n.title, n.body)
        for n in newcomers(made_texts(2 * BATCH, seed=8))
    ]
    costs: dict[int, float] = {}
    filled = 0
    with database(server) as conn:
        print(f"{'articles':>10}{'wall ms':>10}{'own CPU':>10}{'server CPU':>12}{'ratio':>8}")
        for size in sorted(sizes):
            fill(conn, filled + 1, size)
            filled = size
            wall, own, served = timed(lambda: clusters.cluster(batch, PostgresStore(conn)), conn)
            costs[size] = 1000 * (own + served) / BATCH
            print(
                f"{size:>10}{1000 * wall / BATCH:>10.2f}{1000 * own / BATCH:>10.2f}"
                f"{1000 * served / BATCH:>12.2f}{costs[size] / costs[min(sizes)]:>8.2f}",
                flush=True,
            )
        bytes_per_article(conn, filled)
        fill_events(conn, told[:BATCH])
        with conn.cursor() as cursor:
            cursor.execute(NUMBERS, {"events": OPEN_EVENTS})
        conn.commit()

        def find_events() -> None:
            store = PostgresEvents(conn, datetime.now(UTC))
            events.place(told[BATCH:], store)

        wall, own, served = timed(find_events, conn)
        print(
            f"\nevents with {OPEN_EVENTS} open: wall {1000 * wall / BATCH:.2f} ms a story,"
            f" own CPU {1000 * own / BATCH:.2f}, server CPU {1000 * served / BATCH:.2f}"
        )
    if draw:
        plot(costs)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("server")
    arguments.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    arguments.add_argument("--plot", action="store_true")
    given = arguments.parse_args()
    main(given.server, given.sizes, draw=given.plot)
