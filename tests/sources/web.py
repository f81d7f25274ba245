"""A real HTTP server on loopback whose answers the tests write, and what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What one path answers. ``writer`` writes the body by itself when it is given."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    writer: Callable[[Any], None] | None = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        web = self.server.web
        web.asked.append((self.path, {n.lower(): v for n, v in self.headers.items()}))
        answer = web.answers.get(self.path, Answer(status=404))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.writer:
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            answer.writer(self.wfile)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.status != 304:
            self.wfile.write(answer.body)

    def handle(self) -> None:
        self.server.web.connections += 1
        try:
            super().handle()
        except OSError:
            return  # the client has seen enough

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: Web


class Web:
    """``answers`` by path; ``asked`` holds the path and headers of each request,
    which came on so many ``connections``.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.connections = 0
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.web = self
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        serve = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        serve.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]
