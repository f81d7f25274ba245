"""The words of the pages in the reader's language (``wording.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
COOKIE = "mediawatch_language"


def language_of(request: Request) -> str:
    """The language that the reader chose, else the first of the browser's that we have.

    A page that knows its reader's language has put it into ``request.state.language``.
    """
    known = getattr(request.state, "language", None)
    if known in WORDS:
        return str(known)
    chosen = request.cookies.get(COOKIE)
    if chosen is not None and chosen in WORDS:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in WORDS:
            return code
    return "en"
