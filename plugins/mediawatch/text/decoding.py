"""Bytes of a page as text: byte order mark, UTF-8 where it fits, what is declared, Windows-1252."""

from __future__ import annotations

import codecs
import re

from mediawatch.model import Rejected
from mediawatch.text.rejections import refused

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers read under these names (WHATWG Encoding Standard).
READ_AS = {
    "iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252",
    "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-9": "windows-1254",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
NAME = r"[A-Za-z0-9_:.-]{2,40}"
DECLARED = re.compile(
    rf"charset\s*=\s*[\"']?\s*({NAME})|encoding=[\"']({NAME})[\"']", re.IGNORECASE
)
# Starts of files that are no text: PDF, ZIP, GIF, PNG, JPEG, gzip, RIFF, MP4, MP3, OGG, ELF, 7z.
BINARY = re.compile(
    rb"%PDF-|PK\x03\x04|GIF8|\x89PNG|\xff\xd8\xff|\x1f\x8b|RIFF....|....ftyp|ID3|OggS|\x7fELF|7z\xbc\xaf"
)


def decode(content: bytes, content_type: str | None = None) -> str | Rejected:
    """The text of a page, or ``not_text``. Never fails: what cannot be read is U+FFFD."""
    for mark, name in BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    head = content[:2048]
    if BINARY.match(head) or (content_type or "").casefold().startswith(
        ("image/", "video/", "audio/", "application/pdf", "application/zip", "font/")
    ):
        return refused("not_text")
    if head.count(b"\x00") * 20 > len(head) + 20:
        return content.decode("utf-16", "replace") if _is_utf16(head) else refused("not_text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    found = DECLARED.search(content_type or "") or DECLARED.search(head.decode("latin-1"))
    label = (found[1] or found[2]).casefold() if found else ""
    label = READ_AS.get(label, label)
    # Mostly UTF-8 with some bytes broken, as cut or joined by careless programs.
    lenient = content.decode("utf-8", "replace")
    if label in ("utf-8", "utf8", "") and lenient.count("\ufffd") * 50 <= len(lenient) + 50:
        return lenient
    try:
        return content.decode(label or "windows-1252", "replace")
    except LookupError:
        return content.decode("windows-1252", "replace")


def _is_utf16(head: bytes) -> bool:
    """Every second byte is zero: Latin text in UTF-16 without its mark."""
    return head[1::2].count(0) * 10 > len(head) * 4 or head[::2].count(0) * 10 > len(head) * 4
