"""A way to Elasticsearch that fails as told: refusals, cut connections, other versions."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import urlsplit

# (status, body) to answer instead; None to pass on; "cut" to pass on and drop the answer
Fault = tuple[int, dict[str, Any]] | str | None


class Relay:
    """Passes requests on to a server, after asking ``fault(method, path, count)`` about each.

    ``count`` is how many requests of this path came before. ``edit`` may change an answer.
    """

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.fault: Callable[[str, str, int], Fault] = lambda _method, _path, _count: None
        self.edit: Callable[[str, dict[str, Any]], None] = lambda _path, _answer: None
        self.seen: dict[str, int] = {}
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                relay.handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path = handler.path.split("?")[0]
        count = self.seen.get(path, 0)
        self.seen[path] = count + 1
        fault = self.fault(handler.command, path, count)
        if isinstance(fault, tuple):
            self._answer(handler, fault[0], json.dumps(fault[1]).encode())
            return
        status, answer = self._pass_on(handler, content)
        if fault == "cut":
            handler.close_connection = True
            return
        self._answer(handler, status, answer)

    def _pass_on(self, handler: BaseHTTPRequestHandler, content: bytes) -> tuple[int, bytes]:
        kept = ("content-type", "accept")
        headers = {k: v for k, v in handler.headers.items() if k.lower() in kept}
        way = http.client.HTTPConnection(self.target.hostname or "", self.target.port)
        way.request(handler.command, handler.path, content, headers)
        response = way.getresponse()
        answer = response.read()
        way.close()
        if answer.startswith(b"{"):
            edited = json.loads(answer)
            self.edit(handler.path.split("?")[0], edited)
            answer = json.dumps(edited).encode()
        return response.status, answer

    def _answer(self, handler: BaseHTTPRequestHandler, status: int, content: bytes) -> None:
        handler.send_response(status)
        handler.send_header("X-Elastic-Product", "Elasticsearch")
        handler.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)
