"""All codes in one place, each with one sentence for people; and the exceptions of the house.

Expected failures are values that carry one of these codes. Exceptions are for what a person
must mend before the job can be done.
"""

from __future__ import annotations

REJECTED: dict[str, str] = {
    "not_feed": "The answer is not a feed, sitemap or list of articles.",
    "not_text": "The file or page holds no readable text (binary, image, video or PDF).",
    "empty": "There is no text in it.",
    "too_large": "It is larger than the limit.",
    "bomb": "It unpacks to far more than it should, and was stopped.",
    "bad_encoding": "The characters cannot be read in any likely encoding.",
    "bad_xml": "The XML is broken beyond what can be mended, or holds a forbidden DTD.",
    "consent_wall": "The page shows only a cookie or consent notice.",
    "bot_wall": "The page shows only a check for robots.",
    "soft_404": "The page says that the article does not exist.",
    "section_page": "The page is a home or section page, not an article.",
    "script_page": "The page holds no text without running scripts.",
    "paywall_empty": "The page shows no text before payment.",
    "forgotten": "It was removed for good by request and is not taken in again.",
    "extractor_died": "The extractor was stopped on this item (time, memory or crash).",
}

FETCH: dict[str, str] = {
    "ok": "Read.",
    "unchanged": "Read; nothing changed since the last time.",
    "timeout": "The server did not answer in time.",
    "refused": "The connection was refused or reset.",
    "private_address": "The address leads into a private network and was not contacted.",
    "dns": "The host name does not resolve.",
    "tls": "The secure connection failed.",
    "bad_http": "The server's answer is not valid HTTP.",
    "bomb": "The answer unpacks to far more than it should, and was stopped.",
    "http_4xx": "The server refused the request.",
    "http_5xx": "The server failed.",
    "too_many_redirects": "The address redirects in a loop or too often.",
    "too_large": "The answer is larger than the limit.",
    "robots": "The site's robots.txt does not allow it.",
    "throttled": "The server asked us to come back later.",
    "gone": "The server says that this address is gone for good.",
}

SOURCE_STATES: dict[str, str] = {
    "new": "Not read yet.",
    "fine": "Read, with entries.",
    "unchanged": "Read; nothing changed since the last time.",
    "empty": "Read, but it holds no entry.",
    "quiet": "Read, but silent for far longer than usual.",
    "failing": "Could not be read.",
    "degraded": "Read, but texts are much shorter or dates rarer than before.",
    "moved": "Has moved to another address.",
    "robots": "The site's robots.txt does not allow it.",
    "gone": "The server says that it is gone for good.",
    "paused": "Paused by a person.",
}

LINKS: dict[str, str] = {
    "link_broken": "This link is not complete: copy it whole, or follow it from the mail.",
    "link_expired": "This link has expired: use one from a newer mail.",
    "link_gone": "The watch or the subscription that this link belongs to is gone.",
}

FLAGS: frozenset[str] = frozenset(
    {
        "future_date",
        "no_zone",
        "weekday_mismatch",
        "date_conflict",
        "invalid_date",
        "derived_title",
        "teaser_only",
        "paywalled",
        "live_blog",
        "gallery",
        "press_release",
        "headline_prefix",
        "mixed_language",
        "sponsored",
        "diverged",
        "repeat",
        "cut",
    }
)


class MediawatchError(Exception):
    """A fault that a person must mend; its text names the input and the cure."""


class SettingsError(MediawatchError):
    """A setting is missing or wrong; the text names its variable."""


class ServiceError(MediawatchError):
    """A service cannot be installed, started or reached."""


class InputError(MediawatchError):
    """A file or argument given by a person cannot be used; the text names it.

    ``code`` is for programs: one of REJECTED, or ``bad_input``.
    """

    def __init__(self, message: str, code: str = "bad_input") -> None:
        super().__init__(message)
        self.code = code


class QueryError(MediawatchError):
    """A search query is wrong. ``position`` counts code points from 0, or is None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
