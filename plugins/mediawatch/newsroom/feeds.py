"""A search as CSV and RSS, and the addresses under which a feed reader gets it without log-in.

Such an address holds a token of 256 random bits; the database keeps its SHA-256 alone.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response

from mediawatch.errors import InputError
from mediawatch.newsroom import exports
from mediawatch.newsroom.access import Reader
from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.forms import Form, go, text
from mediawatch.newsroom.limits import stranger
from mediawatch.newsroom.rendering import base_of, page
from mediawatch.newsroom.searching import Asked, asked
from mediawatch.search.queries import rewrite
from mediawatch.search.server import connected
from mediawatch.storage import newsroom as storage
from mediawatch.storage.connection import transaction

router = APIRouter()
open_router = APIRouter(dependencies=[Depends(stranger)])
RSS = "application/rss+xml; charset=utf-8"
LONGEST_NAME = 100


@router.get("/stories.csv")
def as_table(opened: Opened, es: Search, wanted: Annotated[Asked, Depends(asked)]) -> Response:
    """What a search finds, for spreadsheets."""
    content = exports.table(es, opened.settings.index_prefix, wanted.query())
    headers = {"Content-Disposition": 'attachment; filename="articles.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/stories.rss")
def as_feed(
    request: Request, opened: Opened, es: Search, wanted: Annotated[Asked, Depends(asked)]
) -> Response:
    """The newest of what a search finds, as RSS."""
    home = f"{address_of(request, opened.settings.public_url)}/stories?{wanted.address()}"
    title = wanted.q or "all stories"
    content = exports.feed(es, opened.settings.index_prefix, wanted.query(), title, home)
    return Response(content, media_type=RSS)


@router.get("/feeds")
def feeds(
    request: Request, opened: Opened, who: Reader, q: Annotated[str, Query(max_length=10_000)] = ""
) -> Response:
    """The addresses for feed readers: one's own, or all for an editor."""
    rows = storage.feed_tokens(opened.conn, None if who.may_edit else who.name)
    return page(request, "feeds.html", rows=rows, made=None, q=q)


@router.post("/feeds")
def make(request: Request, opened: Opened, who: Reader, form: Form) -> Response:
    """Make an address for one search; it is shown this once."""
    query, name = text(form, "query"), text(form, "name")[:LONGEST_NAME]
    if not query:
        raise InputError("write the query of the feed")
    rewrite(query)
    token = secrets.token_urlsafe(32)
    with transaction(opened.conn) as conn:
        storage.add_feed_token(conn, _hash(token), name or query[:60], query, who.name, opened.now)
    rows = storage.feed_tokens(opened.conn, None if who.may_edit else who.name)
    made = f"{address_of(request, opened.settings.public_url)}/feed/{token}"
    return page(request, "feeds.html", rows=rows, made=made, q="")


@router.post("/feeds/{number}/revoke")
def revoke(
    request: Request, opened: Opened, who: Reader, number: Annotated[int, Path(ge=1, lt=2**63)]
) -> Response:
    """End an address: one's own, or any for an editor."""
    with transaction(opened.conn) as conn:
        owner = None if who.may_edit else who.name
        if not storage.revoke_feed_token(conn, number, owner, opened.now):
            raise HTTPException(404, "there is no such address, or it is not yours")
    return go(request, "/feeds")


@open_router.get("/feed/{token}")
def feed(request: Request, opened: Opened, token: str) -> Response:
    """The search of a token, as RSS."""
    with transaction(opened.conn) as conn:
        row = storage.use_feed_token(conn, _hash(token), opened.now)
    if row is None:
        raise HTTPException(404, "this address is not known, or was revoked")
    home = f"{address_of(request, opened.settings.public_url)}/stories"
    with connected(opened.settings) as es:
        prefix = opened.settings.index_prefix
        content = exports.feed(es, prefix, row["query"], row["name"], home)
    return Response(content, media_type=RSS)


def address_of(request: Request, public_url: str | None) -> str:
    """Where the newsroom is reached from outside."""
    return public_url or f"{request.url.scheme}://{request.url.netloc}{base_of(request)}"


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
