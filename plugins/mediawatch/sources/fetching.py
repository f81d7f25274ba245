"""Every request that the product sends to an address from outside.

One GET at a time: conditional, redirects followed by hand, limits on time and size, and never a
connection to an address that is not public (see ``addresses``): host names are resolved here, the
addresses checked, and the connection is made to a checked one, so that a second DNS answer
changes nothing. What came of it is a value.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Self

import ada_url
import httpcore
from h2.exceptions import H2Error

from mediawatch.errors import FETCH
from mediawatch.settings import Settings
from mediawatch.sources.addresses import AllowList
from mediawatch.sources.answers import Fetched, FetchFailed, FetchResult, NotModified
from mediawatch.sources.connections import PublicOnly, RequestError, Resolve, Sites, resolve_name
from mediawatch.sources.pacing import Pacing
from mediawatch.sources.targets import port_of, request_target, web_address
from mediawatch.sources.unpacking import SizeLimits, Unpacker, UnpackingError

__all__ = [
    "AGENT",
    "FetchFailed",
    "FetchResult",
    "Fetched",
    "Fetcher",
    "Limits",
    "NotModified",
    "retry_after",
    "user_agent",
]

AGENT = "mediawatch"  # the name that robots.txt files may use
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LONGEST_WAIT = timedelta(days=1)
# httpcore lets those of HTTP/2 through when they come in the middle of a body.
BROKEN = (httpcore.ProtocolError, H2Error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds; ``total`` is for the whole answer, all redirects included, but not for
    waiting until it is this host's turn.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    redirects: int = 10
    size: SizeLimits = field(default_factory=SizeLimits)


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    is_permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What one request asks for besides an address."""

    conditions: Mapping[str, str]
    kinds: tuple[str, ...]
    size: SizeLimits


class Fetcher:
    """Sends GET requests at the pace of the settings. Use it with ``async with``.

    ``now`` is the time of the step: Retry-After dates are counted from it. ``resolve`` gives the
    addresses of a host name; they are checked whoever gives them.
    """

    def __init__(
        self,
        settings: Settings,
        now: datetime,
        limits: Limits | None = None,
        *,
        resolve: Resolve = resolve_name,
    ) -> None:
        self._now = now
        self._limits = limits or Limits()
        self._agent = user_agent(settings.contact)
        self._allow = AllowList(settings.allow_hosts)
        per_minute = settings.fetches_per_minute
        self._pacing = Pacing(
            host_pause=settings.host_pause.total_seconds(),
            pause=60 / per_minute if per_minute else 0.0,
        )
        self._sites = Sites(PublicOnly(self._allow, proxy=settings.proxy, resolve=resolve))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._sites.aclose()

    def slow_down(self, url: str, seconds: float) -> None:
        """Leave at least so long between two requests to the host of this address."""
        self._pacing.slow_down(web_address(url, None).host, seconds)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: tuple[str, ...] = (),
        size: SizeLimits | None = None,
    ) -> FetchResult:
        """GET an address; never raises for what the outside does.

        ``etag`` and ``last_modified`` go back exactly as they came. With ``kinds`` an answer of
        another media type (its beginning is compared) is not read. ``size`` takes the place of
        that of the limits.
        """
        conditions = {"if-none-match": etag, "if-modified-since": last_modified}
        wanted = _Wanted(
            conditions={name: value for name, value in conditions.items() if value},
            kinds=kinds,
            size=size or self._limits.size,
        )
        try:
            return await self._follow(web_address(url, None), wanted)
        except RequestError as fault:
            return FetchFailed(url=url, code=fault.code, message=str(fault))

    async def _follow(self, address: ada_url.URL, wanted: _Wanted) -> FetchResult:
        moved_to: str | None = None
        is_permanent = True
        left = self._limits.total
        for _ in range(self._limits.redirects + 1):
            is_own = self._allow.holds(address.hostname, port_of(address))
            # Who waits for a turn keeps the site's connections open for it.
            async with (
                self._sites.pool(address.origin) as pool,
                self._pacing.turn(address.host, is_own=is_own),
            ):
                started = time.monotonic()
                try:
                    async with asyncio.timeout(left):
                        answer = await self._get(pool, address, wanted)
                except TimeoutError:
                    limit = f"{self._limits.total:.0f} s in all"
                    raise RequestError("timeout", limit) from None
                left -= time.monotonic() - started
            if not isinstance(answer, _Redirect):
                return (
                    answer
                    if isinstance(answer, FetchFailed)
                    else replace(answer, moved_to=moved_to)
                )
            address = web_address(answer.target, address.href)
            is_permanent = is_permanent and answer.is_permanent
            moved_to = address.href if is_permanent else moved_to
        raise RequestError("too_many_redirects", f"more than {self._limits.redirects}")

    async def _get(
        self, pool: httpcore.AsyncConnectionPool, address: ada_url.URL, wanted: _Wanted
    ) -> FetchResult | _Redirect:
        """The result, or where the answer redirects to."""
        limits = self._limits
        timeouts = {
            "connect": limits.connect,
            "read": limits.read,
            "write": limits.read,
            "pool": limits.total,
        }
        sent = {
            "user-agent": self._agent,
            "accept": "*/*",
            "accept-encoding": "gzip, deflate",
            **wanted.conditions,
        }
        try:
            async with pool.stream(
                "GET",
                request_target(address),
                headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
                extensions={"timeout": timeouts},
            ) as response:
                return await self._answer(address, response, wanted)
        except UnpackingError as fault:
            raise RequestError(fault.code, str(fault)) from None
        except httpcore.TimeoutException as fault:
            raise RequestError("timeout", _name_of(fault)) from None
        except (httpcore.NetworkError, *BROKEN, UnicodeError) as fault:
            raise _network_fault(fault) from None

    async def _answer(
        self, address: ada_url.URL, response: httpcore.Response, wanted: _Wanted
    ) -> FetchResult | _Redirect:
        headers = _plain_headers(response.headers)
        status = response.status
        if status in REDIRECTS and "location" in headers:
            return _Redirect(headers["location"], status in PERMANENT)
        if status == 304:
            if wanted.conditions:
                # Only a connection that was read to the end of its answer is used again.
                await _read_all(response, Unpacker("", wanted.size))
                return NotModified(url=address.href)
            raise RequestError("bad_http", "304 to a request without conditions")
        if not 200 <= status <= 299:
            return _refusal(address.href, status, headers, self._now)
        kind = headers.get("content-type", "").strip().lower()
        if wanted.kinds and kind and not kind.startswith(wanted.kinds):
            raise RequestError("bad_http", f"the answer is {kind[:60]}")
        unpacker = Unpacker(headers.get("content-encoding", ""), wanted.size)
        is_whole = await _read_all(response, unpacker)
        body = unpacker.content()
        return Fetched(
            url=address.href,
            status=status,
            headers=headers,
            body=body,
            sha256=sha256(body).hexdigest(),
            packed=unpacker.packed,
            is_whole=is_whole and unpacker.is_whole,
        )


def user_agent(contact: str | None) -> str:
    """Who we are and how to reach the person who runs this."""
    plain = "".join(c for c in contact or "" if c.isascii() and c.isprintable())
    return f"{AGENT}/{version('mediawatch')}" + (f" (+{plain})" if plain else "")


async def _read_all(response: httpcore.Response, unpacker: Unpacker) -> bool:
    """Read the body; False when the connection ended before it did."""
    try:
        async for chunk in response.aiter_stream():
            unpacker.take(chunk)
    except (httpcore.ReadError, *BROKEN):
        if not unpacker.packed:
            raise
        return False
    return True


def _plain_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header names in small letters; of a repeated one the first value counts."""
    headers: dict[str, str] = {}
    for name, value in raw:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
    return headers


def _refusal(url: str, status: int, headers: Mapping[str, str], now: datetime) -> FetchFailed:
    wait = retry_after(headers.get("retry-after"), now)
    if status == 410:
        code = "gone"
    elif status == 429 or (status == 503 and wait is not None):
        code = "throttled"
    elif 400 <= status <= 499:
        code = "http_4xx"
    elif 500 <= status <= 599:
        code = "http_5xx"
    else:
        code = "bad_http"
    message = f"{FETCH[code]} (status {status})"
    return FetchFailed(url=url, code=code, message=message, status=status, retry_after=wait)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a server asks us to stay away, at most a day: seconds or an HTTP date."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}", value):
        return min(timedelta(seconds=int(value)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def _network_fault(fault: BaseException) -> RequestError:
    """TLS faults are named; the rest is a broken connection or a broken answer."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            detail = getattr(cause, "verify_message", "") or cause.reason or str(cause)
            return RequestError("tls", str(detail)[:200])
        cause = cause.__cause__ or cause.__context__
    if isinstance(fault, httpcore.NetworkError):
        return RequestError("refused", str(fault)[:200] or _name_of(fault))
    return RequestError("bad_http", str(fault)[:200])


def _name_of(fault: BaseException) -> str:
    words = re.findall(r"[A-Z][a-z]+", type(fault).__name__)
    return " ".join(word.lower() for word in words)
