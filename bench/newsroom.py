"""How fast the pages are over a large archive, and how heavy.

    MEDIAWATCH_DATABASE_URL=… MEDIAWATCH_ELASTICSEARCH_URL=… python bench/newsroom.py [ARTICLES]

Makes a database and indices of its own (200,000 synthetic articles by default), serves the app on
loopback in a process of its own, lets 20 users read with 5 seconds between two pages for a minute,
and drops everything. Goals: p95 of every page below 300 ms, the first page below 150 kB.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from multiprocessing import Process
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import httpx
import psycopg2
import uvicorn
from elasticsearch import Elasticsearch

from mediawatch.newsroom.access import Person
from mediawatch.newsroom.app import create_app
from mediawatch.search import bulk
from mediawatch.search.index import (
    alias_name,
    drop_generation,
    index_name,
    make_month,
    put_template,
)
from mediawatch.settings import Settings
from mediawatch.storage.connection import connect
from mediawatch.storage.migrations import migrate
from search import document, rows

NAME = "mw_bench_newsroom"
PROFILE = "benchnewsroom"
PORT = 18_777
USERS, THINK_SECONDS, SECONDS = 20, 5.0, 60.0
NOW = datetime(2026, 5, 14, tzinfo=UTC)
PAGES = (
    "/",
    "/stories",
    "/stories?q=ba*",
    "/stories?q=bako+OR+riten&topic=topic+3",
    "/stories?group=event&page=3",
    "/stories/u:{n:08}",
    "/stories/u:{n:08}?q=ko*",
    "/watches",
    "/watches/w7",
    "/watches/w7/preview",
    "/sources",
    "/sources/s7",
    "/deliveries",
    "/deliveries/{d}",
    "/actors",
    "/actors/Q{a}",
    "/rejected",
    "/api/today",
    "/api/stories?q=bako",
)
FILL = Path(__file__).with_suffix(".sql")


@contextmanager
def archive(server_url: str, es: Elasticsearch, count: int) -> Iterator[Settings]:
    """The filled database and indices, dropped at the end."""
    url = urlsplit(server_url)._replace(path=f"/{NAME}").geturl()
    with closing(psycopg2.connect(server_url)) as admin:
        admin.autocommit = True
        admin.cursor().execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        admin.cursor().execute(f'CREATE DATABASE "{NAME}"')
        home = Path("/nonexistent")
        settings = Settings(
            home=home, cache=home, profile=PROFILE, database_url=url,
            elasticsearch_url=os.environ["MEDIAWATCH_ELASTICSEARCH_URL"],
        )  # fmt: skip
        try:
            fill(settings, es, count)
            yield settings
        finally:
            drop_generation(es, settings.index_prefix, 1)
            admin.cursor().execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def fill(settings: Settings, es: Elasticsearch, count: int) -> None:
    """Rows and documents."""
    begun = time.perf_counter()
    with closing(connect(str(settings.database_url))) as conn:
        migrate(conn)
        with conn.cursor() as cursor:
            cursor.execute(FILL.read_text(encoding="utf-8"), {"count": count})
            conn.commit()
            conn.autocommit = True
            cursor.execute("VACUUM ANALYZE")
    print(f"Postgres filled in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    months = [date(2026, month, 1) for month in (2, 3, 4, 5)]
    put_template(es, settings.index_prefix)
    for month in months:
        make_month(es, settings.index_prefix, 1, month, aliased=True)
    names = [index_name(settings.index_prefix, 1, month) for month in months]
    bulk.write(es, (document(row, names[row["number"] % 4]) for row in rows(count)))
    es.indices.refresh(index=alias_name(settings.index_prefix))
    print(f"Elasticsearch filled in {time.perf_counter() - begun:.0f} s")


def serve(settings: Settings) -> None:
    """The app alone, everybody logged in under a name of their own."""
    chance = Random()
    app = create_app(lambda: Person(f"user{chance.random()}", may_edit=True), lambda: settings)
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")


def read(user: int, count: int, taken: dict[str, list[float]], weights: dict[str, int]) -> None:
    """One user: a page, five seconds of reading, the next page."""
    chance = Random(user)
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60, trust_env=False) as client:
        end = time.monotonic() + SECONDS
        time.sleep(chance.random() * THINK_SECONDS)
        while time.monotonic() < end:
            page = PAGES[chance.randrange(len(PAGES))]
            path = page.format(n=chance.randrange(count), d=chance.randrange(1, count // 20), a=7)
            begun = time.perf_counter()
            answer = client.get(path)
            taken[page].append(time.perf_counter() - begun)
            weights[page] = max(weights[page], len(answer.content))
            assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
            time.sleep(chance.uniform(0.5, 1.5) * THINK_SECONDS)


def main() -> None:
    """Fill, serve, read, report."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with (
        Elasticsearch(os.environ["MEDIAWATCH_ELASTICSEARCH_URL"], request_timeout=120) as es,
        archive(os.environ["MEDIAWATCH_DATABASE_URL"], es, count) as settings,
    ):
        server = Process(target=serve, args=(settings,), daemon=True)
        server.start()
        try:
            while True:
                try:
                    httpx.get(f"http://127.0.0.1:{PORT}/static/style.css", trust_env=False)
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            taken: dict[str, list[float]] = defaultdict(list)
            weights: dict[str, int] = defaultdict(int)
            with ThreadPoolExecutor(USERS) as pool:
                users = [pool.submit(read, n, count, taken, weights) for n in range(USERS)]
                for user in users:
                    user.result()
            report(count, taken, weights)
        finally:
            server.terminate()
            server.join()


def report(count: int, taken: dict[str, list[float]], weights: dict[str, int]) -> None:
    """Median, p95 and weight of each page."""
    every = [seconds for page in taken.values() for seconds in page]
    print(f"{count:,} articles, {USERS} users, {len(every)} pages, load {os.getloadavg()[0]:.1f}")
    for page in PAGES:
        if taken[page]:
            numbers = f"{statistics.median(taken[page]) * 1000:>7.0f} {p95(taken[page]):>7.0f} ms"
            print(f"{page:44}{numbers} {weights[page] / 1000:>7.1f} kB")
    print(
        f"{'all pages':44}{statistics.median(every) * 1000:>7.0f} {p95(every):>7.0f} ms (goal 300)"
    )


def p95(seconds: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return sorted(seconds)[max(0, round(len(seconds) * 0.95) - 1)] * 1000


if __name__ == "__main__":
    main()
