"""The pages as JSON, for programs: reading only, documented by the app's OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query

from mediawatch.alerts import explaining
from mediawatch.alerts.watches import as_mapping
from mediawatch.newsroom import actors as actor_pages
from mediawatch.newsroom import story_view, today, watches
from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.searching import Asked, asked, found
from mediawatch.search.finding import FoundStory
from mediawatch.search.inspection import inspect_query
from mediawatch.storage import sources as source_storage
from mediawatch.storage import watches as watch_storage

Json = dict[str, Any]
MISSING: dict[int | str, Json] = {404: {"description": "There is none of this id."}}
AWAY: dict[int | str, Json] = {503: {"description": "A service is away; the detail says which."}}
WRONG: dict[int | str, Json] = {400: {"description": "The query is wrong; the detail says where."}}
router = APIRouter(responses={**AWAY, **WRONG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What a search found: counts of everything, one page of stories, the newest first.

    Marks are (start, end) in code points. ``query`` is what was asked of Elasticsearch.
    """

    query: str
    articles: int
    stories: int
    page: int
    hits: Sequence[FoundStory]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One mail of the ledger."""

    delivery_id: int
    address: str
    kind: str
    slot: str
    state: str
    attempt: int
    subject: str | None
    smtp_answer: str | None
    queued_at: datetime
    sent_at: datetime | None
    resolved_by: str | None


@router.get("/today")
def get_today(opened: Opened) -> today.Receipt:
    """The last 24 hours in numbers, and the last 14 days."""
    return today.receipt(opened)


@router.get("/stories")
def search_stories(opened: Opened, es: Search, wanted: Annotated[Asked, Depends(asked)]) -> Stories:
    """Search stories."""
    result = found(es, opened.settings.index_prefix, wanted)
    return Stories(
        query=result.query.text if result else "",
        articles=result.articles if result else 0,
        stories=result.stories if result else 0,
        page=wanted.page,
        hits=result.groups if result else (),
    )


@router.get("/stories/{story_id}", responses=MISSING)
def get_story(
    opened: Opened, story_id: str, article: Annotated[str, Query(max_length=200)] = ""
) -> Json:
    """A story with its articles, and one of them whole: ``article``, or the first."""
    view = story_view.load(opened.conn, story_id, article or None)
    if view is None:
        raise HTTPException(404, "there is no such story")
    return {
        "story_id": view.story_id,
        "event_id": view.event_id,
        "outlets": view.outlets,
        "articles": [_plain(member.row) for member in view.members],
        "article": _plain(view.article),
        "actors": [
            dict(zip(("actor_id", "name", "kind", "mentions"), actor, strict=True))
            for actor in view.actors
        ],
        "quotes": [_plain(row) for row in view.quotes],
        "topics": [_plain(row) for row in view.topics],
        "versions": [_plain(version.row) for version in view.versions],
        "matches": [_plain(row) for row in view.matches],
    }


@router.get("/watches")
def list_watches(opened: Opened, owner: Annotated[str, Query(max_length=320)] = "") -> list[Json]:
    """Every watch, or those of one owner, with what it found in the last 30 days."""
    return [_plain(row) for row in watches.overview(opened, owner)]


@router.get("/watches/{watch_id}", responses=MISSING)
def get_watch(opened: Opened, watch_id: str) -> Json:
    """One watch as it stands in the watch file."""
    return as_mapping(watches.found(opened, watch_id))


@router.get("/watches/{watch_id}/why", responses=MISSING)
def explain(
    opened: Opened,
    es: Search,
    watch_id: str,
    what: Annotated[str, Query(min_length=1, max_length=10_000)],
) -> list[str]:
    """Why a watch told an article (its address or id), or where it stopped: sentences."""
    watch = watches.found(opened, watch_id)
    return list(explaining.explain(opened.conn, es, opened.settings.index_prefix, watch, what))


@router.get("/sources")
def list_sources(opened: Opened) -> list[Json]:
    """Every source and how it is."""
    return [_plain(row) for row in source_storage.sources(opened.conn)]


@router.get("/deliveries")
def list_deliveries(
    opened: Opened,
    state: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Delivery]:
    """The latest mails, newest first."""
    rows = watch_storage.deliveries(opened.conn, state or None, limit)
    names = Delivery.__dataclass_fields__
    return [Delivery(**{name: row[name] for name in names}) for row in rows]


@router.get("/actors/{actor_id}", responses=MISSING)
def get_actor(opened: Opened, es: Search, actor_id: str) -> actor_pages.ActorView:
    """One actor: names, recent stories, quotations, who stands beside it."""
    view = actor_pages.load(opened, es, actor_id)
    if view is None:
        raise HTTPException(404, "no actor has this id")
    return view


@router.get("/query")
def check_query(q: Annotated[str, Query(max_length=20_000)]) -> Json:
    """Check a query: ``valid``, ``message``, ``position``, ``rewritten``, ``clauses``, ``cost``."""
    return inspect_query({"query": q})


def _plain(row: Mapping[str, Any]) -> Json:
    return dict(row)
