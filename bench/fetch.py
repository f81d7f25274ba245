"""Reading many feeds against a bare loop, choosing the due, and one very large feed.

    python bench/fetch.py [--feeds 2000] [--hosts 200] [--rounds 3] [--sources 100000]

Needs the group ``bench`` (``uv sync --group bench``) and a database: that of
``MEDIAWATCH_TEST_DATABASE_URL``, or an embedded one. Feeds are served by another process on as
many loopback addresses; in each round 30 % of them changed. The bare loop is aiohttp and
feedparser without sanitizing, keeps validators in a dictionary and writes nothing; ours is the
step ``poll_sources`` with pauses off, with everything that it keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import median
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import feedparser
import psycopg2

from mediawatch.model import Rejected
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.sources import poll_sources
from mediawatch.settings import Settings
from mediawatch.sources.entries import source_id
from mediawatch.sources.feeds import parse_feed
from mediawatch.stack import services
from mediawatch.stack.echo import Echo
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection, connect
from mediawatch.storage.migrations import migrate

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")
CHANGED = 30  # percent
ITEMS = 30
TEXT = "The council of Arvendale met until late and agreed on nothing at all. " * 4
ITEM = """<item><title>Report {number} of feed {feed}</title><guid>{feed}-{number}</guid>
<link>https://www.example.org/{feed}/{number}</link><pubDate>{date}</pubDate>
<description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"""


def feed_body(feed: int, edition: int, items: int = ITEMS) -> bytes:
    """A feed; each edition has one item more at its top and one less at its end."""
    inner = "\n".join(
        ITEM.format(
            number=number,
            feed=feed,
            date=format_datetime(NOW - timedelta(hours=items - number)),
            text=TEXT,
        )
        for number in range(edition + items, edition, -1)
    )
    return f'<rss version="2.0"><channel><title>Feed {feed}</title>{inner}</channel></rss>'.encode()


class Site(asyncio.Protocol):
    """A small HTTP server: /N is feed N, /edition/E brings out an edition."""

    edition = 1
    bodies: ClassVar[dict[tuple[int, int], bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head.decode("latin-1")))

    def answer(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path.startswith("/edition/"):
            Site.edition = int(path.rpartition("/")[2])
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        feed = int(path[1:])
        # In each edition another 30 % of the feeds are new.
        last = max(
            (e for e in range(2, Site.edition + 1) if (feed * 7 + e * 31) % 100 < CHANGED),
            default=1,
        )
        tag = f'"{feed}-{last}"'
        if f"if-none-match: {tag}".lower() in head.lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        if (feed, last) not in Site.bodies:
            Site.bodies[feed, last] = feed_body(feed, last)
        body = Site.bodies[feed, last]
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {tag}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def serve(hosts: int, port: int, is_ready: Any) -> None:
    """Serve until the process is ended."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in range(hosts):
            await loop.create_server(Site, f"127.0.1.{number + 1}", port)
        is_ready.set()
        await asyncio.Event().wait()

    asyncio.run(run())


async def bare(urls: list[str], tags: dict[str, str]) -> int:
    """The bare loop; how many items it saw."""
    seen = 0
    slots = asyncio.Semaphore(200)
    connector = aiohttp.TCPConnector(limit=200, limit_per_host=2)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(url: str) -> None:
            nonlocal seen
            headers = {"If-None-Match": tags[url]} if url in tags else {}
            async with slots, session.get(url, headers=headers) as answer:
                if answer.status == 200:
                    body = await answer.read()
                    tags[url] = answer.headers["ETag"]
                    seen += len(feedparser.parse(body, sanitize_html=False).entries)

        await asyncio.gather(*map(one, urls))
    return seen


def follow(conn: Connection, urls: list[str]) -> None:
    """Make the addresses sources."""
    for url in urls:
        values = {
            "source_id": source_id("feed", url),
            "kind": "feed",
            "url": url,
            "title": "",
            "tags": [],
            "outlet_id": None,
            "fetch_policy": "never",
            "paused": False,
        }
        storage.add_source(conn, values, NOW)
    conn.commit()


def bench_polling(conn: Connection, home: Path, feeds: int, hosts: int, rounds: int) -> None:
    """Time both in turns, the same edition each."""
    port = 18_000 + os.getpid() % 2_000
    is_ready = SPAWN.Event()
    server = SPAWN.Process(target=serve, args=(hosts, port, is_ready), daemon=True)
    server.start()
    is_ready.wait(60)
    allowed = tuple(f"127.0.1.{number + 1}:{port}" for number in range(hosts))
    settings = Settings(
        home=home,
        cache=home,
        allow_hosts=allowed,
        host_pause=timedelta(),
        fetches_per_minute=0,
    )
    urls = [f"http://127.0.1.{number % hosts + 1}:{port}/{number}" for number in range(feeds)]
    follow(conn, urls)
    tags: dict[str, str] = {}
    ratios = []
    for number in range(1, rounds + 2):
        asyncio.run(turn_to(number, port))
        with conn.cursor() as cursor:
            cursor.execute("UPDATE source SET next_fetch_at = %s", [NOW])
        conn.commit()
        gc.collect()
        started = time.perf_counter()
        asyncio.run(bare(urls, tags))
        middle = time.perf_counter()
        counts = poll_sources(Context(conn=conn, settings=settings, now=NOW))
        ended = time.perf_counter()
        assert (counts["sources"], counts["failed"]) == (feeds, 0), counts
        ratio = (middle - started) / (ended - middle)
        said = "first reading" if number == 1 else f"{counts['in']} items, {counts['new']} new"
        print(
            f"{feeds} feeds on {hosts} hosts: bare {middle - started:.1f} s, ours"
            f" {ended - middle:.1f} s, ratio {ratio:.2f} ({said})"
        )
        if number > 1:
            ratios.append(ratio)
    server.terminate()
    print(f"median ratio {median(ratios):.2f}; memory {memory()}")


async def turn_to(edition: int, port: int) -> None:
    """Bring out an edition."""
    async with aiohttp.ClientSession() as session:
        await (await session.get(f"http://127.0.1.1:{port}/edition/{edition}")).read()


def memory() -> str:
    """The most that this process and its children held, in MB."""
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own} MB here, {children} MB the largest child"


def bench_choosing(conn: Connection, sources: int) -> None:
    """Choose the due among many sources, a hundredth and then all of which are due."""
    with conn.cursor() as cursor:
        cursor.execute(
            """INSERT INTO source (source_id, kind, url, state, next_fetch_at, created_at)
               SELECT 'bench-' || n, 'feed', 'https://host' || n % (%(n)s / 20) || '.example/' || n,
                      'fine', %(now)s + (n %% 100) * interval '1 minute', %(now)s
               FROM generate_series(1, %(n)s) AS n""".replace("n % (", "n %% ("),
            {"n": sources, "now": NOW + timedelta(days=1)},
        )
        cursor.execute("ANALYZE source")
    conn.commit()
    for name, later in (("1 %", 0), ("all", 200)):
        times = []
        for _ in range(10):
            started = time.perf_counter()
            now = NOW + timedelta(days=1, minutes=later)
            found = storage.claim_sources(conn, now, now + timedelta(minutes=30), 200, per_host=4)
            times.append(time.perf_counter() - started)
            assert len(found) == 200
            conn.rollback()
        worst, usual = max(times) * 1000, median(times) * 1000
        print(f"choosing 200 of {sources} sources, {name} due: {usual:.0f} ms (worst {worst:.0f})")


def bench_large(items: int = 20_000) -> None:
    """Parse one feed of very many items in a process of its own."""
    body = feed_body(1, 1, items)
    queue = SPAWN.Queue()
    child = SPAWN.Process(target=parse_large, args=(body, queue))
    child.start()
    seconds, count, megabytes = queue.get(timeout=600)
    child.join()
    size = len(body) >> 20
    print(f"{count} items in one feed of {size} MB: {seconds:.1f} s of CPU, {megabytes} MB")


def parse_large(body: bytes, queue: Any) -> None:
    """In the child."""
    started = time.process_time()
    feed = parse_feed(body, url="https://www.example.org/")
    assert not isinstance(feed, Rejected)
    took = time.process_time() - started
    queue.put((took, len(feed.items), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10))


@contextmanager
def database(home: Path) -> Iterator[Connection]:
    """An empty database, dropped at the end."""
    given = os.environ.get("MEDIAWATCH_TEST_DATABASE_URL")
    settings = Settings.from_env({**os.environ, "MEDIAWATCH_HOME": str(home)})
    if not given:
        services.up(settings, airflow=False, echo=Echo())
    server = given or str(services.resolve(settings).database_url)
    name = f"mw_bench_{uuid4().hex}"
    with closing(psycopg2.connect(server)) as admin:
        admin.autocommit = True
        admin.cursor().execute(f'CREATE DATABASE "{name}"')
        try:
            with closing(connect(urlsplit(server)._replace(path=f"/{name}").geturl())) as conn:
                migrate(conn)
                yield conn
        finally:
            admin.cursor().execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            if not given:
                services.down(settings)


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=int, default=100_000)
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="mediawatch-bench-"))
    try:
        bench_large()
        with database(home) as conn:
            bench_polling(conn, home, args.feeds, args.hosts, args.rounds)
            bench_choosing(conn, args.sources)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
