"""Actors: who is in the news, under which names, with whom, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from elasticsearch import Elasticsearch
from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from mediawatch.errors import InputError
from mediawatch.newsroom.access import Editor
from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.forms import Form, go, text
from mediawatch.newsroom.rendering import page
from mediawatch.newsroom.searching import Asked, counted, found
from mediawatch.pipeline import actor_edits
from mediawatch.pipeline.context import Context
from mediawatch.search.finding import FoundStory
from mediawatch.storage import meaning as meaning_storage
from mediawatch.storage import newsroom as storage

router = APIRouter()
STORIES = 10
QUOTES = 20
LONGEST_NAME = 200
Number = Annotated[int, Path(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """What is known of one actor; ``beside`` are (name, articles) that stand in its articles."""

    actor_id: str
    name: str
    kind: str
    country: str | None
    aliases: tuple[str, ...]
    decisions: Sequence[dict[str, Any]]
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
    counts = (
        None if name.strip() else counted(es, opened.settings.index_prefix, Asked(), opened.now)
    )
    return page(request, "actors.html", name=name, rows=rows, facets=counts)


@router.get("/actors/{actor_id}")
def actor(request: Request, opened: Opened, es: Search, actor_id: str) -> Response:
    """One actor."""
    view = load(opened, es, actor_id)
    if view is None:
        raise HTTPException(404, "no actor has this id, in the list or in any article")
    return page(request, "actor.html", view=view)


@router.post("/actors/{actor_id}/undo/{number}")
def undo(request: Request, opened: Opened, _who: Editor, actor_id: str, number: Number) -> Response:
    """Take a decision back."""
    actor_edits.undo(opened, number)
    return go(request, f"/actors/{quote(actor_id, safe='')}")


@router.post("/actors/{actor_id}/{act}")
def decide(
    request: Request, opened: Opened, who: Editor, actor_id: str, act: str, form: Form
) -> Response:
    """Give an actor a name, say that a name is not theirs, or that they are another actor."""
    value = text(form, "value")
    if not value or len(value) > LONGEST_NAME:
        raise InputError(f"write a name or an id of at most {LONGEST_NAME} signs")
    if act == "alias":
        actor_edits.add_alias(opened, actor_id, value, who.name)
    elif act == "split":
        actor_edits.split(opened, actor_id, value, who.name)
    elif act == "merge":
        actor_edits.merge(opened, actor_id, value, who.name)
    else:
        raise HTTPException(404, "there is no such page")
    return go(request, f"/actors/{quote(actor_id, safe='')}")


def named(opened: Context, name: str) -> list[dict[str, Any]]:
    """The actors of an id, name or alias, those of the list first."""
    wanted = " ".join(name.split())
    conn = opened.conn
    return meaning_storage.find_actors(conn, wanted) + meaning_storage.local_actors(conn, wanted)


def load(opened: Context, es: Elasticsearch, actor_id: str) -> ActorView | None:
    """Everything about an actor; None when no list and no article knows the id."""
    row = storage.known_actor(opened.conn, actor_id)
    if row is None:
        return None
    asked = Asked(actor=actor_id)
    prefix = opened.settings.index_prefix
    result = found(es, prefix, asked, STORIES)
    counts = counted(es, prefix, asked, opened.now) if result else None
    aliases = meaning_storage.actor_aliases(opened.conn, actor_id)
    return ActorView(
        actor_id=actor_id,
        name=row["name"],
        kind=row["kind"],
        country=row["country_name"],
        aliases=tuple(alias["alias"] for alias in aliases),
        decisions=[
            decision
            for decision in meaning_storage.decisions(opened.conn)
            if actor_id in (decision["actor_id"], decision["value"])
        ],
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
