"""Addresses: the one shown to people, and the key by which two are compared.

Parsing, dot segments, IDN and percent-encoding are those of the WHATWG URL standard (ada-url).
The address shown loses only what says how a reader came; scheme, ``www.``, ``m.``, ``amp.`` and
the like are folded in the key alone. Both are idempotent.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

import ada_url
from tld import get_fld

from mediawatch.text import redirectors

_LIST = tomllib.loads(Path(__file__).with_name("tracking.toml").read_text(encoding="utf-8"))
RULES = f"urls-2 {_LIST['version']}"
PREFIXES = tuple(_LIST["prefixes"])
NAMES = frozenset(_LIST["names"])
UNLESS_NUMBER = frozenset(_LIST["unless_number"])
VIEWS = frozenset(_LIST["views"])
CHOOSING = frozenset(_LIST["choosing"])
VALUED = {name: frozenset(values) for name, values in _LIST["valued"].items()}
VIEWED = {name: frozenset(values) for name, values in _LIST["viewed"].items()}

LONGEST = 8_000
# A value that names a feed, whatever the parameter is called.
FEED_VALUE = re.compile(r"rss(?:[_-].*)?", re.IGNORECASE)
# A session, not the number of a story.
SESSION_VALUE = re.compile(r"(?=.*\d)[0-9a-zA-Z]{26,}")
SESSION_NAMES = frozenset({"sid", "s", "session", "phpsess"})
SESSION_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\([A-Z]\([0-9a-z]{20,30}\)\)(?=/)", re.IGNORECASE
)
# Old ways of choosing the article in a page that never changes its address.
ROUTE = re.compile(r"#!|#/\w")
FOLDED_FIRST = re.compile(r"^(?:www\d?\.)+")
FOLDED_LABELS = frozenset({"m", "mobile", "amp", "wap", "touch", "mobi"})
AMP_SEGMENTS = frozenset({"amp", "amphtml"})
AMP_END = re.compile(r"\.amp(?:\.html?)?$|/amp\.html?$", re.IGNORECASE)
PRINT_END = re.compile(r"(?<=[^/])/(?:print|printable|printer-friendly)$", re.IGNORECASE)
SLIDE_END = re.compile(r"(?<=[^/])/slides?/\d{1,3}$")
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
DOUBLE_SLASH = re.compile(r"(?<!:)/{2,}")
UNRESERVED = re.compile(r"%(2[dDeE]|3\d|4[1-9a-fA-F]|5[\daAfF]|6[1-9a-fA-F]|7[\daAeE])")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
ESCAPED_MARK = re.compile(r"%c[c-f]%|%e1%aa|%e2%83", re.IGNORECASE)
NOT_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@dataclass(frozen=True, slots=True)
class Address:
    """``url`` is shown and opened; ``key`` is compared and never shown."""

    url: str
    key: str


@lru_cache(maxsize=20_000)
def address(url: str, base: str | None = None) -> Address | None:
    """The address shown and its key; None for what is no web address."""
    parsed = _parse(url, base)
    for _ in range(5):  # a redirector may lead to another
        target = _target(parsed) if parsed else None
        if target is None:
            break
        parsed = target
    if parsed is None:
        return None
    parsed.username = parsed.password = ""
    if not ROUTE.match(parsed.hash):
        parsed.hash = ""
    parsed.pathname = SESSION_PATH.sub("", parsed.pathname)
    kept = "&".join(p for p in _parameters(parsed) if not _is_tracking(p))
    parsed.search = f"?{kept}" if kept else ""
    return Address(url=parsed.href, key=_key(parsed))


def canonical(here: str | None, given: Iterable[str | None]) -> str | None:
    """The first plausible of the addresses that a page gives itself, else ``here``, as shown.

    Plausible is one of the same site that is not its home page, not a section above the page,
    and not the page without the parameter that chooses its article. ``here`` is where the page
    was read; without it the first web address is taken.
    """
    read_at = address(here) if here else None
    for name in given:
        found = address(name, read_at.url if read_at else None) if name else None
        if found is not None and (read_at is None or _is_plausible(found, read_at)):
            return found.url
    return read_at.url if read_at else None


def key_hash(key: str) -> str:
    """The row of ``article_key`` for an address's key."""
    return "u:" + sha256(key.encode("utf-8")).hexdigest()[:40]


@lru_cache(maxsize=20_000)
def registrable_domain(url: str) -> str | None:
    """``bbc.co.uk`` of any address below it; None for an IP address or a bare name.

    By the Public Suffix List; a last label that it does not know counts as a suffix, as the
    list's own rules say.
    """
    found = get_fld(url, fail_silently=True, search_private=False)
    if found:
        return str(found).lower()
    parsed = _parse(url, None)
    labels = parsed.hostname.rstrip(".").split(".") if parsed else []
    if len(labels) < 2 or not labels[-1][:1].isalpha():
        return None
    return ".".join(labels[-2:])


def is_home_page(url: str) -> bool:
    """Whether an address names a site and nothing below it."""
    found = address(url)
    return found is not None and is_site(found.key)


def is_site(key: str) -> bool:
    """Whether a key names a site and nothing below it: it identifies no article."""
    return not any(mark in key for mark in "/?#")


def _is_plausible(found: Address, here: Address) -> bool:
    if found.key == here.key:
        return True
    if registrable_domain(found.url) != registrable_domain(here.url):
        return False
    if is_site(found.key) or is_site(here.key):
        return False
    path, _, query = found.key.partition("?")
    own_path, _, own_query = here.key.partition("?")
    if path == own_path:
        left = {part.partition("=")[0].casefold() for part in query.split("&")}
        own = {part.partition("=")[0].casefold() for part in own_query.split("&")}
        return not (own - left) & CHOOSING
    return not own_path.startswith(f"{path}/")


def _parse(url: str, base: str | None) -> ada_url.URL | None:
    if len(url) > LONGEST:
        return None
    text = "".join(c for c in url.strip() if c.isprintable())
    text = text.encode("utf-8", "replace").decode("utf-8")
    if text.startswith("//") and not base:
        text = f"https:{text}"
    for given in (base, None):
        try:
            parsed = ada_url.URL(text, base=given) if given else ada_url.URL(text)
        except (ValueError, TypeError):
            continue
        if parsed.protocol in ("http:", "https:") and parsed.hostname:
            return parsed
        return None
    return None


def _target(parsed: ada_url.URL) -> ada_url.URL | None:
    """Where a redirector, cache or archive leads, by the address alone."""
    found = redirectors.target(parsed.hostname, parsed.pathname, parsed.search)
    return _parse(found, None) if found else None


def _parameters(parsed: ada_url.URL) -> list[str]:
    return [part for part in parsed.search.removeprefix("?").split("&") if part]


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote(name).casefold()
    if name.startswith("amp;"):  # an "&amp;" that was escaped once too often
        name = name.removeprefix("amp;")
    value = unquote(value).casefold()
    return (
        name in NAMES
        or name.startswith(PREFIXES)
        or (name in UNLESS_NUMBER and not value.isdigit())
        or value in VALUED.get(name, ())
        or (name not in CHOOSING and FEED_VALUE.fullmatch(value) is not None)
        or (name in SESSION_NAMES and SESSION_VALUE.fullmatch(value) is not None)
    )


def _is_view(parameter: str) -> bool:
    """Whether a parameter asks for another view of the same article."""
    name, _, value = parameter.partition("=")
    name = unquote(name).casefold()
    return name in VIEWS or unquote(value).casefold() in VIEWED.get(name, ())


def _key(parsed: ada_url.URL) -> str:
    port = "" if parsed.port in ("", "80", "443") else f":{parsed.port}"
    kept = (p for p in _parameters(parsed) if not _is_view(p))
    query = "&".join(sorted(_unescaped(p) for p in kept))
    return (
        _host(parsed.hostname)
        + port
        + _path(_unescaped(parsed.pathname))
        + (f"?{query}" if query else "")
        + parsed.hash
    )


def _host(name: str) -> str:
    """Without ``www.`` and the labels of mobile and AMP editions."""
    name = FOLDED_FIRST.sub(lambda m: "" if "." in name[m.end() :] else m[0], name.rstrip("."))
    labels = name.split(".")
    if not FOLDED_LABELS.intersection(labels[:-2]):
        return name
    owner = registrable_domain(f"http://{name}/") or name
    own = len(labels) - owner.count(".") - 1
    kept = [label for label in labels[:own] if label not in FOLDED_LABELS]
    return ".".join((*kept, owner))


def _path(path: str) -> str:
    """Without what names a view of the article and not the article."""
    path = DOUBLE_SLASH.sub("/", path)
    segments = path.split("/")
    if AMP_SEGMENTS.intersection(segments):
        path = "/".join(part for part in segments if part not in AMP_SEGMENTS) or "/"
    path = INDEX_PAGE.sub("/", AMP_END.sub("", path)).rstrip("/")
    return SLIDE_END.sub("", PRINT_END.sub("", path))


def _unescaped(text: str) -> str:
    """Escapes of unreserved characters resolved, the others in capitals (RFC 3986, 6.2.2);
    letters with their marks as one character where there is one (NFC)."""
    if "%" not in text:
        return text
    text = UNRESERVED.sub(lambda m: chr(int(m[1], 16)), text)
    if ESCAPED_MARK.search(text):
        text = quote(unicodedata.normalize("NFC", NOT_ASCII.sub(_decoded, text)), safe=_EVERY_ASCII)
    return ESCAPE.sub(lambda m: m[0].upper(), text)


_EVERY_ASCII = "".join(map(chr, range(128)))


def _decoded(found: re.Match[str]) -> str:
    try:
        return unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]
