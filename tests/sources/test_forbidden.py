"""Addresses that must never be connected to, seen from the side that listens.

A listener on every loopback family counts who knocks. Spellings, redirects and names all lead
there; DNS is answered by the test, first so and then otherwise.
"""

from __future__ import annotations

import ast
import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

import mediawatch
from mediawatch.settings import Settings
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult, Limits
from sources.conftest import NOW
from sources.web import Answer, Web

QUICK = Limits(connect=1, read=1, total=2)
STATES = ("private_address", "dns", "bad_http")

SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f000001",
    "017700000001", "127.0.0.1.", "127.255.255.254", "localhost", "LOCALHOST.", "0.0.0.0", "0",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "user:secret@127.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "127.0.0.1%2e",
]  # fmt: skip
REDIRECTS = [
    "127.0.0.1", "localhost", "0x7f.1", "2130706433", "0", "[::1]", "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]", "user@127.0.0.1", "①②⑦.⓪.⓪.①", "far.example",
]  # fmt: skip
# What a name resolves to: loopback in every form, alone or behind other forbidden ones.
NAMES = [
    ["127.0.0.1"], ["127.8.8.8"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::127.0.0.1"],
    ["0.0.0.0"], ["::"], ["10.0.0.1", "169.254.169.254", "127.0.0.1"], ["fe80::1", "::1"],
    ["::1%lo"],
]  # fmt: skip


class Listener:
    """Counts the connections that reach this machine, whatever is said on them."""

    def __init__(self) -> None:
        self.port = 0
        self._accepted: Queue[None] = Queue()
        self._sockets: list[socket.socket] = []
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET6 and not _has_ipv6():
                continue
            listening = socket.create_server((host, self.port), family=family)
            self.port = listening.getsockname()[1]
            self._sockets.append(listening)
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    @property
    def knocks(self) -> int:
        """How many came so far. Our own knock comes last, so that none is missed."""
        for listening in self._sockets:
            socket.create_connection(listening.getsockname()[:2]).close()
            self._accepted.get(timeout=10)
        return self._accepted.qsize()

    def close(self) -> None:
        for listening in self._sockets:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            self._accepted.put(None)
            peer.close()


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


class Dns:
    """A name server: its answers one after the other, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host != "far.example":
            found = await asyncio.get_running_loop().getaddrinfo(host, port)
            return [str(entry[4][0]) for entry in found]
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def get(settings: Settings, url: str, dns: Dns | None = None, times: int = 1) -> FetchResult:
    async def run() -> FetchResult:
        async with Fetcher(settings, NOW, QUICK, resolve=dns or Dns(["127.0.0.1"])) as fetcher:
            for _ in range(times - 1):
                await fetcher.fetch(url)
            return await fetcher.fetch(url)

    return asyncio.run(run())


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_this_machine_is_connected_to(listener, settings: Settings, host: str):
    found = get(settings, f"http://{host}:{listener.port}/")
    assert isinstance(found, FetchFailed)
    assert (found.code in STATES, listener.knocks) == (True, 0)


@pytest.mark.parametrize("host", REDIRECTS)
def test_no_redirect_leads_there(web: Web, listener, settings: Settings, host: str):
    web.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    web.answers["/b"] = Answer(
        status=301, headers={"Location": f"http://{host}:{listener.port}/latest/meta-data"}
    )
    found = get(settings, f"{web.url}/a")
    assert isinstance(found, FetchFailed)
    assert (found.code in STATES, listener.knocks) == (True, 0)
    assert web.paths() == ["/a", "/b"]


@pytest.mark.parametrize("addresses", NAMES, ids=" ".join)
def test_no_name_leads_there(listener, settings: Settings, addresses: list[str]):
    found = get(settings, f"http://far.example:{listener.port}/", Dns(addresses))
    assert isinstance(found, FetchFailed)
    assert (found.code, listener.knocks) == ("private_address", 0)


def test_a_name_that_leads_elsewhere_the_second_time_is_caught(web: Web, listener, settings):
    """The first answer stands for a public address: the settings allow it."""
    allowed = replace(settings, allow_hosts=(f"127.0.0.1:{web.port}",))
    web.answers["/a"] = Answer(
        status=302, headers={"Location": f"http://far.example:{listener.port}/inside"}
    )
    dns = Dns(["127.0.0.1"], ["127.0.0.1"])
    found = get(allowed, f"http://far.example:{web.port}/a", dns)
    assert isinstance(found, FetchFailed)
    assert (found.code, dns.asked) == ("private_address", ["far.example", "far.example"])
    assert (web.paths(), listener.knocks) == (["/a"], 0)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(web: Web, settings):
    """One question for each connection: what a later answer would say is never used."""
    web.answers["/a"] = Answer(b"here")
    dns = Dns(["127.0.0.1"], ["10.0.0.1"])
    found = get(settings, f"http://far.example:{web.port}/a", dns)
    assert isinstance(found, Fetched)
    assert dns.asked == ["far.example"]


def test_each_new_connection_is_checked_anew(web: Web, listener, settings: Settings):
    allowed = replace(settings, allow_hosts=(f"127.0.0.2:{listener.port}",))
    dns = Dns(["127.0.0.2"], ["127.0.0.1"])
    found = get(allowed, f"http://far.example:{listener.port}/", dns, times=2)
    assert isinstance(found, FetchFailed)
    assert (found.code, listener.knocks) == ("private_address", 0)


def test_the_proxy_is_never_asked_for_a_forbidden_address(listener, settings: Settings):
    behind = replace(settings, proxy=f"http://127.0.0.1:{listener.port}")
    for host in ("127.0.0.1", "169.254.169.254", "far.example"):
        found = get(behind, f"http://{host}:8080/")
        assert isinstance(found, FetchFailed)
        assert found.code == "private_address"
    assert listener.knocks == 0


def test_what_the_settings_allow_is_reached(web: Web, settings: Settings):
    web.answers["/a"] = Answer(b"intranet")
    found = get(settings, f"{web.url}/a")
    assert isinstance(found, Fetched)


def test_only_the_rooms_that_check_addresses_speak_to_the_outside():
    """``httpx`` talks to our own services; everything else passes the module for fetching."""
    package = Path(mediawatch.__file__).parent
    users: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                users.setdefault(name.split(".")[0], set()).add(path.relative_to(package).parts[0])
    assert users["httpcore"] == {"sources"}
    assert users["httpx"] <= {"stack", "search"}
    assert users.get("requests", set()) <= {"stack"}  # artifacts by their checksum
    assert not {"aiohttp", "urllib3"} & users.keys()
