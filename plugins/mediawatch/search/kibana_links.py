"""Links into Kibana's Discover: the same string, the same time range; and one document.

State in such a link is Rison, JSON with fewer signs. Only what a trap for mail programs and
browsers would be is percent-encoded on top.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from mediawatch.search.kibana_objects import WATCH_COLUMNS, language_filter, object_id, watch_object

# Round brackets are encoded too: mail programs cut a link before its last one.
_KEPT = "!',:~*$@-_./"
_BARE = re.compile(r"[A-Za-z_.][A-Za-z0-9_.-]*")
# Beyond this, mail programs and proxies begin to cut links.
LONGEST = 8_000


def discover(
    base: str,
    prefix: str,
    text: str,
    *,
    start: str,
    end: str = "now",
    languages: Sequence[str] = (),
) -> str:
    """A link that opens Discover with a rewritten query and a time range.

    ``base`` is Kibana's address, from which a name and password are left out; ``start`` and
    ``end`` are ISO 8601 in UTC or such as ``now-7d``.
    """
    view = object_id(prefix, "articles")
    filters = [language_filter(languages, {"index": view})] if languages else []
    app = {
        "columns": list(WATCH_COLUMNS),
        "dataSource": {"dataViewId": view, "type": "dataView"},
        "filters": filters,
        "query": {"language": "lucene", "query": text},
        "sort": [["dated_at", "desc"]],
    }
    return f"{_root(base)}/app/discover#/?_g={_time(start, end)}&_a={_encoded(app)}"


def watch(base: str, prefix: str, watch_id: str, *, start: str, end: str = "now") -> str:
    """A link to a watch's saved search, for a query that is too long for a link."""
    name = quote(object_id(prefix, watch_object(watch_id)), safe="")
    return f"{_root(base)}/app/discover#/view/{name}?_g={_time(start, end)}"


def document(base: str, prefix: str, index: str, article_id: str) -> str:
    """A link to one document; ``index`` is the concrete index that holds it, no alias."""
    view = object_id(prefix, "articles")
    place = quote(index, safe="")
    return f"{_root(base)}/app/discover#/doc/{view}/{place}?id={quote(article_id, safe='')}"


def _root(base: str) -> str:
    parts = urlsplit(base)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host).geturl().rstrip("/")


def _time(start: str, end: str) -> str:
    return _encoded({"time": {"from": start, "to": end}})


def _encoded(value: Any) -> str:
    return quote(rison(value), safe=_KEPT)


def rison(value: Any) -> str:
    """A value of JSON as Rison (https://github.com/Nanonid/rison)."""
    if value is None:
        return "!n"
    if isinstance(value, bool):
        return "!t" if value else "!f"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        if _BARE.fullmatch(value):
            return value
        return "'" + value.replace("!", "!!").replace("'", "!'") + "'"
    if isinstance(value, Mapping):
        return f"({','.join(f'{rison(key)}:{rison(each)}' for key, each in value.items())})"
    return f"!({','.join(rison(each) for each in value)})"
