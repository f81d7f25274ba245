"""Watches: the list, the editor with its check, the preview, and why one missed a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from mediawatch.alerts import explaining, importing, previewing, quality
from mediawatch.alerts.previewing import Preview
from mediawatch.alerts.watches import as_mapping
from mediawatch.errors import InputError
from mediawatch.model import Watch
from mediawatch.newsroom import watch_form
from mediawatch.newsroom.access import Editor
from mediawatch.newsroom.desk import Opened, Search
from mediawatch.newsroom.forms import Form, go, text
from mediawatch.newsroom.rendering import page
from mediawatch.pipeline.context import Context
from mediawatch.search.index import alias_name
from mediawatch.search.inspection import inspect_query
from mediawatch.search.queries import rewrite
from mediawatch.storage import newsroom as storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.connection import transaction

router = APIRouter()
SPAN = timedelta(days=30)
SPARE_READERS = 1
SHOWN = 20


@router.get("/watches")
def watches(
    request: Request, opened: Opened, owner: Annotated[str, Query(max_length=320)] = ""
) -> Response:
    """Every watch, or those of one owner."""
    return page(request, "watches.html", watches=overview(opened, owner), owner=owner)


def overview(opened: Context, owner: str = "") -> list[dict[str, Any]]:
    """The watches with their readers and what they found in the last 30 days."""
    readers = {watch.watch_id: len(watch.recipients) for watch in importing.load(opened.conn)}
    counts = storage.watch_counts(opened.conn, opened.now - SPAN)
    return [
        {
            **row,
            "state": _state(row, opened.now),
            "readers": readers[row["watch_id"]],
            "found": counts.get(row["watch_id"], {}).get("found", 0),
            "last_found": counts.get(row["watch_id"], {}).get("last_found"),
        }
        for row in watch_storage.watches(opened.conn)
        if owner in ("", row["owner"])
    ]


def _state(row: dict[str, Any], now: datetime) -> str:
    if row["failure"]:
        return "failing"
    is_paused = row["paused_until"] is not None and row["paused_until"] > now
    return "paused" if is_paused or not row["active"] else "active"


@router.get("/watches/new")
def new(
    request: Request,
    opened: Opened,
    who: Editor,
    query: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """An empty form, or one with the query of a search."""
    taken = {row["watch_id"] for row in watch_storage.watches(opened.conn)}
    number = next(n for n in range(1, len(taken) + 2) if f"watch-{n}" not in taken)
    entry = {
        "id": f"watch-{number}",
        "name": "",
        "owner": who.name if "@" in who.name else "",
        "query": query,
        "unit": "story",
        "news": ["new"],
        "active": True,
    }
    return _editor(request, entry, is_new=True)


@router.post("/watches")
def create(request: Request, opened: Opened, _who: Editor, form: Form) -> Response:
    """Add a watch."""
    entry = watch_form.entry_of(form)
    made = watch_form.checked(entry)
    if isinstance(made, Watch) and _find(opened, made.watch_id):
        made = watch_form.Fault("id", f"there is a watch {made.watch_id} already: choose another")
    if isinstance(made, watch_form.Fault):
        return _editor(request, entry, is_new=True, fault=made)
    with transaction(opened.conn) as conn:
        importing.save(conn, made, opened.now)
    return go(request, f"/watches/{made.watch_id}")


@router.post("/watches/check")
def check(request: Request, _who: Editor, form: Form) -> Response:
    """What is to be said of a query while it is typed; a part of a page."""
    query = text(form, "query")
    verdict = inspect_query({"query": query}) if query else None
    return page(request, "query_check.html", query=query, verdict=verdict)


@router.get("/watches/{watch_id}")
def edit(request: Request, opened: Opened, watch_id: str) -> Response:
    """One watch in its form."""
    watch = found(opened, watch_id)
    [row] = [row for row in overview(opened) if row["watch_id"] == watch_id]
    return _editor(request, as_mapping(watch), is_new=False, row=row)


@router.post("/watches/{watch_id}")
def save(request: Request, opened: Opened, _who: Editor, watch_id: str, form: Form) -> Response:
    """Change a watch."""
    found(opened, watch_id)
    entry = watch_form.entry_of(form, watch_id)
    made = watch_form.checked(entry)
    if isinstance(made, watch_form.Fault):
        return _editor(request, entry, is_new=False, fault=made)
    with transaction(opened.conn) as conn:
        importing.save(conn, made, opened.now)
    return go(request, f"/watches/{watch_id}")


@router.post("/watches/{watch_id}/{act}")
def change(
    request: Request, opened: Opened, _who: Editor, watch_id: str, act: str, form: Form
) -> Response:
    """Pause (until a time, where one is given), resume or remove a watch."""
    until = _until(text(form, "until"), opened.now) if act == "pause" else None
    with transaction(opened.conn) as conn:
        if until is not None:
            done = watch_storage.pause_watch(conn, watch_id, until)
        elif act in ("pause", "resume"):
            done = watch_storage.set_watch_active(conn, watch_id, act == "resume", opened.now)
        elif act == "remove":
            done = watch_storage.remove_watch(conn, watch_id)
        else:
            raise HTTPException(404, "there is no such page")
    if not done:
        raise _unknown()
    return go(request, "/watches" if act == "remove" else f"/watches/{watch_id}")


@router.get("/watches/{watch_id}/remove")
def removal(request: Request, opened: Opened, _who: Editor, watch_id: str) -> Response:
    """Ask whether a watch is to be removed."""
    return page(request, "watch_removal.html", watch=found(opened, watch_id))


@router.get("/watches/{watch_id}/preview")
def preview(request: Request, opened: Opened, es: Search, watch_id: str) -> Response:
    """The mails of the last 30 days as they would have been, and what looks wrong."""
    watch = found(opened, watch_id)
    prefix, now = opened.settings.index_prefix, opened.now
    seen: Preview | None = None
    notes: list[str] = []
    if es.indices.exists_alias(name=alias_name(prefix)):
        seen = previewing.preview(es, prefix, watch, now, opened.settings.alert_window)
        notes = list(quality.notes(es, prefix, watch, seen, now))
    notes += quality.advice(watch_storage.verdicts(opened.conn, watch_id))
    asked = rewrite(watch.query)
    return page(
        request,
        "preview.html",
        watch=watch,
        seen=seen,
        cost=asked.cost,
        why=asked.why,
        notes=notes,
        shown=SHOWN,
    )


@router.get("/watches/{watch_id}/why")
def why(
    request: Request,
    opened: Opened,
    es: Search,
    watch_id: str,
    what: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """Why a watch told an article, or at which place of its way it stopped."""
    watch = found(opened, watch_id)
    lines: list[str] = []
    if what.strip():
        prefix = opened.settings.index_prefix
        lines = list(explaining.explain(opened.conn, es, prefix, watch, what.strip()))
    return page(request, "why.html", watch=watch, what=what, lines=lines)


def _editor(
    request: Request,
    entry: dict[str, Any],
    *,
    is_new: bool,
    row: dict[str, Any] | None = None,
    fault: watch_form.Fault | None = None,
) -> Response:
    query = str(entry["query"])
    verdict = inspect_query({"query": query}) if query else None
    return page(
        request,
        "watch.html",
        422 if fault else 200,
        entry=watch_form.shown(entry, SPARE_READERS),
        is_new=is_new,
        row=row,
        fault=fault,
        query=query,
        verdict=verdict,
    )


def _until(given: str, now: datetime) -> datetime | None:
    """The end of a pause, read as UTC where it names no zone; None when none is given."""
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
        until = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InputError(f"{given[:40]!r} is no time: write it as 2026-05-14T18:00") from None
    if until <= now:
        raise InputError(f"{given} has passed already: give a later time")
    return until


def _find(opened: Context, watch_id: str) -> Watch | None:
    watches = importing.load(opened.conn)
    return next((watch for watch in watches if watch.watch_id == watch_id), None)


def found(opened: Context, watch_id: str) -> Watch:
    watch = _find(opened, watch_id)
    if watch is None:
        raise _unknown()
    return watch


def _unknown() -> HTTPException:
    return HTTPException(404, "there is no such watch: it may have been removed")
