"""Around every request: its size, where its form came from, and the headers of each answer.

Forms are protected as in Go's ``http.CrossOriginProtection``: a browser says with
``Sec-Fetch-Site`` or ``Origin`` which page sent a form, and only our own may. A request without
both comes from no browser; it must bring its log-in itself and not as a cookie.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mediawatch.newsroom.rendering import base_of, fault

BODY_LIMIT: Final = 2_000_000
# So much of a form that is too large is read, that its browser gets to see the answer.
DRAINED: Final = 32_000_000
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What follows these is a secret, kept out of the server's log of requests.
SECRET: Final = ("/mail/", "/feed/")
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
        " img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'self'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


class Guard:
    """The middleware of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not let in, and hand on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        inner = dict(scope)
        request = Request(inner, receive)
        hide_secret(scope, base_of(request))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = _refused(request)
        if refused is None and request.method not in SAFE:
            body = await _body(receive)
            if body is None:
                refused = 413, f"a form may hold at most {BODY_LIMIT // 1_000_000} MB"
            else:
                receive = _again(body, receive)
        if refused is not None:
            await fault(request, *refused)(inner, receive, with_headers)
            return
        await self.app(inner, receive, with_headers)


def hide_secret(scope: Scope, base: str) -> None:
    """Take the token out of the path that the server will log."""
    for part in SECRET:
        if str(scope["path"]).startswith(base + part):
            scope["path"] = f"{base}{part}…"
            scope["raw_path"] = f"{base}{part}...".encode()


def _refused(request: Request) -> tuple[int, str] | None:
    if "\x00" in request.url.path or b"%00" in request.scope["query_string"]:
        return 400, "an address cannot hold a NUL sign"
    if request.method in SAFE or request.url.path.startswith(f"{base_of(request)}/mail/"):
        return None  # a mail's link brings its own right
    if not _is_ours(request):
        return 403, "this form was sent from another page: open it here and send it again"
    return None


def _is_ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return "authorization" in request.headers


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is too large."""
    parts: list[bytes] = []
    size = 0
    while size <= DRAINED:
        message = await receive()
        if message["type"] != "http.request":
            break
        part = message.get("body", b"")
        size += len(part)
        if size <= BODY_LIMIT:
            parts.append(part)
        if not message.get("more_body", False):
            break
    return b"".join(parts) if size <= BODY_LIMIT else None


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read once more, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give
