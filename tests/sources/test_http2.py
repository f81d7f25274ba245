"""HTTP/2 over TLS: read as well as HTTP/1.1, under the same guards and limits."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from mediawatch.settings import Settings
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult, Limits, NotModified
from mediawatch.sources.unpacking import SizeLimits
from sources.conftest import NOW
from sources.test_secure import certificate

SMALL = Limits(total=3.0, size=SizeLimits(packed=100_000, unpacked=200_000))
PACKED = ("content-encoding", "gzip")
FEED = b"<rss>the council of Arvendale</rss>"


@dataclass
class Site:
    """A server that speaks HTTP/2 only; what was asked on how many connections."""

    url: str = ""
    connections: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        try:
            while not writer.is_closing():
                writer.write(state.data_to_send())
                await writer.drain()
                data = await reader.read(65_536)
                if not data:
                    break
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        names = {n.decode(): v.decode() for n, v in event.headers or ()}
                        self.asked.append(names)
                        answer(state, writer, event.stream_id or 0, names)
        except OSError:
            pass  # the client has seen enough
        finally:
            writer.close()


def answer(
    state: h2.connection.H2Connection,
    writer: asyncio.StreamWriter,
    stream: int,
    asked: dict[str, str],
) -> None:
    """What each path answers; a path that is none of them never gets an answer."""
    match asked[":path"]:
        case "/feed" if asked.get("if-none-match") == '"one"':
            send(state, stream, b"", ("etag", '"one"'), status="304")
        case "/feed":
            send(state, stream, gzip.compress(FEED), ("etag", '"one"'), PACKED)
        case "/inside":
            send(state, stream, b"", ("location", "https://127.0.0.1:1/"), status="302")
        case "/large":
            send(state, stream, b"x" * 150_000)
        case "/bomb":
            send(state, stream, gzip.compress(b"x" * 20_000_000), PACKED)
        case "/headers":
            send(state, stream, b"", *((f"x-{n}", "v" * 1_000) for n in range(300)))
        case path:
            break_off(state, writer, stream, path)


def send(
    state: h2.connection.H2Connection,
    stream: int,
    body: bytes,
    *headers: tuple[str, str],
    status: str = "200",
) -> None:
    """An answer, as far as the client takes it at once."""
    state.send_headers(stream, [(":status", status), *headers])
    body, rest = body[: state.local_flow_control_window(stream)], body
    for at in range(0, len(body), 16_000):
        state.send_data(stream, body[at : at + 16_000])
    if body == rest:
        state.end_stream(stream)


def break_off(
    state: h2.connection.H2Connection, writer: asyncio.StreamWriter, stream: int, path: str
) -> None:
    """The ways in which an answer ends before its time."""
    if path == "/bye":
        state.close_connection()
    if path in ("/half", "/broken"):
        state.send_headers(stream, [(":status", "200")])
        state.send_data(stream, b"half")
    if path in ("/half", "/reset"):
        state.reset_stream(stream)
    if path == "/broken":
        # DATA with more padding than the frame is long, while the client reads the body.
        broken = b"\x00\x00\x02\x00\x08" + stream.to_bytes(4, "big") + b"\xff\x00"
        asyncio.get_running_loop().call_later(0.1, writer.write, broken)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, cache=tmp_path, allow_hosts=(), fetches_per_minute=0)


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings):
    """Run a client against a new server, whose certificate is trusted."""
    file = certificate(tmp_path, "127.0.0.1", 30)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.set_alpn_protocols(["h2"])

    def run(
        client: Callable[[Fetcher, str], Awaitable[list[FetchResult]]], *, is_allowed: bool = True
    ) -> tuple[list[FetchResult], Site]:
        async def both() -> list[FetchResult]:
            server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context)
            host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            used = replace(settings, allow_hosts=(host,) if is_allowed else ())
            async with server, Fetcher(used, NOW, SMALL) as fetcher:
                return await client(fetcher, f"https://{host}")

        site = Site()
        return asyncio.run(both()), site

    return run


def test_a_feed_is_read_and_asked_for_with_conditions(ask):
    async def client(fetcher: Fetcher, url: str) -> list[FetchResult]:
        return [await fetcher.fetch(f"{url}/feed", etag=tag) for tag in (None, '"one"')]

    (first, second), site = ask(client)
    assert isinstance(first, Fetched)
    assert (first.body, first.headers["etag"], first.is_whole) == (FEED, '"one"', True)
    assert isinstance(second, NotModified)
    assert [asked["accept-encoding"] for asked in site.asked] == ["gzip, deflate"] * 2
    assert site.asked[0]["user-agent"].startswith("mediawatch/")


def test_many_requests_share_a_connection(ask):
    async def client(fetcher: Fetcher, url: str) -> list[FetchResult]:
        return list(await asyncio.gather(*(fetcher.fetch(f"{url}/feed") for _ in range(12))))

    results, site = ask(client)
    assert [result.body for result in results] == [FEED] * 12
    assert site.connections <= 2


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/large", "too_large", "100000 bytes"),
        ("/bomb", "bomb", "unpacks to more than"),
        ("/headers", "bad_http", ""),
        ("/reset", "bad_http", ""),
        ("/bye", "bad_http", ""),
        ("/silence", "timeout", "3 s in all"),
        ("/inside", "private_address", "127.0.0.1"),
    ],
)
def test_what_goes_wrong_is_a_value_and_costs_only_itself(ask, path: str, code: str, words: str):
    async def client(fetcher: Fetcher, url: str) -> list[FetchResult]:
        return [await fetcher.fetch(f"{url}{one}") for one in (path, "/feed")]

    (failed, good), _ = ask(client)
    assert (failed.code, words in failed.message) == (code, True), failed
    assert isinstance(good, Fetched), good


@pytest.mark.parametrize("path", ["/half", "/broken"])
def test_a_body_that_breaks_off_is_not_whole(ask, path: str):
    async def client(fetcher: Fetcher, url: str) -> list[FetchResult]:
        return [await fetcher.fetch(f"{url}{one}") for one in (path, "/feed")]

    (result, good), _ = ask(client)
    assert (result.body, result.is_whole) == (b"half", False)
    assert isinstance(good, Fetched), good


def test_an_address_inside_is_never_connected_to(ask):
    async def client(fetcher: Fetcher, url: str) -> list[FetchResult]:
        return [await fetcher.fetch(f"{url}/feed")]

    (result,), site = ask(client, is_allowed=False)
    assert (result.code, site.connections) == ("private_address", 0)
