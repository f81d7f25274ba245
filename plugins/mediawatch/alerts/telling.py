"""From the ledger's rows to what a mail tells: each story once, with its copies and watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from mediawatch.alerts import matching
from mediawatch.alerts.view import Copy, Found, Telling
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection

# Which cause names a story that one mail tells for several.
_CAUSES = ("new", "correction", "update")


def load(conn: Connection, matches: Sequence[Row]) -> list[Telling]:
    """What to tell of these rows of ``told_matches``, one a story, in a digest's order.

    Matches of an article that was forgotten meanwhile are left out. The order: most outlets
    first, then the newest.
    """
    rows = storage.story_copies(conn, [match["article_id"] for match in matches])
    copies: dict[str, list[Row]] = {}
    for row in rows:
        copies.setdefault(row["asked"], []).append(row)
    stories: dict[str, list[Row]] = {}
    for match in matches:
        members = copies.get(match["article_id"], [])
        if any(member["article_id"] == match["article_id"] for member in members):
            stories.setdefault(members[0]["story_id"], []).append(match)
    tellings = [_telling(told, copies[told[0]["article_id"]]) for told in stories.values()]
    return sorted(
        tellings,
        key=lambda t: (-len({copy.outlet for copy in (t.lead, *t.others)}), -_age(t)),
    )


def _age(telling: Telling) -> float:
    return telling.found_at.timestamp()


def _telling(matches: Sequence[Row], members: Sequence[Row]) -> Telling:
    by_id = {member["article_id"]: _copy(member) for member in members}
    lead_id = matches[0]["article_id"]
    others = [copy for key, copy in by_id.items() if key != lead_id]
    return Telling(
        cause=_cause(match["cause_key"] for match in matches),
        lead=by_id[lead_id],
        first=next(iter(by_id.values())),
        others=tuple(others),
        found=tuple(_found(match, by_id) for match in matches),
        found_at=min(match["found_at"] for match in matches),
        seen_at=min(match["seen_at"] for match in matches),
        told_before=all(match["mailed"] for match in matches),
    )


def _cause(cause_keys: Iterable[str]) -> str:
    kinds = {key.partition(":")[0] for key in cause_keys}
    return next((kind for kind in _CAUSES if kind in kinds), "new")


def _found(match: Row, copies: Mapping[str, Copy]) -> Found:
    return Found(
        watch_id=match["watch_id"],
        watch_name=match["watch_name"],
        reason=matching.from_json(match["reason"]),
        outlet=copies[match["article_id"]].outlet,
    )


def _copy(row: Row) -> Copy:
    is_folder = row["source_kind"] == "folder"
    return Copy(
        outlet=row["outlet_name"]
        or _host(row["url"])
        or (None if is_folder else row["source_name"]),
        folder=row["source_name"] if is_folder else None,
        url=row["url"],
        title=row["title"],
        published_at=row["published_at"],
        published_precision=row["published_precision"],
        published_origin=row["published_origin"],
        first_seen_at=row["first_seen_at"],
    )


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
