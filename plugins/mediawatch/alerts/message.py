"""The bytes of a message: headers that nothing can break out of, and two encoded parts.

Written out here and not by ``email.message``, whose folding of long encoded headers differs from
one Python to the next. RFC 5322, 2045 to 2047, 6532.
"""

from __future__ import annotations

import base64
import quopri
import unicodedata
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256

SUBJECT_LIMIT = 200
# Marks that turn the direction of what follows, or hide in it.
_HIDDEN = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def one_line(text: str, limit: int | None = None) -> str:
    """Text from outside made fit for one line: no control or direction signs, single blanks.

    Cut to ``limit`` code points, the last one an ellipsis.
    """
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c
        for c in text
        if c not in _HIDDEN
    )
    line = " ".join(kept.split())
    return line if limit is None or len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def message_id(address: str, kind: str, slot: str, host: str) -> str:
    """The Message-ID of a delivery: always the same for the same ledger key."""
    key = sha256(f"{address}\x00{kind}\x00{slot}".encode()).hexdigest()[:40]
    return f"<{key}@{host}>"


def host_of(address: str) -> str:
    """The domain of an address, as ASCII."""
    return ascii_domain(address).rpartition("@")[2]


def ascii_domain(address: str) -> str:
    """The address with its domain in IDNA form, so that only its local part may need SMTPUTF8."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def build(
    *,
    sender: str,
    recipient: str,
    subject: str,
    date: datetime,
    identifier: str,
    extra: tuple[tuple[str, str], ...],
    text: str,
    html: str,
) -> bytes:
    """A ``multipart/alternative`` message. ``extra`` are further headers, in ASCII."""
    boundary = f"=_{sha256(identifier.encode()).hexdigest()[:32]}"
    headers = [
        ("From", f"mediawatch <{ascii_domain(sender)}>"),
        ("To", f"<{ascii_domain(recipient)}>"),
        ("Subject", _encoded("Subject", one_line(subject, SUBJECT_LIMIT))),
        ("Date", format_datetime(date)),
        ("Message-ID", identifier),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        *extra,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    lines = [_header(name, value) for name, value in headers]
    for kind, content in (("plain", text), ("html", html)):
        encoding, encoded = _body(content)
        lines.append(
            f"\r\n--{boundary}\r\n"
            f"Content-Type: text/{kind}; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
            + encoded
        )
    lines.append(f"\r\n--{boundary}--\r\n".encode())
    return b"".join(lines)


def phrase(text: str) -> str:
    """Text from outside as the words before ``<…>`` of a header, quoted or encoded."""
    line = one_line(text, SUBJECT_LIMIT)
    if line.isascii() and "=?" not in line:
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return Header(line, "utf-8").encode(linesep="\r\n")


def _encoded(name: str, value: str) -> str:
    charset = "us-ascii" if value.isascii() and "=?" not in value else "utf-8"
    return Header(value, charset, header_name=name).encode(linesep="\r\n")


def _header(name: str, value: str) -> bytes:
    for line in value.split("\r\n")[1:]:
        if not line.startswith((" ", "\t")):
            raise ValueError(f"a line break in header {name}")
    if "\n" in value.replace("\r\n", "") or "\r" in value.replace("\r\n", ""):
        raise ValueError(f"a line break in header {name}")
    return f"{name}: {value}\r\n".encode()


def _body(text: str) -> tuple[str, bytes]:
    """Transfer encoding and encoded bytes, no line above 76, CRLF at each end."""
    raw = text.encode()
    if len(text.encode("ascii", "ignore")) * 10 < len(raw) * 9:
        return "base64", base64.encodebytes(raw).replace(b"\n", b"\r\n")
    return "quoted-printable", quopri.encodestring(raw).replace(b"\n", b"\r\n") + b"\r\n"
