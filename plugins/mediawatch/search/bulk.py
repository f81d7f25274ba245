"""Writing documents: bulk requests by bytes, external versions, one answer for each document."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from elasticsearch import ConnectionError as NoConnection

from mediawatch.errors import ServiceError
from mediawatch.model import SearchDocument
from mediawatch.search.server import READ_ONLY, api_fault, is_read_only, reason_of

BULK_BYTES = 8_000_000
BULK_DOCUMENTS = 1_000
# A document above this is refused here: the server would refuse the whole request.
LARGEST_BYTES = 90_000_000
ATTEMPTS = 6
FIRST_PAUSE = 0.5
BUSY = frozenset({429, 502, 503, 504})


@dataclass(slots=True)
class Outcome:
    """What became of the documents of a call; ``bad`` has a reason for each article id."""

    written: int = 0
    deleted: int = 0
    known: int = 0
    bad: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    article_id: str
    content: bytes
    deletes: bool


def write(es: Elasticsearch, documents: Iterable[SearchDocument]) -> Outcome:
    """Write or delete every document under its own version.

    A version conflict means that the index is as new or newer: done. A document that the server
    refuses costs itself and is in ``bad``. A busy server is asked again, with longer pauses.

    Raises:
        ServiceError: the server is away, stays busy, or no longer takes writes.
    """
    outcome = Outcome()
    for lines in _chunks(documents, outcome):
        _send(es, lines, outcome)
    return outcome


def _chunks(documents: Iterable[SearchDocument], outcome: Outcome) -> Iterator[list[_Line]]:
    lines: list[_Line] = []
    size = 0
    for document in documents:
        try:
            line = _line(document)
        except ValueError as fault:  # a lone surrogate, or a number that JSON does not have
            outcome.bad[document.article_id] = f"cannot be written as JSON: {fault}"[:300]
            continue
        if len(line.content) > LARGEST_BYTES:
            outcome.bad[document.article_id] = (
                f"the document has {len(line.content):,} bytes; at most {LARGEST_BYTES:,} are taken"
            )
            continue
        if lines and (size + len(line.content) > BULK_BYTES or len(lines) == BULK_DOCUMENTS):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line.content)
    if lines:
        yield lines


def _line(document: SearchDocument) -> _Line:
    head: dict[str, Any] = {
        "_index": document.index,
        "_id": document.article_id,
        "version": document.version,
        "version_type": "external",
    }
    if document.fields is None:
        return _Line(document.article_id, _json({"delete": head}), deletes=True)
    content = _json({"index": head}) + b"\n" + _json(document.fields)
    return _Line(document.article_id, content, deletes=False)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _send(es: Elasticsearch, lines: Sequence[_Line], outcome: Outcome) -> None:
    pause = FIRST_PAUSE
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(pause)
            pause *= 2
        lines = _try(es, lines, outcome, last=attempt == ATTEMPTS - 1)
        if not lines:
            return
    raise ServiceError(
        "Elasticsearch has too much to do and refuses work; run the step again later"
    )


def _try(es: Elasticsearch, lines: Sequence[_Line], outcome: Outcome, *, last: bool) -> list[_Line]:
    """One request; the lines that are to be sent again."""
    try:
        # Bytes go out as they are; the client's types only know mappings.
        content: list[Any] = [line.content for line in lines]
        # The client would try again at once; here each repetition waits longer.
        answer = es.options(max_retries=0).bulk(operations=content)
    except NoConnection:
        if last:
            raise
        return list(lines)
    except ApiError as fault:
        if fault.status_code in BUSY:
            if last:
                raise ServiceError(api_fault(fault)) from fault
            return list(lines)
        if fault.status_code in (400, 413) and not is_read_only(fault.body):
            return _halve(es, lines, outcome, reason_of(fault.body))
        raise ServiceError(api_fault(fault)) from fault
    again = []
    for line, item in zip(lines, answer["items"], strict=True):
        if _settle(line, next(iter(item.values())), outcome):
            again.append(line)
    return again


def _halve(es: Elasticsearch, lines: Sequence[_Line], outcome: Outcome, reason: str) -> list[_Line]:
    """The server refused the request as a whole: find the document that it is about."""
    if len(lines) == 1:
        outcome.bad[lines[0].article_id] = reason
        return []
    middle = len(lines) // 2
    _send(es, lines[:middle], outcome)
    _send(es, lines[middle:], outcome)
    return []


def _settle(line: _Line, item: dict[str, Any], outcome: Outcome) -> bool:
    """Note one item's answer; True when it is to be sent again.

    Raises:
        ServiceError: the index is gone or takes no writes, which concerns every document.
    """
    status = int(item["status"])
    error = item.get("error")
    if is_read_only(error):
        raise ServiceError(READ_ONLY)
    if status in BUSY:
        return True
    if status == 409:
        outcome.known += 1
    elif line.deletes and status in (200, 404):
        outcome.deleted += 1
    elif status in (200, 201):
        outcome.written += 1
    elif isinstance(error, dict) and error.get("type") == "index_not_found_exception":
        raise ServiceError(f"the index {item['_index']} has gone; run the step again")
    else:
        outcome.bad[line.article_id] = reason_of(error)
    return False
