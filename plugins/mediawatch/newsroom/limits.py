"""How often one may ask: so many requests in a span of time, counted in this process."""

from __future__ import annotations

import math
import time
from threading import Lock

from fastapi import HTTPException, Request, status

# So many callers are remembered; above that the oldest spans are forgotten first.
REMEMBERED = 10_000


# Requests in a minute: of a person who has logged in, and of an address without log-in.
PERSON = 240
STRANGER = 60


class Limiter:
    """Lets each name pass ``allowed`` times in every span of ``seconds``."""

    def __init__(self, allowed: int, *, seconds: int) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._spans: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def take(self, name: str) -> None:
        """Count one request.

        Raises:
            HTTPException: 429 with ``Retry-After``; the name has used up its span.
        """
        now = time.monotonic()
        with self._lock:
            began, count = self._spans.pop(name, (now, 0))
            if now - began >= self._seconds:
                began, count = now, 0
            self._spans[name] = (began, count + 1)
            while len(self._spans) > REMEMBERED:
                self._spans.pop(next(iter(self._spans)))
        if count >= self._allowed:
            wait = max(1, math.ceil(began + self._seconds - now))
            raise HTTPException(
                status.HTTP_429_TOO_MANY_REQUESTS,
                f"too many requests: ask again in {wait} seconds",
                headers={"Retry-After": str(wait)},
            )


class Pace:
    """The limits of one app."""

    def __init__(self) -> None:
        self._people = Limiter(PERSON, seconds=60)
        self._strangers = Limiter(STRANGER, seconds=60)

    def person(self, name: str) -> None:
        """Count a request of somebody who has logged in.

        Raises:
            HTTPException: 429.
        """
        self._people.take(name)

    def stranger(self, request: Request) -> None:
        """Count a request without log-in, by the address that it comes from.

        Raises:
            HTTPException: 429.
        """
        self._strangers.take(request.client.host if request.client else "")


def stranger(request: Request) -> None:
    """A dependency of what needs no log-in."""
    request.app.state.pace.stranger(request)
