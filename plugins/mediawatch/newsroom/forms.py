"""Forms as they come in: texts by name, without files but where one is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from mediawatch.errors import InputError
from mediawatch.newsroom.guard import BODY_LIMIT
from mediawatch.newsroom.rendering import base_of

FIELDS = 1000


async def form(request: Request) -> FormData:
    """The form of a request.

    Raises:
        InputError: it holds signs that no text can hold.
        HTTPException: 400, it is broken.
    """
    found = await request.form(max_files=1, max_fields=FIELDS, max_part_size=BODY_LIMIT)
    for name, value in found.multi_items():
        if "\x00" in name or (isinstance(value, str) and "\x00" in value):
            raise InputError(f"{name.replace(chr(0), '')}: a text cannot hold a NUL sign")
    return found


Form = Annotated[FormData, Depends(form)]


def text(values: FormData, name: str) -> str:
    """A text of the form, trimmed; empty when it is missing."""
    value = values.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts(values: FormData, name: str) -> list[str]:
    """Every text of this name, in order, trimmed."""
    return [value.strip() for value in values.getlist(name) if isinstance(value, str)]


def listed(line: str) -> list[str]:
    """The parts of a text with commas between them."""
    return [part.strip() for part in line.split(",") if part.strip()]


def go(request: Request, path: str) -> RedirectResponse:
    """After a form: on to a page of ours."""
    return RedirectResponse(f"{base_of(request)}{path}", status_code=303)
