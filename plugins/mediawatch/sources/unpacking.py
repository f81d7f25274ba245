"""Unpacking by the piece, under limits, so that a bomb costs no memory."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

PIECE = 1 << 16
GZIP_MAGIC = b"\x1f\x8b\x08"
GZIP = 16 + zlib.MAX_WBITS
# Short answers may well shrink a lot; the ratio counts from here on.
RATIO_FROM = 1 << 20


class UnpackingError(Exception):
    """``code`` is one of errors.FETCH: too_large, bomb or bad_http."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLimits:
    """The most bytes as sent, the most unpacked, and how many times as much that may be."""

    packed: int = 10_000_000
    unpacked: int = 20_000_000
    ratio: int = 100


class Unpacker:
    """Takes an answer's bytes as they come and keeps them unpacked.

    ``encoding`` is the value of Content-Encoding. ``packed`` counts the bytes taken.

    Raises:
        UnpackingError: at once for an encoding that was not asked for; in ``take`` when a limit
            is passed or the bytes are no such packing.
    """

    def __init__(self, encoding: str, limits: SizeLimits) -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnpackingError("bad_http", f"the answer is packed as {name[:40]!r}")
        self._packing = name.removeprefix("x-")
        self._unzip = zlib.decompressobj(GZIP) if self._packing == "gzip" else None
        self._limits = limits
        self._content = bytearray()
        self.packed = 0

    def take(self, chunk: bytes) -> None:
        """The next bytes as they were sent."""
        if not chunk:
            return
        self.packed += len(chunk)
        if self.packed > self._limits.packed:
            raise UnpackingError("too_large", f"more than {self._limits.packed} bytes were sent")
        if self._packing in ("", "identity"):
            self._keep(chunk, self.packed)
            return
        if self._unzip is None:
            # "deflate" is zlib by the standard and a bare stream from some servers.
            is_zlib = chunk[0] & 0x0F == 8
            self._unzip = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        try:
            self._inflate(chunk)
        except zlib.error as fault:
            raise UnpackingError("bad_http", f"the packing is broken ({fault})") from None

    def content(self) -> bytes:
        """What was unpacked so far."""
        return bytes(self._content)

    @property
    def is_whole(self) -> bool:
        """False when the packed stream broke off."""
        return self._unzip is None or self._unzip.eof

    def _inflate(self, chunk: bytes) -> None:
        assert self._unzip is not None
        while chunk:
            piece = self._unzip.decompress(chunk, PIECE)
            chunk = self._unzip.unconsumed_tail
            self._keep(piece, self.packed - len(chunk))
            if self._unzip.eof:
                following = self._unzip.unused_data
                if self._packing != "gzip" or not following.startswith(GZIP_MAGIC):
                    return  # padding after the end is no content
                self._unzip, chunk = zlib.decompressobj(GZIP), following

    def _keep(self, piece: bytes, used: int) -> None:
        """Add what was unpacked from the first ``used`` bytes."""
        self._content += piece
        size = len(self._content)
        if size > self._limits.unpacked:
            # What shrank a lot is named for what it is.
            code = "bomb" if size > used * self._limits.ratio else "too_large"
            raise UnpackingError(code, f"it unpacks to more than {self._limits.unpacked} bytes")
        if size > RATIO_FROM and size > used * self._limits.ratio:
            raise UnpackingError(
                "bomb",
                f"{used} bytes unpack to more than {self._limits.ratio} times as much",
            )


def unpacked_file(content: bytes, limits: SizeLimits) -> bytes:
    """A file that may be a gzip: what is in it, as far as it goes; others come back as they are.

    Raises:
        UnpackingError: too_large or bomb.
    """
    if not content.startswith(GZIP_MAGIC):
        return content
    unpacker = Unpacker("gzip", limits)
    unpacker.take(content)
    return unpacker.content()
