"""When a request may start: at most two at once to a host, a pause there, and a pace over all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PER_HOST = 2
LONGEST_PAUSE = 30.0  # seconds; a longer crawl delay would keep a site's news for hours


@dataclass(slots=True)
class _Host:
    pause: float
    next_start: float = 0.0
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PER_HOST))


class Pacing:
    """Hands out turns. ``host_pause`` and ``pause`` are the least seconds between two starts, on
    one host and in all.
    """

    def __init__(self, *, host_pause: float = 0.0, pause: float = 0.0) -> None:
        self._host_pause = host_pause
        self._pause = pause
        self._next_start = 0.0
        self._hosts: dict[str, _Host] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave at least so long between two starts on this host (a crawl delay)."""
        place = self._host(host)
        place.pause = max(place.pause, min(seconds, LONGEST_PAUSE))
        place.next_start = max(place.next_start, asyncio.get_running_loop().time() + place.pause)

    @asynccontextmanager
    async def turn(self, host: str, *, is_own: bool = False) -> AsyncIterator[None]:
        """Wait for a turn on this host; it lasts as long as the block. An own host (one that the
        settings allow by name) gets no pause unless it asks for one.
        """
        place = self._host(host, 0.0 if is_own else self._host_pause)
        async with place.slots:
            clock = asyncio.get_running_loop().time
            start = max(clock(), place.next_start)
            place.next_start = start + place.pause
            await _until(start)
            start = max(clock(), self._next_start)
            self._next_start = start + self._pause
            await _until(start)
            yield

    def _host(self, host: str, pause: float = 0.0) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(pause)
        return self._hosts[host]


async def _until(moment: float) -> None:
    seconds = moment - asyncio.get_running_loop().time()
    if seconds > 0:
        await asyncio.sleep(seconds)
