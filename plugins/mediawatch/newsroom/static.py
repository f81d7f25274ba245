"""The style sheet and the one small script, and the choice of a language."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mediawatch.newsroom.files import FILES, KINDS
from mediawatch.newsroom.rendering import base_of
from mediawatch.newsroom.wording import COOKIE, WORDS

router = APIRouter()
YEAR = 31_536_000


@router.get("/static/{name}")
def file(name: str) -> Response:
    """One of the files."""
    if name not in FILES:
        raise HTTPException(404, "there is no such page")
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable"}
    return Response(FILES[name], media_type=KINDS[name], headers=headers)


@router.get("/language/{code}")
def language(request: Request, code: str, back: str = "") -> Response:
    """Keep the choice of a language, and go back to the page."""
    if code not in WORDS:
        raise HTTPException(404, "there is no such language")
    base = base_of(request)
    is_ours = back.startswith(f"{base}/") and "\\" not in back and not back.startswith("//")
    answer = RedirectResponse(back if is_ours else f"{base}/", status_code=303)
    answer.set_cookie(COOKIE, code, max_age=YEAR, path=f"{base}/", httponly=True, samesite="lax")
    return answer
