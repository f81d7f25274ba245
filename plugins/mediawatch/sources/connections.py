"""Connections to public addresses only.

A host name is resolved here, its addresses are checked, and the connection is made to a checked
address: what a second DNS answer says changes nothing. A proxy is told the checked address too,
never the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import certifi
import httpcore

from mediawatch.errors import FETCH
from mediawatch.sources.addresses import AllowList, is_public
from mediawatch.sources.pacing import PER_HOST

SOME_ADDRESSES = 4
KEPT_OPEN = 3.0  # seconds without use; many servers close after five
LONGEST_HEAD = 16_384  # of a proxy's answer
Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]


class RequestError(Exception):
    """Ends one request with a code, from wherever it is noticed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{FETCH[code]} ({detail})" if detail else FETCH[code])
        self.code = code


async def resolve_name(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, as this machine resolves it.

    Raises:
        OSError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, and to the exceptions of the settings.

    ``proxy`` is the URL of an HTTP proxy that tunnels (CONNECT) every connection.
    """

    def __init__(
        self, allow: AllowList, *, proxy: str | None = None, resolve: Resolve = resolve_name
    ) -> None:
        self._allow = allow
        self._proxy = urlsplit(proxy) if proxy else None
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the interface of httpcore)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception | None = None
        for address in await self._addresses(host, port, timeout):
            try:
                if self._proxy:
                    return await self._tunnel(address, port, timeout)
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                failure = fault
        assert failure is not None
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError):
            raise RequestError("dns", host) from None
        except TimeoutError:
            raise RequestError("timeout", f"no answer for the name {host}") from None
        addresses = list(dict.fromkeys(found))
        if not self._allow.holds(host, port):
            addresses = [a for a in addresses if is_public(a) or self._allow.holds(a, port)]
        if not addresses:
            raise RequestError("private_address", host)
        return addresses[:SOME_ADDRESSES]

    async def _tunnel(
        self,
        address: str,
        port: int,
        timeout: float | None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address through the proxy."""
        assert self._proxy is not None
        assert self._proxy.hostname is not None
        target = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
        if self._proxy.username:
            user, password = unquote(self._proxy.username), unquote(self._proxy.password or "")
            login = b64encode(f"{user}:{password}".encode()).decode()
            head += f"Proxy-Authorization: Basic {login}\r\n"
        try:
            stream = await self._inner.connect_tcp(
                self._proxy.hostname, self._proxy.port or 80, timeout
            )
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise RequestError("refused", "the proxy of MEDIAWATCH_PROXY does not answer") from None
        await stream.write(f"{head}\r\n".encode(), timeout)
        answer = b""
        while b"\r\n\r\n" not in answer and len(answer) < LONGEST_HEAD:
            piece = await stream.read(LONGEST_HEAD, timeout)
            if not piece:
                break
            answer += piece
        status = answer.split(b" ", 2)[1:2]
        if status != [b"200"] or not answer.endswith(b"\r\n\r\n"):
            await stream.aclose()
            said = answer.partition(b"\r\n")[0].decode("latin-1")[:80]
            raise RequestError("refused", f"the proxy answered {said!r} for {target}")
        return stream


@dataclass(slots=True)
class _Site:
    pool: httpcore.AsyncConnectionPool
    users: int = 0


class Sites:
    """The connections to each site, kept as long as somebody uses them: one pool for all sites
    would be searched through with every request.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend
        self._trusted = _trusted()
        self._sites: dict[str, _Site] = {}

    @asynccontextmanager
    async def pool(self, origin: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """The connections to a scheme, host and port."""
        site = self._sites.setdefault(origin, _Site(self._new_pool()))
        site.users += 1
        try:
            yield site.pool
        finally:
            site.users -= 1
            if not site.users:
                self._sites.pop(origin, None)
                await site.pool.aclose()

    async def aclose(self) -> None:
        """Close what is still open."""
        while self._sites:
            _, site = self._sites.popitem()
            await site.pool.aclose()

    def _new_pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._trusted,
            http2=True,
            max_connections=PER_HOST,
            keepalive_expiry=KEPT_OPEN,
            network_backend=self._backend,
        )


def _trusted() -> ssl.SSLContext:
    """What this machine trusts (also by SSL_CERT_FILE), and what browsers do."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
