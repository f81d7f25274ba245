"""Fetching against a real server: what comes back, what is refused, what it may cost."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from mediawatch.settings import Settings
from mediawatch.sources.addresses import AllowList, is_public
from mediawatch.sources.fetching import (
    Fetched,
    Fetcher,
    FetchFailed,
    FetchResult,
    Limits,
    NotModified,
    retry_after,
    user_agent,
)
from mediawatch.sources.unpacking import SizeLimits
from sources.conftest import NOW
from sources.web import Answer, Web

QUICK = Limits(
    connect=2, read=1, total=2, redirects=5, size=SizeLimits(packed=200_000, unpacked=2_000_000)
)


@pytest.fixture
def get(settings: Settings):
    def fetch(url: str, *, limits: Limits = QUICK, allow: bool = True, **options) -> FetchResult:
        async def run() -> FetchResult:
            used = settings if allow else replace(settings, allow_hosts=())
            async with Fetcher(used, NOW, limits) as fetcher:
                return await fetcher.fetch(url, **options)

        return asyncio.run(run())

    return fetch


def test_a_good_answer_comes_with_headers_and_hash(web: Web, get):
    web.answers["/a"] = Answer(b"<rss/>", headers={"ETag": '"x1"', "Content-Type": "text/xml"})
    found = get(f"{web.url}/a")
    assert isinstance(found, Fetched)
    assert (found.body, found.status, found.is_whole) == (b"<rss/>", 200, True)
    assert found.headers["etag"] == '"x1"'
    assert found.content_type == "text/xml"
    assert len(found.sha256) == 64
    (_, sent) = web.asked[0]
    assert sent["user-agent"] == user_agent("desk@example.org")
    assert "desk@example.org" in sent["user-agent"]
    assert sent["host"] == f"127.0.0.1:{web.port}"


def test_validators_go_back_exactly_as_they_came(web: Web, get):
    web.answers["/a"] = Answer(status=304, headers={"ETag": "W/odd"})
    found = get(f"{web.url}/a", etag="W/odd", last_modified="Wed, 4 Mar 2026 06:30:00 +0000")
    assert isinstance(found, NotModified)
    assert web.asked[0][1]["if-none-match"] == "W/odd"
    assert web.asked[0][1]["if-modified-since"] == "Wed, 4 Mar 2026 06:30:00 +0000"


def test_who_waits_for_a_host_takes_the_connections_that_are_there(web: Web, settings: Settings):
    web.answers["/same"] = Answer(status=304, headers={"ETag": '"a"'})
    web.answers["/new"] = Answer(b"<rss/>")

    async def run() -> list[FetchResult]:
        async with Fetcher(settings, NOW, QUICK) as fetcher:
            urls = [f"{web.url}/same", f"{web.url}/new"] * 6
            return list(await asyncio.gather(*(fetcher.fetch(url, etag='"a"') for url in urls)))

    kinds = [type(result) for result in asyncio.run(run())]
    assert kinds == [NotModified, Fetched] * 6
    assert (len(web.asked), web.connections) == (12, 2)


def test_not_modified_without_a_question_is_no_answer(web: Web, get):
    web.answers["/a"] = Answer(status=304)
    assert get(f"{web.url}/a").code == "bad_http"


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate"])
def test_packed_answers_are_unpacked(web: Web, get, packing: str):
    text = b"a headline of the day " * 50
    if packing == "gzip":
        body = gzip.compress(text[:400]) + gzip.compress(text[400:])
    elif packing == "deflate":
        body = zlib.compress(text)
    else:
        packer = zlib.compressobj(wbits=-15)
        body = packer.compress(text) + packer.flush()
    web.answers["/a"] = Answer(body, headers={"Content-Encoding": packing.rsplit(maxsplit=1)[-1]})
    found = get(f"{web.url}/a")
    assert isinstance(found, Fetched)
    assert found.body == text
    assert found.packed == len(body)


def test_a_packing_that_was_not_asked_for_is_refused(web: Web, get):
    web.answers["/a"] = Answer(b"x", headers={"Content-Encoding": "br"})
    assert get(f"{web.url}/a").code == "bad_http"


def test_a_bomb_is_stopped_at_the_limit(web: Web, get):
    packer = zlib.compressobj(9, wbits=31)
    piece = b" " * (1 << 20)
    bomb = b"".join(packer.compress(piece) for _ in range(150)) + packer.flush()
    web.answers["/a"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    found = get(f"{web.url}/a")
    assert isinstance(found, FetchFailed)
    assert found.code == "bomb"


def test_an_endless_answer_is_stopped_by_its_size(web: Web, get):
    def endless(out) -> None:
        while True:
            out.write(b"x" * 50_000)

    web.answers["/a"] = Answer(writer=endless)
    assert get(f"{web.url}/a", limits=Limits(size=SizeLimits(packed=1_000_000))).code == "too_large"


def test_an_answer_that_drips_is_given_up(web: Web, get):
    def drip(out) -> None:
        import time

        for _ in range(100):
            out.write(b"x")
            out.flush()
            time.sleep(0.2)

    web.answers["/a"] = Answer(writer=drip)
    assert get(f"{web.url}/a", limits=Limits(read=5, total=1)).code == "timeout"


def test_a_silent_server_is_given_up(web: Web, get):
    import threading

    hold = threading.Event()
    web.answers["/a"] = Answer(writer=lambda _out: hold.wait(20))
    assert get(f"{web.url}/a", limits=Limits(read=0.5, total=10)).code == "timeout"
    hold.set()


def test_a_body_that_breaks_off_is_kept_and_marked(web: Web, get):
    web.answers["/a"] = Answer(
        headers={"Content-Length": "1000"}, writer=lambda out: out.write(b"<rss>half")
    )
    found = get(f"{web.url}/a")
    assert isinstance(found, Fetched)
    assert (found.body, found.is_whole) == (b"<rss>half", False)


def test_redirects_are_followed_and_the_last_address_told(web: Web, get):
    web.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    web.answers["/b"] = Answer(status=307, headers={"Location": f"{web.url}/dir/c?x=1#part"})
    web.answers["/dir/c?x=1"] = Answer(b"here")
    found = get(f"{web.url}/a")
    assert isinstance(found, Fetched)
    assert found.url.startswith(f"{web.url}/dir/c?x=1")


def test_a_redirect_loop_ends(web: Web, get):
    web.answers["/a"] = Answer(status=307, headers={"Location": "/b"})
    web.answers["/b"] = Answer(status=307, headers={"Location": "/a"})
    assert get(f"{web.url}/a").code == "too_many_redirects"
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://example.org/x", "gopher://x/", "http://", "//"]
)
def test_a_redirect_to_another_scheme_is_refused(web: Web, get, target: str):
    web.answers["/a"] = Answer(status=302, headers={"Location": target})
    assert get(f"{web.url}/a").code == "bad_http"


@pytest.mark.parametrize(
    ("status", "headers", "code", "wait"),
    [
        (410, {}, "gone", None),
        (429, {"Retry-After": "3600"}, "throttled", timedelta(hours=1)),
        (429, {}, "throttled", None),
        (503, {"Retry-After": "Mon, 02 Mar 2026 10:30:00 GMT"}, "throttled", timedelta(minutes=30)),
        (503, {}, "http_5xx", None),
        (404, {}, "http_4xx", None),
        (500, {}, "http_5xx", None),
    ],
)
def test_refusals_have_a_code(web: Web, get, status, headers, code, wait):
    web.answers["/a"] = Answer(status=status, headers=headers)
    found = get(f"{web.url}/a")
    assert isinstance(found, FetchFailed)
    assert (found.code, found.status, found.retry_after) == (code, status, wait)
    assert str(status) in found.message


@pytest.mark.parametrize("value", ["soon", "-5", "", "99999999999999", "Mon, 99 Mar 2026"])
def test_a_senseless_retry_after_says_nothing(value: str):
    assert retry_after(value, NOW) is None


def test_retry_after_is_at_most_a_day():
    assert retry_after("999999999", NOW) == timedelta(days=1)


def test_a_closed_port_is_refused(web: Web, get, settings: Settings):
    web.close()
    assert get(f"{web.url}/a").code == "refused"


def test_a_name_that_does_not_exist(get):
    assert get("http://no-such-host.invalid/").code == "dns"


def test_what_is_no_http_is_bad_http(get, settings: Settings):
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def answer() -> None:
        peer, _ = listener.accept()
        peer.recv(1000)
        peer.sendall(b"SSH-2.0-Server\r\n\r\n")
        peer.close()

    threading.Thread(target=answer, daemon=True).start()

    async def run() -> FetchResult:
        allowed = replace(settings, allow_hosts=(f"127.0.0.1:{port}",))
        async with Fetcher(allowed, NOW, QUICK) as fetcher:
            return await fetcher.fetch(f"http://127.0.0.1:{port}/")

    assert asyncio.run(run()).code == "bad_http"
    listener.close()


def test_a_server_without_tls_fails_as_tls(web: Web, get):
    assert get(f"https://127.0.0.1:{web.port}/").code == "tls"


def test_a_kind_that_is_not_wanted_is_not_read(web: Web, get):
    web.answers["/a"] = Answer(b"\x00" * 1000, headers={"Content-Type": "audio/mpeg"})
    found = get(f"{web.url}/a", kinds=("text/html",))
    assert (found.code, "audio/mpeg" in found.message) == ("bad_http", True)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
        "224.0.0.1", "239.255.255.250", "255.255.255.255", "0.0.0.0", "192.0.0.192", "198.18.0.1",
        "168.63.129.16", "240.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "ff02::1", "::", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    ("entry", "host", "port", "held"),
    [
        ("intranet.example", "intranet.example", 80, True),
        ("Intranet.example", "INTRANET.example.", 8080, True),
        ("intranet.example:8080", "intranet.example", 8080, True),
        ("intranet.example:8080", "intranet.example", 80, False),
        ("127.0.0.1:9", "127.0.0.1", 99, False),
        ("[::1]:9", "::1", 9, True),
        ("::1", "[::1]", 9, True),
        ("example", "intranet.example", 80, False),
    ],
)
def test_the_allow_list(entry: str, host: str, port: int, held: bool):
    assert AllowList([entry]).holds(host, port) is held


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((), None),
        ((301,), "/1"),
        ((308,), "/1"),
        ((301, 301), "/2"),
        ((302,), None),
        ((307,), None),
        ((301, 302), "/1"),
        ((302, 301), None),
    ],
)
def test_only_permanent_redirects_say_that_it_moved(web: Web, get, statuses, moved):
    for place, status in enumerate(statuses):
        web.answers[f"/{place}"] = Answer(status=status, headers={"Location": f"/{place + 1}"})
    web.answers[f"/{len(statuses)}"] = Answer(b"here")
    found = get(f"{web.url}/0")
    assert isinstance(found, Fetched)
    assert found.moved_to == (f"{web.url}{moved}" if moved else None)


def test_headers_without_end_are_given_up(web: Web, get):
    web.answers["/a"] = Answer(b"x", headers={f"X-{n}": "y" * 1000 for n in range(300)})
    found = get(f"{web.url}/a")
    assert isinstance(found, FetchFailed)
    assert (found.code, "too long" in found.message) == ("bad_http", True), found.message


def test_the_slots_of_a_host_come_back_after_failures(web: Web, settings: Settings):
    web.answers["/ok"] = Answer(b"x")

    async def run() -> list[FetchResult]:
        async with Fetcher(settings, NOW, QUICK) as fetcher:
            for _ in range(5):
                await fetcher.fetch(f"{web.url}/missing")
            return [await fetcher.fetch(f"{web.url}/ok")]

    assert isinstance(asyncio.run(run())[0], Fetched)
