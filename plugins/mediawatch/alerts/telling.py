"""From the ledger's rows to what a mail tells: each story once, with its copies and watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from mediawatch.alerts import reasons
from mediawatch.alerts.ledger import CAUSES
from mediawatch.alerts.view import Copy, Found, Telling
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection

ACTORS_NAMED = 6
TOPICS_NAMED = 3
# An outlet without a tier stands behind those of the third.
NO_TIER = 4
PLACES = ("title", "lead", "quote", "body", "field")


def load(conn: Connection, matches: Sequence[Row]) -> list[Telling]:
    """What to tell of these rows of ``told_matches``, one a story, in a digest's order.

    Matches of an article that was forgotten meanwhile are left out. The stories of one event
    stand together, where the first of them stands. The order: a spike before all; then the story
    with more outlets; with the larger outlet (tier); that matched further up (headline, lead,
    quotation, text); the newer one.
    """
    asked = {match["article_id"] for match in matches}
    for match in matches:
        asked.update(match["reason"].get("spike", [0, 0, 0, []])[3])
    rows = storage.story_copies(conn, sorted(asked))
    copies: dict[str, list[Row]] = {}
    for row in rows:
        copies.setdefault(row["asked"], []).append(row)
    stories: dict[str, list[Row]] = {}
    for match in matches:
        members = copies.get(match["article_id"], [])
        if any(member["article_id"] == match["article_id"] for member in members):
            is_spike = match["unit"] == "watch"
            key = f"watch:{match['match_id']}" if is_spike else members[0]["story_id"]
            stories.setdefault(key, []).append(match)
    names = _names(conn, [told[0]["article_id"] for told in stories.values()])
    ranked = sorted(
        ((_rank(told, copies[told[0]["article_id"]]), told) for told in stories.values()),
        key=lambda pair: pair[0],
    )
    tellings = [_telling(told, copies, names) for _, told in ranked]
    places: dict[str, int] = {}
    for telling in tellings:
        places.setdefault(telling.event_id or telling.story_id, len(places))
    return sorted(tellings, key=lambda t: places[t.event_id or t.story_id])


def _rank(matches: Sequence[Row], members: Sequence[Row]) -> tuple[bool, int, int, int, float]:
    tiers = [member["tier"] or NO_TIER for member in members]
    return (
        all(match["unit"] != "watch" for match in matches),
        -len({member["outlet_name"] or member["url"] for member in members}),
        min(tiers),
        min(PLACES.index(match["reason"]["part"]) for match in matches),
        -min(match["found_at"] for match in matches).timestamp(),
    )


def _names(conn: Connection, article_ids: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The foremost actors and topics of articles, by (article id, kind)."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in storage.foremost_names(conn, article_ids):
        found.setdefault((row["article_id"], row["kind"]), []).append(row["name"])
    limits = {"actor": ACTORS_NAMED, "topic": TOPICS_NAMED}
    return {key: tuple(names[: limits[key[1]]]) for key, names in found.items()}


def _telling(
    matches: Sequence[Row],
    copies: Mapping[str, Sequence[Row]],
    names: Mapping[tuple[str, str], tuple[str, ...]],
) -> Telling:
    lead_id = matches[0]["article_id"]
    members = copies[lead_id]
    by_id = {member["article_id"]: _copy(member) for member in members}
    spike = reasons.from_json(matches[0]["reason"]).spike
    is_spike = spike is not None
    return Telling(
        cause=_cause(match["cause_key"] for match in matches),
        lead=by_id[lead_id],
        first=next(iter(by_id.values())),
        others=() if is_spike else tuple(copy for key, copy in by_id.items() if key != lead_id),
        found=tuple(_found(match, by_id) for match in matches),
        found_at=min(match["found_at"] for match in matches),
        seen_at=min(match["seen_at"] for match in matches),
        told_before=all(match["mailed"] for match in matches),
        was_held=all(match["held"] for match in matches),
        story_id=f"watch:{matches[0]['match_id']}" if is_spike else members[0]["story_id"],
        event_id="" if is_spike else members[0]["event_id"] or "",
        actors=() if is_spike else names.get((lead_id, "actor"), ()),
        topics=() if is_spike else names.get((lead_id, "topic"), ()),
        spiking=_spiking(spike.article_ids, copies) if spike else (),
    )


def _spiking(article_ids: Iterable[str], copies: Mapping[str, Sequence[Row]]) -> tuple[Copy, ...]:
    found = (
        next((row for row in copies.get(key, ()) if row["article_id"] == key), None)
        for key in article_ids
    )
    return tuple(_copy(row) for row in found if row is not None)


def _cause(cause_keys: Iterable[str]) -> str:
    kinds = {key.partition(":")[0] for key in cause_keys}
    return next((kind for kind in CAUSES if kind in kinds), "new")


def _found(match: Row, copies: Mapping[str, Copy]) -> Found:
    return Found(
        watch_id=match["watch_id"],
        unit_id=match["unit_id"],
        watch_name=match["watch_name"],
        reason=reasons.from_json(match["reason"]),
        outlet=copies[match["article_id"]].outlet,
        query=match["watch_query"],
        languages=tuple(match["watch_languages"]),
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
