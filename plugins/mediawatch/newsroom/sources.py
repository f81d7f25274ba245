"""Sources: how they are, adding one by its address, OPML in and out, pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from mediawatch.errors import FETCH, SOURCE_STATES, InputError
from mediawatch.newsroom.access import Editor
from mediawatch.newsroom.desk import Desk, Opened
from mediawatch.newsroom.forms import Form, go, listed, text
from mediawatch.newsroom.rendering import page
from mediawatch.newsroom.today import HOURS
from mediawatch.pipeline import source_check, source_files
from mediawatch.pipeline.context import Context
from mediawatch.sources.opml import KINDS, POLICIES, Listed, is_web_address
from mediawatch.storage import alerts as alert_storage
from mediawatch.storage import newsroom as storage
from mediawatch.storage import sources as source_storage
from mediawatch.storage.connection import transaction

router = APIRouter()
FETCHES = 50
DAYS = 14
LONGEST_ADDRESS = 2000


@router.get("/sources")
def sources(
    request: Request,
    opened: Opened,
    state: Annotated[str, Query(max_length=20)] = "",
    day: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Every source and how it is: those in one state, or those of one number of the day."""
    rows = source_storage.sources(opened.conn)
    if day:
        rows = _of_the_day(opened, rows, day)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    wanted = [row for row in rows if state in ("", row["state"])]
    return page(
        request, "sources.html", rows=wanted, state=state, counts=counts, states=SOURCE_STATES
    )


@router.get("/sources.opml")
def export(opened: Opened) -> Response:
    """The sources as an OPML file."""
    content = source_files.export_sources(opened.conn, f"mediawatch {opened.settings.profile}")
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return Response(content, media_type="text/x-opml", headers=headers)


@router.get("/sources/new")
def new(request: Request, _who: Editor) -> Response:
    """A form for an address."""
    return page(request, "source_new.html", url="", seen=[], fault=None, policies=POLICIES)


@router.post("/sources/look")
def look(request: Request, _who: Editor, form: Form) -> Response:
    """Read an address once, keep nothing, and say what is there."""
    url = text(form, "url")
    seen: list[source_check.Seen] = []
    fault: str | None = None
    desk: Desk = request.app.state.desk
    try:
        seen = source_check.find(desk.settings(), _address(url), desk.clock())
    except InputError as refused:
        fault = str(refused)
    return page(
        request,
        "source_new.html",
        422 if fault else 200,
        url=url,
        seen=seen,
        fault=fault,
        policies=POLICIES,
    )


@router.post("/sources")
def follow(request: Request, opened: Opened, _who: Editor, form: Form) -> Response:
    """Follow an address that was looked at."""
    url = _address(text(form, "url"))
    fetch = text(form, "fetch") or "short"
    if fetch not in POLICIES:
        raise InputError(f"fetch must be one of {', '.join(POLICIES)}")
    kind = text(form, "kind") or "feed"
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}")
    wanted = Listed(
        url=url,
        kind=kind,
        title=text(form, "title")[:300],
        tags=tuple(listed(text(form, "tags")))[:50],
        fetch=fetch,
    )
    outlets = {outlet.outlet_id for outlet in source_storage.outlets(opened.conn)}
    with transaction(opened.conn) as conn:
        known = source_files.with_outlet(wanted, outlets)
        source_id = source_files.save(conn, known, opened.now)
    return go(request, f"/sources/{source_id}")


@router.post("/sources/import")
def bring(request: Request, opened: Opened, _who: Editor, form: Form) -> Response:
    """Follow what an OPML file lists."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        raise InputError("choose an OPML file first")
    content = file.file.read()
    with transaction(opened.conn) as conn:
        report = source_files.import_sources(conn, content, "upload", opened.now)
    return page(request, "sources_imported.html", report=report)


@router.get("/sources/{source_id}")
def source(request: Request, opened: Opened, source_id: str) -> Response:
    """One source with its latest readings."""
    row = _found(opened, source_id)
    return page(
        request,
        "source.html",
        row=row,
        states=SOURCE_STATES,
        outcomes=FETCH,
        fetches=storage.source_fetches(opened.conn, source_id, FETCHES),
        days=storage.source_days(opened.conn, source_id, opened.now, DAYS),
    )


@router.post("/sources/{source_id}/{act}")
def change(request: Request, opened: Opened, _who: Editor, source_id: str, act: str) -> Response:
    """Pause, resume or remove a source."""
    row = _found(opened, source_id)
    with transaction(opened.conn) as conn:
        if act in ("pause", "resume"):
            source_storage.set_source(conn, {**row, "paused": act == "pause"}, opened.now)
        elif act == "remove":
            source_storage.remove_source(conn, source_id)
        else:
            raise HTTPException(404, "there is no such page")
    return go(request, "/sources" if act == "remove" else f"/sources/{source_id}")


@router.get("/sources/{source_id}/remove")
def removal(request: Request, opened: Opened, _who: Editor, source_id: str) -> Response:
    """Ask whether a source is to be followed no more."""
    return page(request, "source_removal.html", row=_found(opened, source_id))


def _of_the_day(opened: Context, rows: list[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    """The sources that the page of the day counts under this name."""
    if day == "due":
        return [
            row
            for row in rows
            if not row["paused"] and row["next_fetch_at"] <= opened.now and row["kind"] != "folder"
        ]
    if day == "paused":
        return [row for row in rows if row["paused"]]
    since = opened.now - timedelta(hours=HOURS)
    asked = alert_storage.receipt_sources(opened.conn, since, opened.now)
    wanted = {row["source_id"] for row in asked if row["state"] == day}
    return [row for row in rows if row["source_id"] in wanted]


def _address(url: str) -> str:
    if len(url) > LONGEST_ADDRESS or not is_web_address(url):
        raise InputError(f"{url[:200]!r} is no http or https address")
    return url


def _found(opened: Context, source_id: str) -> dict[str, Any]:
    row = source_storage.find_source(opened.conn, source_id)
    if row is None or row["removed"]:
        raise HTTPException(404, "there is no such source: it may have been removed")
    return row
