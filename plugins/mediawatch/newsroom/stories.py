"""Searching stories, and the page of one story."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from mediawatch.errors import ServiceError
from mediawatch.newsroom import story_view
from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.rendering import page
from mediawatch.newsroom.searching import Asked, asked, counted, found
from mediawatch.pipeline.context import Context
from mediawatch.search.marks import Marked
from mediawatch.search.server import connected
from mediawatch.search.whole_text import marked_text

router = APIRouter()


@router.get("/stories")
def stories(
    request: Request, opened: Opened, es: Search, wanted: Annotated[Asked, Depends(asked)]
) -> Response:
    """What a search finds, grouped by story."""
    prefix = opened.settings.index_prefix
    result = found(es, prefix, wanted)
    return page(
        request,
        "stories.html",
        wanted=wanted,
        found=result,
        facets=counted(es, prefix, wanted, opened.now) if result else None,
    )


@router.get("/stories/{story_id:path}")
def story(
    request: Request,
    opened: Opened,
    story_id: str,
    article: Annotated[str, Query(max_length=200)] = "",
    q: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """One story: its copies in time, and one of its articles whole."""
    view = story_view.load(opened.conn, story_id, article or None)
    if view is None:
        raise HTTPException(404, "there is no such story: it may have been removed")
    marks = _marks(opened, q, view.article["article_id"]) if q.strip() else None
    return page(request, "story.html", view=view, marks=marks, q=q)


def _marks(opened: Context, q: str, article_id: str) -> tuple[Marked, Marked] | None:
    """The text with the words that were searched for; None while there is no search."""
    try:
        with connected(opened.settings) as es:
            return marked_text(es, opened.settings.index_prefix, q, article_id)
    except ServiceError:
        return None
