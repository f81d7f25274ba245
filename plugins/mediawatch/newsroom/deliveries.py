"""The ledger of mails: what was sent to whom, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from mediawatch.errors import InputError
from mediawatch.newsroom.access import Editor
from mediawatch.newsroom.desk import Opened
from mediawatch.newsroom.forms import Form, go, text
from mediawatch.newsroom.rendering import page
from mediawatch.pipeline.context import Context
from mediawatch.storage import alerts as alert_storage
from mediawatch.storage import newsroom as storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.connection import transaction

router = APIRouter()
STATES = ("queued", "sending", "sent", "refused", "uncertain", "suppressed", "expired")
SHOWN = 200
# A mail was written for mail programs, with its style inside. It stands in a frame that may do
# nothing, and loads nothing.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("/deliveries")
def deliveries(
    request: Request,
    opened: Opened,
    state: Annotated[str, Query(max_length=20)] = "",
    hours: Annotated[int | None, Query(ge=1, le=24 * 366)] = None,
) -> Response:
    """The latest mails, of one state or all, of the last hours or ever."""
    if state and state not in STATES:
        raise InputError(f"state must be one of {', '.join(STATES)}")
    since = opened.now - timedelta(hours=hours) if hours else None
    rows = watch_storage.deliveries(opened.conn, state or None, SHOWN, since)
    return page(request, "deliveries.html", rows=rows, state=state, states=STATES, shown=SHOWN)


@router.get("/deliveries/{number}")
def delivery(request: Request, opened: Opened, number: Number) -> Response:
    """One mail: what it told, what the server answered, and its text."""
    row = _found(opened, number)
    mail = _mail(row)
    plain = mail.get_body(("plain",)) if mail else None
    return page(
        request,
        "delivery.html",
        row=row,
        told=storage.mailed_matches(opened.conn, number),
        plain=plain.get_content() if plain else None,
        has_html=mail is not None and mail.get_body(("html",)) is not None,
    )


@router.get("/deliveries/{number}/mail")
def mail_as_sent(opened: Opened, number: Number) -> Response:
    """The mail as its reader sees it, for a frame that may do nothing."""
    mail = _mail(_found(opened, number))
    html = mail.get_body(("html",)) if mail else None
    if html is None:
        raise HTTPException(404, "the bytes of this mail are not kept any more")
    headers = {"Content-Security-Policy": MAIL_POLICY}
    return Response(html.get_content(), media_type="text/html; charset=utf-8", headers=headers)


@router.post("/deliveries/{number}/resolve")
def resolve(request: Request, opened: Opened, who: Editor, number: Number, form: Form) -> Response:
    """Say what became of an uncertain mail."""
    state = text(form, "state")
    if state not in ("sent", "queued"):
        raise InputError("say whether the mail arrived (sent) or is to be sent again (queued)")
    with transaction(opened.conn) as conn:
        done = watch_storage.resolve_delivery(conn, number, state, who.name, opened.now)
    if not done:
        _found(opened, number)
        raise HTTPException(409, "this mail is not uncertain any more")
    return go(request, f"/deliveries/{number}")


def _found(opened: Context, number: int) -> dict[str, Any]:
    row = alert_storage.delivery(opened.conn, number)
    if row is None:
        raise HTTPException(404, "there is no such mail")
    return row


def _mail(row: dict[str, Any]) -> EmailMessage | None:
    if row["message"] is None:
        return None
    found = message_from_bytes(bytes(row["message"]), policy=policy.default)
    return found if isinstance(found, EmailMessage) else None
