"""From values to pages: templates that escape everything, and what they need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from mediawatch.alerts import wording as dates
from mediawatch.alerts.message import one_line
from mediawatch.alerts.view import safe_link
from mediawatch.newsroom import charts, files
from mediawatch.newsroom.sentences import told
from mediawatch.newsroom.wording import WORDS, language_of
from mediawatch.search.marks import Marked

TEMPLATES = Path(__file__).parent / "templates"


def page(request: Request, template: str, status_code: int = 200, /, **values: Any) -> HTMLResponse:
    """The page of a template, in the reader's language."""
    language = language_of(request)
    text = (
        _environment()
        .get_template(template)
        .render(
            base=base_of(request),
            here=request.url.path,
            language=language,
            person=getattr(request.state, "person", None),
            w=WORDS[language],
            **values,
        )
    )
    return HTMLResponse(text, status_code=status_code, headers={"Vary": "Cookie, Accept-Language"})


def fault(request: Request, status: int, message: str, **headers: str) -> Response:
    """A page, or an answer for programs, that says what is wrong in one sentence."""
    is_api = request.url.path.startswith(f"{base_of(request)}/api/")
    message = one_line(message if is_api else told(language_of(request), message), 500)
    message = message[:1].upper() + message[1:]
    if is_api:
        answer: Response = JSONResponse({"detail": message}, status_code=status)
    else:
        answer = page(request, "fault.html", status, status=status, message=message)
    answer.headers.update(headers)
    return answer


def base_of(request: Request) -> str:
    """The path under which the app is mounted, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def pieces(marked: Marked) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is marked."""
    at = 0
    for start, end in marked.spans:
        if start > at:
            yield marked.text[at:start], False
        yield marked.text[start:end], True
        at = end
    if at < len(marked.text):
        yield marked.text[at:], False


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "line": one_line,
        "link": safe_link,
        "pieces": pieces,
        "number": jinja2.pass_context(_number),
        "so_many": jinja2.pass_context(_so_many),
        "when": jinja2.pass_context(_when),
        "span": jinja2.pass_context(_span),
        "told": jinja2.pass_context(_told),
    }
    made.globals |= {
        "bars": charts.bars,
        "dots": charts.dots,
        "named_days": charts.named_days,
        "version": files.VERSION,
        "zoned": jinja2.pass_context(_zoned),
    }
    return made


def _told(context: jinja2.runtime.Context, sentence: str | None) -> str:
    """A sentence of the rooms below, in the reader's language."""
    return told(context["language"], sentence or "")


def _number(context: jinja2.runtime.Context, value: float) -> str:
    text = f"{value:,}"
    return text.replace(",", "\u202f") if context["language"] == "fr" else text


def _so_many(context: jinja2.runtime.Context, number: int, what: str) -> str:
    """A number with its noun, such as ``1 story``, ``12 stories``."""
    words = context["w"]
    text: str = words[f"one_{what}"] if number == 1 else words[what]
    return text.format(n=_number(context, number))


def _when(context: jinja2.runtime.Context, value: datetime | str | None) -> str:
    if value is None:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return dates.moment(moment, "UTC", context["language"])


def _zoned(context: jinja2.runtime.Context, value: datetime, zone: str) -> str:
    return dates.moment(value, zone, context["language"])


def _span(context: jinja2.runtime.Context, seconds: float | None) -> str:
    """A length of time in its two largest units, such as ``2 h 5 min``."""
    if seconds is None:
        return "–"
    words = context["w"]
    left = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {words[f'unit_{unit}']}")
        if len(parts) == 2:
            break
    return " ".join(parts) or f"0 {words['unit_second']}"
