"""Connections to public addresses only.

A host name is resolved here, its addresses are checked, and the connection is made to a checked
address: what a second DNS answer says changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import httpcore

from mediawatch.errors import FETCH
from mediawatch.sources.addresses import AllowList, is_public

SOME_ADDRESSES = 4


class RequestError(Exception):
    """Ends one request with a code, from wherever it is noticed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{FETCH[code]} ({detail})" if detail else FETCH[code])
        self.code = code


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, and to the exceptions of the settings."""

    def __init__(self, allow: AllowList) -> None:
        self._allow = allow
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
        loop = asyncio.get_running_loop()
        name = host.strip("[]")
        try:
            async with asyncio.timeout(timeout):
                found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise RequestError("dns", host) from None
        except TimeoutError:
            raise RequestError("timeout", f"no answer for the name {host}") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._allow.holds(host, port):
            addresses = [a for a in addresses if is_public(a) or self._allow.holds(a, port)]
        if not addresses:
            raise RequestError("private_address", host)
        return addresses[:SOME_ADDRESSES]
