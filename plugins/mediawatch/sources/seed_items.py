"""What a file of a seed folder holds, before it is anybody's entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import hashed, item_key
from mediawatch.sources.links import without_scheme
from mediawatch.sources.opml import is_web_address

LARGEST = 20_000_000
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# More control characters among the first bytes are no text in any encoding.
LOOKED_AT = 4096
MOST_CONTROLS = 16
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
ADDRESSES = "urls.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedItem:
    """One article of a folder. ``key`` is its path below it, and its name inside its file.

    ``sha256`` is of its content. ``said`` are fields of :class:`~mediawatch.model.RawEntry`,
    ``page`` the bytes of an HTML page; ``is_address``: only an address is known, its page is to
    be fetched.
    """

    key: str
    sha256: str
    said: Mapping[str, Any] = field(default_factory=dict)
    page: bytes | None = None
    is_address: bool = False
    rejected: Rejected | None = None

    @property
    def size(self) -> int:
        """About how much memory it takes."""
        return len(self.page or b"") + len(self.said.get("content", ""))


def text_item(key: str, content: bytes) -> SeedItem:
    """A text in the seed format."""
    code = _fault(content)
    if code:
        return rejected_item(key, sha256(content).hexdigest(), code, key)
    said = {"content": content.decode("utf-8-sig"), "content_type": "seed"}
    return SeedItem(key=key, sha256=sha256(content).hexdigest(), said=said)


def page_item(key: str, content: bytes) -> SeedItem:
    """An HTML page; its charset is found when it is read."""
    digest = sha256(content).hexdigest()
    if not content.strip():
        return rejected_item(key, digest, "empty", key)
    if not content.startswith(WIDE_MARKS) and _is_binary(content):
        return rejected_item(key, digest, "not_text", key)
    return SeedItem(key=key, sha256=digest, page=content)


def address_items(key: str, content: bytes) -> Iterator[SeedItem]:
    """A list of addresses, one a line; lines that begin with # are remarks."""
    for number, line in enumerate(decode(content).text.splitlines(), start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if is_web_address(address):
            yield address_item(f"{key}#{without_scheme(address)}", address)
        else:
            detail = f"{key}, line {number}: {address[:100]!r} is no http or https address"
            yield rejected_item(f"{key}#{hashed(address)}", hashed(address), "not_text", detail)


def address_item(key: str, address: str, said: Mapping[str, Any] | None = None) -> SeedItem:
    """An article of which the address is known, and perhaps what else is said of it."""
    fields = {**(said or {}), "url": address}
    digest = hashed(*(f"{name}={value!r}" for name, value in sorted(fields.items())))
    return SeedItem(key=item_key(key), sha256=digest, said=fields, is_address=True)


def rejected_item(key: str, digest: str, code: str, detail: str) -> SeedItem:
    """What cannot be read, with a sentence that names it."""
    message = f"{REJECTED[code]} ({detail})"
    return SeedItem(key=item_key(key), sha256=digest, rejected=Rejected(code=code, message=message))


def _fault(content: bytes) -> str | None:
    """The code of what is wrong with a text's bytes, or None."""
    if not content.strip():
        return "empty"
    if content.startswith(WIDE_MARKS):
        return "bad_encoding"
    if _is_binary(content):
        return "not_text"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "bad_encoding"
    return None if text.strip() else "empty"


def _is_binary(content: bytes) -> bool:
    beginning = content[:LOOKED_AT]
    controls = len(beginning) - len(beginning.translate(None, CONTROLS))
    return b"\x00" in content or controls > MOST_CONTROLS
