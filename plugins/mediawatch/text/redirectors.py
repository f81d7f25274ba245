"""Addresses that hold another one: redirectors, caches, archives, translators, AMP viewers.

Only what the address itself says is read; nothing is fetched. A redirector that hides its target
(a short link, a feed proxy) stays as it is until somebody follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

# Host, beginning of the path, and the parameters that may hold the target, the likeliest first.
BY_PARAMETER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"(?:www\.|news\.)?google\.[a-z.]{2,6}", "/url", ("url", "q")),
    (r"(?:www\.)?google\.[a-z.]{2,6}", "/imgres", ("imgrefurl",)),
    (r"translate\.google\.[a-z.]{2,6}", "/", ("u",)),
    (r"(?:lm?|www|m)\.(?:facebook|messenger|workplace)\.com", "/l.php", ("u",)),
    (r"(?:www|m)\.facebook\.com", "/sharer", ("u",)),
    (r"l\.(?:instagram|threads)\.(?:com|net)", "/", ("u",)),
    (r"(?:twitter|x)\.com", "/intent/tweet", ("url",)),
    (r"(?:twitter|x)\.com", "/share", ("url",)),
    (r"out\.reddit\.com", "/", ("url",)),
    (r"(?:www\.)?bing\.com", "/news/apiclick.aspx", ("url",)),
    (r"(?:www\.)?duckduckgo\.com", "/l/", ("uddg",)),
    (r"(?:www\.|m\.)?youtube\.com", "/redirect", ("q",)),
    (r"(?:www\.)?linkedin\.com", "/redir/redirect", ("url",)),
    (r"(?:www\.)?linkedin\.com", "/sharing/share-offsite", ("url",)),
    (r"(?:www\.|m\.)?vk\.com", "/away.php", ("to",)),
    (r"(?:www\.)?ok\.ru", "/dk", ("st.link",)),
    (r"t\.umblr\.com", "/redirect", ("z",)),
    (r"(?:www\.)?getpocket\.com", "/redirect", ("url",)),
    (r"(?:www\.)?slack-redir\.net", "/link", ("url",)),
    (r"(?:www\.)?disq\.us", "/url", ("url",)),
    (r"exit\.sc", "/", ("url",)),
    (r"steamcommunity\.com", "/linkfilter", ("u", "url")),
    (r"(?:[a-z0-9-]+\.)?safelinks\.protection\.outlook\.com", "/", ("url",)),
    (r"go\.redirectingat\.com", "/", ("url",)),
    (r"(?:redirect|go)\.(?:viglink|skimresources)\.com", "/", ("u", "url")),
    (r"click\.linksynergy\.com", "/", ("murl",)),
    (r"(?:www\.)?awin1\.com", "/cread.php", ("ued", "p")),
)
_BY_PARAMETER = tuple((re.compile(host), path, names) for host, path, names in BY_PARAMETER)
AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[a-z]{2,}/.*)", re.IGNORECASE)
AMP_CACHE = re.compile(r"/[cvr]/(s/)?([^/]+\.[a-z]{2,}(?:/.*)?)", re.IGNORECASE)
ARCHIVE = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/((?:https?:/{1,2})?.+)", re.IGNORECASE)
ARCHIVE_TODAY = re.compile(r"/(?:\d{14}|newest|latest)/(https?:/{1,2}.+)", re.IGNORECASE)
SEARCH_CACHE = re.compile(r"cache:(?:[\w-]{6,16}:)?((?:https?://)?[^\s+]+)")
YAHOO = re.compile(r"/RU=([^/]+)/")
PROOFPOINT = re.compile(r"/v3/__(.+?)__;")
SCHEME = re.compile(r"https?:/{1,2}", re.IGNORECASE)


def target(host: str, path: str, search: str) -> str | None:
    """The address that an address leads to, or None. ``search`` is the query with its ``?``."""
    for pattern, prefix, names in _BY_PARAMETER:
        if path.startswith(prefix) and pattern.fullmatch(host):
            parameters = parse_qs(search.removeprefix("?"))
            for name in names:
                for value in parameters.get(name, ()):
                    if value.startswith(("http://", "https://")):
                        return value
    for pattern, read in _BY_PATH:
        if pattern.fullmatch(host):
            return read(host, path, search)
    return None


def _amp(pattern: re.Pattern[str]) -> Callable[[str, str, str], str | None]:
    def read(_host: str, path: str, search: str) -> str | None:
        found = pattern.fullmatch(path)
        return f"http{'s' if found[1] else ''}://{found[2]}{search}" if found else None

    return read


def _archived(pattern: re.Pattern[str]) -> Callable[[str, str, str], str | None]:
    def read(_host: str, path: str, search: str) -> str | None:
        found = pattern.fullmatch(path)
        return _whole(found[1] + search) if found else None

    return read


def _search_cache(_host: str, _path: str, search: str) -> str | None:
    found = SEARCH_CACHE.search(unquote(search.replace("+", " ")))
    return _whole(found[1]) if found else None


def _yahoo(_host: str, path: str, _search: str) -> str | None:
    found = YAHOO.search(path)
    return _whole(unquote(found[1])) if found else None


def _proofpoint(_host: str, path: str, search: str) -> str | None:
    if found := PROOFPOINT.match(path + search):
        return _whole(found[1])
    wrapped = re.search(r"[?&]u=([^&]+)", search)
    if path.startswith("/v2/") and wrapped:
        return _whole(unquote(wrapped[1].replace("-", "%").replace("_", "/")))
    return None


def _translated(host: str, path: str, search: str) -> str:
    """``daily-example.translate.goog`` is daily.example; a hyphen of the name is doubled."""
    name = host.removesuffix(".translate.goog")
    plain = name.replace("--", "\x00").replace("-", ".").replace("\x00", "-")
    kept = [p for p in search.removeprefix("?").split("&") if p and not p.startswith("_x_tr_")]
    return f"https://{plain}{path}" + (f"?{'&'.join(kept)}" if kept else "")


def _whole(text: str) -> str:
    """With a scheme and two slashes: proxies on the way fold ``//``."""
    if SCHEME.match(text):
        return SCHEME.sub(lambda m: m[0].rstrip("/").lower() + "//", text, count=1)
    return f"http://{text}"


_BY_PATH: tuple[tuple[re.Pattern[str], Callable[[str, str, str], str | None]], ...] = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}|(?:www\.)?bing\.com"), _amp(AMP_VIEWER)),
    (re.compile(r"(?:.+\.)?cdn\.ampproject\.org|(?:.+\.)?bing-amp\.com"), _amp(AMP_CACHE)),
    (re.compile(r"web\.archive\.org"), _archived(ARCHIVE)),
    (re.compile(r"archive\.(?:today|ph|is|li|vn|fo|md)"), _archived(ARCHIVE_TODAY)),
    (re.compile(r"webcache\.googleusercontent\.com"), _search_cache),
    (re.compile(r"r\.search\.yahoo\.com"), _yahoo),
    (re.compile(r"urldefense\.(?:proofpoint\.)?com"), _proofpoint),
    (re.compile(r"[^.]+\.translate\.goog"), _translated),
)
