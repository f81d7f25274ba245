"""The links of mails: one act on one subscription, allowed by the signature and no log-in.

A GET shows what the link would do and changes nothing, for mail programs and scanners follow
links by themselves; a POST acts. The POST of a mail program (RFC 8058, ``List-Unsubscribe=
One-Click``) is the same as that of the page's button.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from mediawatch.alerts import acts, links
from mediawatch.errors import InputError
from mediawatch.newsroom.desk import Opened
from mediawatch.newsroom.forms import Form, text
from mediawatch.newsroom.limits import stranger
from mediawatch.newsroom.rendering import fault, page
from mediawatch.pipeline.context import Context
from mediawatch.storage.connection import transaction

router = APIRouter(dependencies=[Depends(stranger)])
DAYS = {"1": 1, "7": 7, "30": 30}


@router.get(links.PATH + "/{token}")
def show(request: Request, opened: Opened, token: str) -> Response:
    """What the link would do."""
    grant = _grant(opened, token)
    if isinstance(grant, links.LinkRefused):
        return _refuse(request, grant)
    asked = acts.ask(opened.conn, grant, opened.now)
    if asked is None:
        return _gone(request)
    return _page(request, grant, asked, done=False)


@router.post(links.PATH + "/{token}")
def act(request: Request, opened: Opened, token: str, form: Form) -> Response:
    """Do it."""
    grant = _grant(opened, token)
    if isinstance(grant, links.LinkRefused):
        return _refuse(request, grant)
    asked = acts.ask(opened.conn, grant, opened.now)
    if asked is None:
        return _gone(request)
    until = _until(text(form, "days"), asked, opened.now) if grant.act == "pause" else None
    with transaction(opened.conn) as conn:
        acts.perform(conn, grant, opened.now, until)
    after = acts.ask(opened.conn, grant, opened.now) or asked
    return _page(request, grant, after, done=True)


def _page(request: Request, grant: links.Grant, asked: acts.Asked, *, done: bool) -> Response:
    request.state.language = asked.language
    return page(request, "mail_link.html", grant=grant, asked=asked, done=done, days=DAYS)


def _grant(opened: Context, token: str) -> links.Grant | links.LinkRefused:
    key = opened.settings.signing_key
    return links.verify(token, key, opened.now) if key else links.LinkRefused("link_broken")


def _refuse(request: Request, refused: links.LinkRefused) -> Response:
    return fault(request, 410 if refused.code == "link_expired" else 403, refused.message)


def _gone(request: Request) -> Response:
    return fault(request, 404, "this subscription is not there any more")


def _until(days: str, asked: acts.Asked, now: datetime) -> datetime:
    """The end of a pause: so many days on, at midnight where the reader is."""
    if days not in DAYS:
        raise InputError("choose for how long")
    there = now.astimezone(ZoneInfo(asked.zone)).date() + timedelta(days=DAYS[days])
    return datetime.combine(there, time(), ZoneInfo(asked.zone))
