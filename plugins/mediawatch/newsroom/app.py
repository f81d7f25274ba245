"""The app of the newsroom: its pages, its API, and how a fault is told.

It knows no log-in of its own: whoever serves it hands in what says who asks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg2
import psycopg2.errors
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from mediawatch.errors import InputError, QueryError, ServiceError
from mediawatch.newsroom import (
    access,
    actions,
    actors,
    api,
    deliveries,
    feeds,
    sources,
    static,
    stories,
    today,
    watches,
)
from mediawatch.newsroom.desk import Desk
from mediawatch.newsroom.guard import HEADERS, Guard
from mediawatch.newsroom.limits import Pace
from mediawatch.newsroom.rendering import base_of, fault
from mediawatch.settings import Settings

LOG = logging.getLogger(__name__)
DESCRIPTION = "What the pages of the newsroom show, as JSON. Reading only; times are in UTC."
# What needs no log-in: a style sheet, and what brings its right in its own address.
OPEN = (static.router, actions.router, feeds.open_router)
PAGES = (today, stories, watches, sources, deliveries, actors, feeds)


def create_app(
    whois: Callable[..., access.Person],
    settings: Callable[[], Settings],
    *,
    login: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """The app. ``whois`` is a FastAPI dependency that names the person or raises 401.

    ``login`` is the path of the log-in page, to which a person without one is sent.
    """
    app = FastAPI(
        title="mediawatch",
        description=DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.desk = Desk(settings, clock)
    app.state.login = login
    app.state.pace = Pace()
    app.dependency_overrides[access.person] = whois
    app.add_middleware(Guard)
    for open_router in OPEN:
        app.include_router(open_router, include_in_schema=False)
    closed = [Depends(access.reader)]
    for module in PAGES:
        app.include_router(module.router, dependencies=closed, include_in_schema=False)
    app.include_router(api.router, prefix="/api", dependencies=closed, tags=["newsroom"])

    @app.get("/api/openapi.json", dependencies=closed, include_in_schema=False)
    def openapi(request: Request) -> JSONResponse:
        return JSONResponse(app.openapi() | {"servers": [{"url": base_of(request) or "/"}]})

    for kind, told in FAULTS.items():
        app.add_exception_handler(kind, told)
    return app


def _http_fault(request: Request, exc: Any) -> Response:
    login = request.app.state.login
    wants_page = "text/html" in request.headers.get("accept", "")
    if exc.status_code == 401 and login and request.method == "GET" and wants_page:
        root = base_of(request).rpartition("/")[0]
        return RedirectResponse(f"{root}{login}?next={request.url.path}", status_code=303)
    return fault(request, exc.status_code, str(exc.detail), **(exc.headers or {}))


def _invalid(request: Request, exc: Any) -> Response:
    first = exc.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return fault(request, 422, f"{where or 'the request'}: {first['msg']}")


def _query(request: Request, exc: Any) -> Response:
    at = "" if exc.position is None else f" at character {exc.position + 1}"
    return fault(request, 400, f"the query is wrong{at}: {exc.message}")


def _input(request: Request, exc: Any) -> Response:
    return fault(request, 400, str(exc))


def _service(request: Request, exc: Any) -> Response:
    return fault(request, 503, str(exc), **{"Retry-After": "30"})


def _database(request: Request, exc: Any) -> Response:
    if isinstance(exc, psycopg2.errors.QueryCanceled):
        return fault(request, 503, "the database took too long to answer: ask for less")
    if isinstance(exc, psycopg2.errors.UndefinedTable | psycopg2.errors.UndefinedColumn):
        return fault(request, 503, "the database is not prepared yet: run `mediawatch up`")
    if isinstance(exc, psycopg2.DataError):
        return fault(request, 400, "a value in the address or form cannot be used")
    if isinstance(exc, psycopg2.OperationalError | psycopg2.InterfaceError):
        return fault(request, 503, "Postgres cannot be reached: see `mediawatch status`")
    return _unforeseen(request, exc)


def _unforeseen(request: Request, exc: Any) -> Response:
    LOG.error("%s %s failed", request.method, request.scope["path"], exc_info=exc)
    message = "something went wrong here; what it was stands in the server's log"
    return fault(request, 500, message, **HEADERS)


FAULTS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    HTTPException: _http_fault,
    RequestValidationError: _invalid,
    QueryError: _query,
    InputError: _input,
    ServiceError: _service,
    psycopg2.Error: _database,
    Exception: _unforeseen,
}
