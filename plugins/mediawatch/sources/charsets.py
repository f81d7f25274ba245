"""From bytes to text, whatever the sender says of them.

The order is that of the standards (RFC 7303, XML 1.0 appendix F): byte order mark, charset of the
HTTP header, XML declaration, UTF-8. What is declared is tried strictly; where it cannot be right,
the next is tried. Labels are read as browsers read them (WHATWG Encoding): ``iso-8859-1`` means
``windows-1252``, ``gb2312`` means ``gb18030``.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# The beginning of "<?xml" or of a first tag, in encodings that are no superset of ASCII.
BEGINNINGS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python codecs that are no charset of a text on the web.
NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "utf-7"}
    | {"undefined", "mbcs", "oem", "palmos", "raw_unicode_escape", "utf-8-sig"}
)
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
# Where any bytes are valid, a text that is valid UTF-8 is UTF-8.
ANY_BYTES = frozenset({"cp1252", "cp1254", "cp874"})
# So many good characters for each broken one make it UTF-8 with a few broken ones.
GOOD_FOR_EACH_BROKEN = 20
GUESS_FROM = 100_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the charset it was read in, and whether characters had to be replaced."""

    text: str
    charset: str
    is_mended: bool


def decode(content: bytes, content_type: str = "") -> Decoded:
    """Read bytes as text; ``content_type`` is the HTTP header. Never fails."""
    for mark, charset in MARKS:
        if content.startswith(mark):
            return _replacing(content[len(mark) :], charset)
    for beginning, charset in BEGINNINGS:
        if content.startswith(beginning):
            return _replacing(content, charset)
    declared = _declared(content, content_type)
    candidates = [*declared, "utf-8"]
    if candidates[0] in ANY_BYTES:
        candidates.insert(0, "utf-8")
    for charset in dict.fromkeys(candidates):
        try:
            return Decoded(content.decode(charset), charset, is_mended=False)
        except UnicodeDecodeError:
            if charset == "utf-8" and _is_nearly_utf8(content):
                return _replacing(content, charset)
    if declared and declared[0] != "utf-8":
        return _replacing(content, declared[0])
    guess = charset_normalizer.from_bytes(content[:GUESS_FROM]).best()
    return _replacing(content, guess.encoding if guess else "cp1252")


def _declared(content: bytes, content_type: str) -> list[str]:
    """The charsets that header and declaration name. Wide ones would have shown themselves."""
    in_header = IN_HEADER.search(content_type)
    in_text = DECLARATION.match(content[:1000])
    labels = [in_header[1]] if in_header else []
    labels += [in_text[1].decode("ascii")] if in_text else []
    found = [charset for label in labels if (charset := known(label))]
    return [charset for charset in found if not charset.startswith(("utf-16", "utf-32"))]


def known(label: str) -> str | None:
    """The codec that a charset's label means, or None."""
    try:
        name = codecs.lookup(label.strip().lower()).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    name = MEANT.get(name, name)
    return None if name in NO_CHARSETS else name


def _replacing(content: bytes, charset: str) -> Decoded:
    text = content.decode(charset, "replace")
    return Decoded(text, charset, is_mended="\ufffd" in text)


def _is_nearly_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(not c.isascii() for c in text) - broken
    return good >= broken * GOOD_FOR_EACH_BROKEN or broken == 1
