"""Signed links of mails: each token lets its bearer do one act on one subscription.

A token is ``<claims>.<signature>``, both base64url without padding: the claims a JSON list, the
signature HMAC-SHA256 over them under the key of the settings. It holds no address. What an act
does stands in ``acts``; the page that shows and takes it is the newsroom's.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, get_args

from mediawatch.errors import LINKS

Act = Literal["unsubscribe", "pause", "mute", "not_relevant"]
ACTS: Final[tuple[str, ...]] = get_args(Act)
# Acts on one story or event; the others are on the whole subscription.
ON_A_UNIT: Final = frozenset({"mute", "not_relevant"})
VALID_FOR: Final = timedelta(days=30)
# Below the public URL: the newsroom serves the page of a link at PATH/<token>.
PATH: Final = "/mail"
TOKEN_LIMIT: Final = 1000
_PURPOSE: Final = b"mediawatch mail link 1\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one link allows. ``unit_id`` is the story or event of acts on one, else empty."""

    act: Act
    watch_id: str
    recipient_id: int
    unit_id: str = ""
    expires: datetime


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """A token that allows nothing: a code of ``errors.LINKS`` and its sentence."""

    code: str

    @property
    def message(self) -> str:
        """One sentence for the person who followed the link."""
        return LINKS[self.code]


def sign(grant: Grant, key: str) -> str:
    """The token of a grant."""
    values = [
        grant.act,
        grant.watch_id,
        grant.recipient_id,
        grant.unit_id,
        int(grant.expires.timestamp()),
    ]
    claims = _encoded(json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{claims}.{_encoded(_signature(claims, key))}"


def verify(token: str, key: str, now: datetime) -> Grant | LinkRefused:
    """What a token allows at ``now``; nothing of it is read before its signature holds."""
    claims, dot, signature = token.partition(".")
    if not dot or len(token) > TOKEN_LIMIT or not token.isascii():
        return LinkRefused("link_broken")
    if not hmac.compare_digest(signature, _encoded(_signature(claims, key))):
        return LinkRefused("link_broken")
    try:
        act, watch_id, recipient_id, unit_id, expires = json.loads(_decoded(claims))
    except (ValueError, binascii.Error):
        return LinkRefused("link_broken")
    if act not in ACTS:
        return LinkRefused("link_broken")
    until = datetime.fromtimestamp(expires, UTC)
    if now >= until:
        return LinkRefused("link_expired")
    return Grant(
        act=act, watch_id=watch_id, recipient_id=recipient_id, unit_id=unit_id, expires=until
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes the links of mails: where the newsroom is reached, and the key."""

    public_url: str
    key: str

    @property
    def is_https(self) -> bool:
        """Whether a mail program may act by itself over these links (RFC 8058)."""
        return self.public_url.startswith("https://")

    def link(
        self, act: Act, watch_id: str, recipient_id: int, now: datetime, unit_id: str = ""
    ) -> str:
        """The address of one act, good for 30 days from ``now``."""
        grant = Grant(
            act=act,
            watch_id=watch_id,
            recipient_id=recipient_id,
            unit_id=unit_id,
            expires=now + VALID_FOR,
        )
        return f"{self.public_url}{PATH}/{sign(grant, self.key)}"


def _signature(claims: str, key: str) -> bytes:
    return hmac.digest(key.encode(), _PURPOSE + claims.encode(), "sha256")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
