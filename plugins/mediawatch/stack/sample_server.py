"""The sample newsroom: feeds and pages of an invented world, served on the loopback address.

``seeds/sample/`` holds them as templates. Their dates are relative to one moment, which is fixed
at the first start of a profile and kept in its state together with the port, so that a later
run is answered with the same bytes. A second edition holds the correction of an article.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mediawatch.errors import ServiceError
from mediawatch.settings import REPOSITORY
from mediawatch.stack import sample_faults

HOST = "127.0.0.1"
SOURCES = REPOSITORY / "seeds" / "sources.opml"
PAGES = REPOSITORY / "seeds" / "sample"
SECOND_EDITION = "second-edition"  # the folder of what differs in it
DEAD = "/evening-mail/"  # the publisher whose server always fails
PORT_MARK = "{sample_port}"
# {{rfc822 -3h20m}}, {{iso -1d}}, {{weekday -5h}}, {{jour -2h}}, {{base}}
MARK = re.compile(r"\{\{(?:base|(rfc822|iso|weekday|jour) -(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?)\}\}")
WEEKDAYS = {
    "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "jour": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
XML_URL = re.compile(r'xmlUrl="([^"]+)"')
XML_CHARSET = re.compile(r'<\?xml[^>]*encoding="([\w-]+)"')
CONTENT_TYPES = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "index.rdf": "application/rdf+xml",
}


@dataclass(frozen=True, slots=True)
class SampleState:
    """What a profile keeps of its newsroom: the moment its dates count from, port, edition."""

    anchor: str
    port: int
    edition: int = 1


@dataclass(frozen=True, slots=True)
class SampleServer:
    """A newsroom that is being served."""

    port: int

    @property
    def base_url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def start(profile_home: Path, now: datetime, port: int = 0) -> Iterator[SampleServer]:
    """Serve the newsroom of a profile until the block ends.

    ``port`` 0 means the port of the last time, or any free one at the first.

    Raises:
        ServiceError: the port is taken.
    """
    state = load(profile_home)
    wanted = port or (state.port if state else 0)
    try:
        server = _Server(profile_home, wanted)
    except OSError as fault:
        raise ServiceError(
            f"the sample newsroom cannot listen on port {wanted} ({fault.strerror}); end what"
            " uses it, perhaps another run of this profile"
        ) from None
    with server:
        taken = server.server_address[1]
        anchor = state.anchor if state else now.astimezone(UTC).replace(second=0, microsecond=0)
        edition = state.edition if state else 1
        _save(profile_home, SampleState(str(anchor), taken, edition))
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield SampleServer(taken)
        finally:
            server.shutdown()
            thread.join()


def opml_text(port: int) -> str:
    """``seeds/sources.opml`` with the port of the newsroom in its addresses."""
    return SOURCES.read_text(encoding="utf-8").replace(PORT_MARK, str(port))


def addresses(port: int) -> list[str]:
    """The address of each source."""
    return XML_URL.findall(opml_text(port))


def load(profile_home: Path) -> SampleState | None:
    """What the profile keeps of its newsroom; None before the first start.

    Raises:
        ServiceError: the file cannot be read as one.
    """
    try:
        held = json.loads(_path(profile_home).read_text(encoding="utf-8"))
        datetime.fromisoformat(held["anchor"])
        return SampleState(str(held["anchor"]), int(held["port"]), int(held["edition"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise ServiceError(
            f"{_path(profile_home)} is broken; delete it, and the sample newsroom begins anew"
        ) from None


def advance(profile_home: Path) -> None:
    """Bring out the second edition, in which an article is corrected; also while it is served.

    Raises:
        ServiceError: the newsroom of this profile was never started.
    """
    state = load(profile_home)
    if state is None:
        raise ServiceError("the sample newsroom of this profile was never started")
    _save(profile_home, replace(state, edition=2))


def page(path: str, state: SampleState) -> bytes | None:
    """What stands at a path (``/harbour-courier/rss.xml``) in this state; None if nothing does."""
    later = PAGES / SECOND_EDITION
    files = {f"/{file.relative_to(PAGES).as_posix()}": file for file in PAGES.rglob("*.*")}
    file = files.get(path)
    if file is None or file.is_relative_to(later):
        return None
    if state.edition > 1:
        file = files.get(f"/{SECOND_EDITION}{path}", file)
    text = file.read_text(encoding="utf-8")
    charset = XML_CHARSET.search(text)
    return _filled(text, state).encode(charset[1] if charset else "utf-8")


def _filled(text: str, state: SampleState) -> str:
    anchor = datetime.fromisoformat(state.anchor)

    def value(mark: re.Match[str]) -> str:
        kind, days, hours, minutes = mark.groups()
        if kind is None:
            return f"http://{HOST}:{state.port}"
        ago = timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0))
        moment = anchor - ago
        if kind == "rfc822":
            return format_datetime(moment, usegmt=True)
        return moment.isoformat() if kind == "iso" else WEEKDAYS[kind][moment.weekday()]

    return MARK.sub(value, text)


def _path(profile_home: Path) -> Path:
    return profile_home / "sample.json"


def _save(profile_home: Path, state: SampleState) -> None:
    profile_home.mkdir(parents=True, exist_ok=True)
    part = _path(profile_home).with_suffix(".part")
    part.write_text(json.dumps(asdict(state)), encoding="utf-8")
    part.rename(_path(profile_home))


class _Server(ThreadingHTTPServer):
    def __init__(self, profile_home: Path, port: int) -> None:
        self.profile_home = profile_home
        super().__init__((HOST, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        path = self.path.partition("?")[0]
        state = load(self.server.profile_home)  # read each time: a new edition may come out
        content = page(path, state) if state else None
        if path.startswith(sample_faults.PREFIX) and state:
            fault = sample_faults.answer(path, datetime.fromisoformat(state.anchor))
            self._answer(fault.status, fault.headers, fault.content)
        elif path.startswith(DEAD):
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        elif content is None:
            self._answer(HTTPStatus.NOT_FOUND)
        else:
            etag = f'"{sha256(content).hexdigest()[:32]}"'
            unchanged = self.headers.get("If-None-Match", "").removeprefix("W/") == etag
            kind = CONTENT_TYPES.get(path.rpartition("/")[2], "text/html; charset=utf-8")
            headers = {"ETag": etag, "Content-Type": kind}
            if unchanged:
                self._answer(HTTPStatus.NOT_MODIFIED, {"ETag": etag})
            else:
                self._answer(HTTPStatus.OK, headers, content)

    def _answer(
        self, status: HTTPStatus, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet: a run says what happened from the database."""
