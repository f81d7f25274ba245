"""What comes of a request, without what sends it: parsing workers load no more than this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A good answer. ``url`` is where it came from at last; header names are small letters.

    ``is_whole`` is False when the answer broke off: its validators must not be kept.
    ``moved_to`` is where permanent redirects led, before any other.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    packed: int
    is_whole: bool
    moved_to: str | None = None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304: nothing changed since the validators that were sent."""

    url: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """No answer that can be used. ``code`` is one of errors.FETCH."""

    url: str
    code: str
    message: str
    status: int | None = None
    retry_after: timedelta | None = None


FetchResult: TypeAlias = Fetched | NotModified | FetchFailed
