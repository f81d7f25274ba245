"""How often one host is asked, and by which way: pauses, crawl delays, a proxy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mediawatch.settings import Settings
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult
from mediawatch.sources.pacing import LONGEST_PAUSE, Pacing
from mediawatch.sources.robots import Robots
from sources.conftest import NOW
from sources.web import Answer, Web


def starts(pacing: Pacing, hosts: list[str]) -> list[tuple[str, float]]:
    """When each request began, in seconds from the beginning."""
    seen: list[tuple[str, float]] = []

    async def one(host: str) -> None:
        async with pacing.turn(host):
            seen.append((host, asyncio.get_running_loop().time()))

    async def run() -> float:
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*map(one, hosts))
        return began

    began = asyncio.run(run())
    return [(host, moment - began) for host, moment in seen]


def test_a_host_is_left_alone_between_two_starts():
    seen = starts(Pacing(host_pause=0.1), ["a", "a", "a", "b"])
    moments = [moment for host, moment in seen if host == "a"]
    assert [moment >= n * 0.1 - 0.01 for n, moment in enumerate(moments)] == [True] * 3
    assert seen[1][0] == "b"  # it need not wait for the other host


def test_all_hosts_together_keep_the_pace():
    seen = starts(Pacing(pause=0.05), ["a", "b", "c", "d"])
    assert [moment >= n * 0.05 - 0.01 for n, (_, moment) in enumerate(seen)] == [True] * 4


def test_at_most_two_at_once():
    pacing, now, most = Pacing(), 0, 0

    async def one() -> None:
        nonlocal now, most
        async with pacing.turn("a"):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    async def run() -> None:
        await asyncio.gather(*(one() for _ in range(9)))

    asyncio.run(run())
    assert most == 2


def fetch_all(settings: Settings, act: Callable[[Fetcher], Awaitable[Any]], **options) -> Any:
    async def run() -> Any:
        async with Fetcher(settings, NOW, **options) as fetcher:
            return await act(fetcher)

    return asyncio.run(run())


async def to_web(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_the_pause_of_the_settings_holds_for_strangers(web: Web, settings: Settings):
    web.answers |= {f"/{n}": Answer(b"x") for n in range(3)}
    moments: list[float] = []

    async def act(fetcher: Fetcher) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        addresses = [f"http://news.example:{web.port}/{n}" for n in range(3)]
        await asyncio.gather(*map(fetcher.fetch, addresses))
        moments.append(loop.time() - began)

    slow = replace(settings, host_pause=timedelta(seconds=0.15))
    fetch_all(slow, act, resolve=to_web)
    assert moments[0] >= 0.3
    assert sorted(web.paths()) == ["/0", "/1", "/2"]


def test_a_crawl_delay_is_kept(web: Web, settings: Settings):
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.2\n")
    web.answers["/p"] = Answer(b"x")

    async def act(fetcher: Fetcher) -> float:
        robots = Robots(fetcher)
        loop = asyncio.get_running_loop()
        assert await robots.refusal(f"{web.url}/p") is None
        began = loop.time()
        await asyncio.gather(*(fetcher.fetch(f"{web.url}/p") for _ in range(3)))
        return loop.time() - began

    assert fetch_all(settings, act) >= 0.55


def test_a_crawl_delay_of_days_is_cut():
    pacing = Pacing()

    async def run() -> float:
        pacing.slow_down("a", 86_400)
        return pacing._hosts["a"].pause

    assert asyncio.run(run()) == LONGEST_PAUSE


class Proxy(BaseHTTPRequestHandler):
    """A proxy that tunnels to the address it is told, when the login is right."""

    def do_CONNECT(self) -> None:
        import socket

        told: list[tuple[str, str]] = self.server.told  # type: ignore[attr-defined]
        told.append((self.path, self.headers.get("Proxy-Authorization", "")))
        if self.headers.get("Proxy-Authorization") != "Basic ZGVzazpzZWNyZXQ=":
            self.send_error(407)
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as far:
            self.send_response(200)
            self.end_headers()
            far.sendall(self.connection.recv(65_536))
            while piece := far.recv(65_536):
                self.connection.sendall(piece)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def proxy():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    server.told = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def through(settings: Settings, proxy: Any, login: str, url: str) -> FetchResult:
    address = f"http://{login}127.0.0.1:{proxy.server_address[1]}"
    behind = replace(settings, proxy=address)
    found: FetchResult = fetch_all(behind, lambda fetcher: fetcher.fetch(url), resolve=to_web)
    return found


def test_a_proxy_is_told_the_checked_address(web: Web, settings: Settings, proxy):
    web.answers["/a"] = Answer(b"by way of a proxy", headers={"Connection": "close"})
    found = through(settings, proxy, "desk:secret@", f"http://news.example:{web.port}/a")
    assert isinstance(found, Fetched)
    assert found.body == b"by way of a proxy"
    assert [target for target, _ in proxy.told] == [f"127.0.0.1:{web.port}"]
    assert web.asked[0][1]["host"] == f"news.example:{web.port}"


def test_a_proxy_that_refuses_or_is_not_there_is_named(web: Web, settings: Settings, proxy):
    url = f"http://news.example:{web.port}/a"
    found = through(settings, proxy, "", url)
    assert (found.code, "407" in found.message) == ("refused", True)
    proxy.server_address = ("127.0.0.1", 1)
    found = through(settings, proxy, "", url)
    assert (found.code, "MEDIAWATCH_PROXY" in found.message) == ("refused", True)
    assert web.asked == []
