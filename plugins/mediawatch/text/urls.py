"""Addresses: the one shown to people, and the key by which two are compared.

Parsing, dot segments, IDN and percent-encoding are those of the WHATWG URL standard (ada-url).
The address shown loses only what says how a reader came; scheme, ``www.``, ``m.``, ``amp.`` and
the like are folded in the key alone. Both are idempotent.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import ada_url
from tld import get_fld

_LIST = tomllib.loads(Path(__file__).with_name("tracking.toml").read_text(encoding="utf-8"))
RULES = f"urls-1 {_LIST['version']}"
PREFIXES = tuple(_LIST["prefixes"])
NAMES = frozenset(_LIST["names"])
VIEWS = frozenset(_LIST["views"])
VALUED = {name: frozenset(values) for name, values in _LIST["valued"].items()}

LONGEST = 8_000
# A redirector's own host, its path, and the parameter that holds the target.
REDIRECTORS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), "/url", ("url", "q")),
    (re.compile(r"(?:l|lm|www|m)\.facebook\.com"), "/l.php", ("u",)),
    (re.compile(r"l\.instagram\.com"), "/", ("u",)),
    (re.compile(r"out\.reddit\.com"), "/", ("url",)),
    (re.compile(r"(?:www\.)?bing\.com"), "/news/apiclick.aspx", ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com"), "/redirect", ("q",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), "/redir/redirect", ("url",)),
    (re.compile(r"vk\.com"), "/away.php", ("to",)),
    (re.compile(r"t\.umblr\.com"), "/redirect", ("z",)),
    (re.compile(r"(?:[a-z0-9-]+\.)?safelinks\.protection\.outlook\.com"), "/", ("url",)),
)
AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[a-z]{2,}/.*)", re.IGNORECASE)
AMP_CACHE = re.compile(r"/[cvr]/(s/)?([^/]+\.[a-z]{2,}(?:/.*)?)", re.IGNORECASE)
FOLDED_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|amp|wap)\.)+(?=[^.]+\.[^.])")
SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
AMP_END = re.compile(r"(?:/amp/?|\.amp(?:\.html)?|/amp\.html)$")
AMP_START = re.compile(r"^/amp(?=/)")
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$")
UNRESERVED = re.compile(r"%(2[dDeE]|3\d|4[1-9a-fA-F]|5[\daAfF]|6[1-9a-fA-F]|7[\daAeE])")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


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
    if not parsed.hash.startswith("#!"):  # an old way of choosing the article
        parsed.hash = ""
    parsed.pathname = SESSION_PATH.sub("", parsed.pathname)
    kept = "&".join(p for p in _parameters(parsed) if not _is_tracking(p))
    parsed.search = f"?{kept}" if kept else ""
    return Address(url=parsed.href, key=_key(parsed))


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
    """Where a redirector, AMP viewer or AMP cache leads, by the address alone."""
    host, path = parsed.hostname, parsed.pathname
    for pattern, prefix, names in REDIRECTORS:
        if path.startswith(prefix) and pattern.fullmatch(host):
            found = dict(ada_url.parse_search_params(parsed.search))
            for name in names:
                for value in found.get(name, ()):
                    if value.startswith(("http://", "https://")):
                        return _parse(value, None)
    amp = None
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host):
        amp = AMP_VIEWER.fullmatch(path)
    elif host.endswith("cdn.ampproject.org"):
        amp = AMP_CACHE.fullmatch(path)
    if amp:
        return _parse(f"http{'s' if amp[1] else ''}://{amp[2]}{parsed.search}", None)
    return None


def _parameters(parsed: ada_url.URL) -> list[str]:
    return [part for part in parsed.search.removeprefix("?").split("&") if part]


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote(name).casefold()
    if name.startswith("amp;"):  # an "&amp;" that was escaped once too often
        name = name.removeprefix("amp;")
    return (
        name in NAMES
        or name.startswith(PREFIXES)
        or unquote(value).casefold() in VALUED.get(name, ())
    )


def _key(parsed: ada_url.URL) -> str:
    host = FOLDED_HOST.sub("", parsed.hostname.rstrip("."))
    port = "" if parsed.port in ("", "80", "443") else f":{parsed.port}"
    path = _unescaped(parsed.pathname)
    path = INDEX_PAGE.sub("/", AMP_START.sub("", AMP_END.sub("", path)))
    kept = (p for p in _parameters(parsed) if p.partition("=")[0].casefold() not in VIEWS)
    query = "&".join(sorted(_unescaped(p) for p in kept))
    return host + port + path.rstrip("/") + (f"?{query}" if query else "") + parsed.hash


def _unescaped(text: str) -> str:
    """Escapes of unreserved characters resolved, the others in capitals (RFC 3986, 6.2.2)."""
    text = UNRESERVED.sub(lambda m: chr(int(m[1], 16)), text)
    return ESCAPE.sub(lambda m: m[0].upper(), text)
