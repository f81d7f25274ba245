"""``mediawatch inspect STAGE``: one stage on outside input, answered as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from mediawatch.errors import InputError
from mediawatch.meaning import marked
from mediawatch.model import Rejected
from mediawatch.settings import Settings
from mediawatch.text.worker import Worker

LIMIT = 20_000_000
LINE_LIMIT = 130_000_000  # 20 MB of text may be written as six characters a byte
SECONDS = 18.0  # so that the answer is there within 20
# Stage: the module and function that answer one request, and the memory they may hold in MB.
STAGES: dict[str, tuple[str, str, int | None]] = {
    "feed": ("mediawatch.text.feed_inspection", "inspect_feed", 1200),
    "page": ("mediawatch.text.inspection", "inspect_page", 500),
    "url": ("mediawatch.text.inspection", "inspect_url", None),
    "text": ("mediawatch.meaning.inspection", "inspect_text", None),
    "query": ("mediawatch.search.inspection", "inspect_query", None),
}
ARGUMENT = {"feed": "path", "page": "path", "url": "url", "text": "text", "query": "query"}


def add_parsers(verbs: Any) -> None:
    """Add the verb ``inspect`` with its stages."""
    verb = verbs.add_parser("inspect", help="run one stage on outside input and print JSON")
    stages = verb.add_subparsers(dest="stage", required=True, metavar="STAGE")
    for name in (*STAGES, "stories"):
        stage = stages.add_parser(name)
        stage.add_argument(
            "--jsonl", action="store_true", help="one JSON object a line, in and out"
        )
        if name == "stories":
            stage.add_argument("--pairs", action="store_true", help="also the compared pairs")
            stage.set_defaults(run=run_stories)
        else:
            shown = "file" if name in ("feed", "page", "text") else name
            stage.add_argument("input", nargs="?", help=f"the {shown} (without --jsonl)")
            if name == "text":
                stage.add_argument(
                    "--html", action="store_true", help="a page with the marks in the text"
                )
            stage.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    """Answer each request in a child process, so that none can stop the others."""
    module, function, megabytes = STAGES[args.stage]
    with Worker(module, function, seconds=SECONDS, megabytes=megabytes) as worker:
        if not args.jsonl:
            asked = single(args.stage, args.input)
            check_size(asked)
            answer = worker.call(asked)
            if isinstance(answer, Rejected):
                raise InputError(answer.message, answer.code)
            if getattr(args, "html", False):
                print(marked.page(answer))
            else:
                print(json.dumps(answer, ensure_ascii=False, indent=2))
            return 0
        for request in requests(sys.stdin.buffer):
            if isinstance(request, Rejected):
                write({"id": None, "error": error(request)})
                continue
            name = request.get("id")
            try:
                check_size(request)
                answer = worker.call(request)
            except InputError as fault:
                answer = Rejected(code=fault.code, message=str(fault))
            if isinstance(answer, Rejected):
                write({"id": name, "error": error(answer)})
            else:
                write({"id": name, **{k: v for k, v in answer.items() if k != "id"}})
    return 0


def run_stories(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    """Read every line, then answer: a story is known only when all its members are."""
    found: list[tuple[Any, dict[str, Any] | Rejected]] = []
    for request in requests(sys.stdin.buffer):
        if isinstance(request, Rejected):
            found.append((None, request))
            continue
        try:
            check_size(request)
            found.append((request.get("id"), request))
        except InputError as fault:
            found.append((request.get("id"), Rejected(code=fault.code, message=str(fault))))
    try:
        inspect_stories = import_module("mediawatch.stories.inspection").inspect_stories
    except ModuleNotFoundError as fault:
        raise InputError(f"the stage stories cannot be run: no {fault.name}") from None
    sound = (request for _, request in found if not isinstance(request, Rejected))
    options = {"pairs": True} if args.pairs else {}
    with closing(inspect_stories(sound, **options)) as answers:
        for name, request in found:
            if isinstance(request, Rejected):
                write({"id": name, "error": error(request)})
            else:
                write(next(answers))
        for pair in answers:
            write(pair)
    return 0


def requests(stream: IO[bytes]) -> Iterator[dict[str, Any] | Rejected]:
    """Each line of a stream as a request, or why it cannot be read."""
    while line := stream.readline(LINE_LIMIT):
        if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
            while (rest := stream.readline(LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield Rejected(code="too_large", message=f"the line is longer than {LINE_LIMIT} bytes")
            continue
        if not line.strip():
            continue
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            yield Rejected(code="bad_input", message="the line is not JSON in UTF-8")
            continue
        if isinstance(request, dict):
            yield request
        else:
            yield Rejected(code="bad_input", message="the line is not a JSON object")


def single(stage: str, given: str | None) -> dict[str, Any]:
    """The request of a call without ``--jsonl``: an argument, or standard input."""
    key = ARGUMENT[stage]
    if given is None:
        content = sys.stdin.buffer.read(LIMIT + 1).decode("utf-8", "replace")
        return {{"page": "html", "feed": "text"}.get(stage, key): content}
    if stage != "text":
        return {key: given}
    path = Path(given)
    check_size({"path": given})
    return {"text": path.read_text(encoding="utf-8", errors="replace")}


def check_size(request: dict[str, Any]) -> None:
    """Refuse what is above the limit before anything is done with it.

    Raises:
        InputError: ``too_large``; or ``path`` is no regular file.
    """
    path = request.get("path")
    if isinstance(path, str) and path:
        try:
            file = Path(path)
            size = file.stat().st_size if file.is_file() else None
        except (OSError, ValueError):
            size = None
        if size is None:
            raise InputError(f"path {path[:200]!r} is not a regular file that can be read")
        if size > LIMIT:
            raise InputError(f"the file holds {size} bytes; at most {LIMIT} are read", "too_large")
    for key, value in request.items():
        if not isinstance(value, str):
            continue
        size = len(value) * 3 // 4 if key == "base64" else len(value.encode("utf-8", "replace"))
        if size > LIMIT:
            raise InputError(f"{key} holds {size} bytes; at most {LIMIT} are read", "too_large")


def error(fault: Rejected) -> dict[str, str]:
    """A rejection as an answer."""
    return {"code": fault.code, "message": fault.message}


def write(answer: dict[str, Any]) -> None:
    """One answer on one line, at once. A lone surrogate goes out escaped."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
