"""Actors: who is in the news, under which names, with whom, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from elasticsearch import Elasticsearch
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.rendering import page
from mediawatch.newsroom.searching import Asked, counted, found
from mediawatch.pipeline.context import Context
from mediawatch.search.finding import FoundStory
from mediawatch.storage import meaning as meaning_storage
from mediawatch.storage import newsroom as storage

router = APIRouter()
STORIES = 10
QUOTES = 20
DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """What is known of one actor; ``beside`` are (name, articles) that stand in its articles."""

    actor_id: str
    name: str
    kind: str
    country: str | None
    aliases: tuple[str, ...]
    articles: int
    beside: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    days: tuple[tuple[str, int], ...]
    quotes: Sequence[dict[str, Any]]
    stories: Sequence[FoundStory]


@router.get("/actors")
def actors(
    request: Request,
    opened: Opened,
    es: Search,
    name: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Look an actor up by name, or see who is in the news most."""
    rows = named(opened, name) if name.strip() else []
    counts = None if name.strip() else counted(es, opened.settings.index_prefix, Asked(), DAYS)
    return page(request, "actors.html", name=name, rows=rows, facets=counts)


@router.get("/actors/{actor_id}")
def actor(request: Request, opened: Opened, es: Search, actor_id: str) -> Response:
    """One actor."""
    view = load(opened, es, actor_id)
    if view is None:
        raise HTTPException(404, "no actor has this id, in the list or in any article")
    return page(request, "actor.html", view=view)


def named(opened: Context, name: str) -> list[dict[str, Any]]:
    """The actors of an id, name or alias, those of the list first."""
    wanted = " ".join(name.split())
    conn = opened.conn
    return meaning_storage.find_actors(conn, wanted) + meaning_storage.local_actors(conn, wanted)


def load(opened: Context, es: Elasticsearch, actor_id: str) -> ActorView | None:
    """Everything about an actor; None when no list and no article knows the id."""
    row = next((row for row in named(opened, actor_id) if row["actor_id"] == actor_id), None)
    if row is None:
        return None
    asked = Asked(actor=actor_id)
    prefix = opened.settings.index_prefix
    result = found(es, prefix, asked, STORIES)
    counts = counted(es, prefix, asked, DAYS) if result else None
    aliases = meaning_storage.actor_aliases(opened.conn, actor_id)
    return ActorView(
        actor_id=actor_id,
        name=row["name"],
        kind=row["kind"],
        country=row.get("country_name"),
        aliases=tuple(alias["alias"] for alias in aliases),
        articles=result.articles if result else 0,
        beside=tuple(
            (name, count)
            for name, count in (counts.values["actor"] if counts else ())
            if name != row["name"]
        ),
        topics=counts.values["topic"] if counts else (),
        days=counts.days if counts else (),
        quotes=storage.actor_quotes(opened.conn, actor_id, QUOTES),
        stories=result.groups if result else (),
    )
