"""Web archives: WARC files, packed or not, record by record, each with its place in the file.

FastWARC reads them. A record that is broken costs itself alone: reading goes on at the next place
that looks like a beginning.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import brotli
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from mediawatch.errors import REJECTED, InputError
from mediawatch.model import Rejected
from mediawatch.sources.unpacking import GZIP_MAGIC, SizeLimits, Unpacker, UnpackingError

SUFFIXES = (".warc", ".warc.gz")
LARGEST = 20_000_000
PIECE = 1 << 16
SCANNED = 1 << 20
BEGINNINGS = (GZIP_MAGIC, b"WARC/")
HTML = ("text/html", "application/xhtml+xml")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,100}\r?\n")
READER = "archives 1, fastwarc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pages of an archive are taken: by day of capture, domain and language.

    Empty means all. A domain stands for its subdomains too.
    """

    since: date | None = None
    until: date | None = None
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @classmethod
    def parse(cls, since: str, until: str, domains: str, languages: str) -> Wanted:
        """From what a person writes: days as YYYY-MM-DD, lists with commas.

        Raises:
            InputError: a day or a language that is none.
        """
        for code in _listed(languages):
            if not re.fullmatch(r"[a-z]{2}", code):
                raise InputError(f"{code!r} is no language; write two letters, such as en,fr")
        return cls(
            since=_day(since),
            until=_day(until),
            domains=tuple(name.strip(".") for name in _listed(domains)),
            languages=_listed(languages),
        )

    def takes(self, url: str, moment: datetime) -> bool:
        """Whether a capture is of the days and domains that are wanted."""
        day = moment.date()
        if (self.since and day < self.since) or (self.until and day > self.until):
            return False
        if not self.domains:
            return True
        host = (urlsplit(url).hostname or "").lower()
        return any(host == name or host.endswith(f".{name}") for name in self.domains)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One page as it was once answered. ``content`` is unpacked; None when it is rejected."""

    url: str
    moment: datetime
    headers: Mapping[str, str]
    content: bytes | None
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One response record: the place where it begins, and its page if that is wanted."""

    place: int
    capture: Capture | None


def warc_files(path: Path) -> Iterator[tuple[str, Path]]:
    """The WARC files of a folder, or the file itself, with their names below it, in order.

    Symbolic links are not followed and hidden files not read.
    """
    if path.is_file():
        yield path.name, path
        return
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            is_own = not name.startswith(".") and not file.is_symlink() and file.is_file()
            if is_own and name.lower().endswith(SUFFIXES):
                yield str(file.relative_to(path)), file


def head_of(file: BinaryIO, wanted: Wanted) -> str:
    """What tells one file, read in one way, from another: its size, beginning, and the choice."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    said = f"{size}\x1f{wanted!r}\x1f".encode()
    return sha256(said + file.read(PIECE)).hexdigest()[:40]


def records(file: BinaryIO, place: int, passed: int, wanted: Wanted) -> Iterator[Record]:
    """Every response record from a place on; ``passed`` is how many came before it.

    In a file that was packed as a whole no place can be gone to: it is read from its beginning
    and the passed records are left out.
    """
    file.seek(place)
    skipped = 0
    if not file.read(len(b"WARC/")).startswith(BEGINNINGS):
        place, skipped = 0, passed
    start: int | None = place
    while start is not None:
        last = start
        file.seek(start)
        found = ArchiveIterator(
            file, record_types=WarcRecordType.response, parse_http=True, strict_mode=False
        )
        try:
            for record in found:
                last = max(last, record.stream_pos)
                if skipped:
                    skipped -= 1
                    continue
                yield Record(record.stream_pos, _capture(record, wanted))
        except (OSError, ValueError) as fault:
            start = _next_beginning(file, last + 1)
            yield Record(last, _broken(str(fault)))
        else:
            return


def _capture(record: WarcRecord, wanted: Wanted) -> Capture | None:
    """The page of a record, or None when it is no page or not wanted."""
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    moment = _moment(record.headers.get("WARC-Date"))
    if not url.startswith(("http://", "https://")) or moment is None or not record.is_http:
        return None
    http = record.http_headers
    kind = (http.get("Content-Type") or "").partition(";")[0].strip().lower()
    if http.status_code != 200 or kind not in HTML or not wanted.takes(url, moment):
        return None
    headers = {name.lower(): value for name, value in http.to_tuples()}
    content: bytes | Rejected
    if record.content_length > LARGEST:
        content = _rejected("too_large", f"{url} holds {record.content_length} bytes")
    else:
        content = _unpacked(record.reader.read(LARGEST + 1), headers, url)
    rejected = content if isinstance(content, Rejected) else None
    return Capture(
        url=url,
        moment=moment,
        headers=headers,
        content=None if isinstance(content, Rejected) else content,
        rejected=rejected,
    )


def _unpacked(content: bytes, headers: Mapping[str, str], url: str) -> bytes | Rejected:
    """A payload without its packings. Archives often say a packing that they have undone."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _joined_chunks(content)
    packing = headers.get("content-encoding", "").strip().lower()
    limits = SizeLimits(packed=LARGEST, unpacked=LARGEST)
    try:
        if packing == "br":
            return _unpacked_brotli(content)
        unpacker = Unpacker("gzip" if content.startswith(GZIP_MAGIC) else packing, limits)
        unpacker.take(content)
        return unpacker.content()
    except (UnpackingError, brotli.error, zlib.error) as fault:
        code = getattr(fault, "code", "bad_http")
        if code in REJECTED:
            return _rejected(code, f"{url}: {fault}")
        return content


def _unpacked_brotli(content: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    unpacked = unpacker.process(content, output_buffer_limit=LARGEST)
    if len(unpacked) >= LARGEST:  # the limit is one of several; a little more may come
        raise UnpackingError("too_large", f"it unpacks to more than {LARGEST} bytes")
    return bytes(unpacked)


def _joined_chunks(content: bytes) -> bytes:
    """The body of a chunked answer (RFC 9112, 7.1); as it is when it is not in chunks."""
    joined = bytearray()
    place = 0
    while found := CHUNK_SIZE.match(content, place):
        size = int(found[1], 16)
        if not size:
            return bytes(joined)
        joined += content[found.end() : found.end() + size]
        place = found.end() + size
        place += 2 if content[place : place + 2] == b"\r\n" else 1
    return bytes(joined) if joined else content


def _next_beginning(file: BinaryIO, place: int) -> int | None:
    """The next place in the file that looks like the beginning of a record."""
    while True:
        file.seek(place)
        piece = file.read(SCANNED)
        found = [at for mark in BEGINNINGS if (at := piece.find(mark)) >= 0]
        if found:
            return place + min(found)
        if len(piece) < SCANNED:
            return None
        place += SCANNED - len(b"WARC/")


def _broken(reason: str) -> Capture:
    """What stands for a record that cannot be read at all."""
    return Capture(
        url="",
        moment=datetime.fromtimestamp(0, UTC),
        headers={},
        content=None,
        rejected=_rejected("not_text", f"a record of the archive is broken: {reason[:200]}"),
    )


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{text!r} is no day; write YYYY-MM-DD") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())


def _rejected(code: str, detail: str) -> Rejected:
    return Rejected(code=code, message=f"{REJECTED[code]} ({detail})")
