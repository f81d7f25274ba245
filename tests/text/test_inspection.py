"""``mediawatch inspect`` and the child process behind it."""

from __future__ import annotations

import io
import json
import sys
import time

import pytest

from mediawatch.cli import main
from mediawatch.model import Rejected
from mediawatch.text.worker import Worker

PAGE = "<html><body><article>" + "<p>The old bridge was closed for repairs.</p>" * 5
PROBE = """
import ctypes, os, time

def answer(word):
    if word == "hang":
        time.sleep(60)
    if word == "crash":
        ctypes.string_at(0)
    if word == "memory":
        bytearray(10**10)
    if word == "raise":
        raise RuntimeError("out of order")
    print("noise on standard output")
    return word.upper(), os.getpid()
"""


def inspect(monkeypatch, capsys, stage: str, *lines: object) -> list[dict]:
    raw = b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["inspect", stage, "--jsonl"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == len(lines)
    return [json.loads(line) for line in out]


def test_each_line_is_answered_in_order_with_its_id(monkeypatch, capsys):
    answers = inspect(
        monkeypatch, capsys, "url",
        {"id": 7, "url": "https://www.isle.example/a?utm_source=x"},
        b"not json\n",
        {"id": "b", "url": "javascript:alert(1)"},
        {"id": 7, "url": "https://isle.example/b"},
    )  # fmt: skip
    assert answers[0] == {
        "id": 7, "canonical_url": "https://www.isle.example/a", "key": "isle.example/a"
    }  # fmt: skip
    assert answers[1]["id"] is None
    assert answers[2]["id"] == "b"
    assert {*answers[1]["error"]} == {*answers[2]["error"]} == {"code", "message"}
    assert answers[3]["key"] == "isle.example/b"


def test_a_page_has_every_field(monkeypatch, capsys):
    [answer, rejected] = inspect(
        monkeypatch, capsys, "page",
        {"id": 1, "html": PAGE, "url": "https://isle.example/a"},
        {"id": 2, "html": "<html></html>"},
    )  # fmt: skip
    wanted = {"id", "canonical_url", "key", "title", "body", "authors", "agency", "published",
              "modified", "language", "outlet", "flags", "rejected"}  # fmt: skip
    assert set(answer) == set(rejected) == wanted
    assert answer["rejected"] is None
    assert answer["language"] == "en"
    assert rejected["rejected"]["code"] == "empty"


def test_what_is_too_large_is_refused(monkeypatch, capsys, tmp_path):
    large = tmp_path / "large.html"
    large.write_bytes(b"x" * 20_000_001)
    answers = inspect(
        monkeypatch, capsys, "page",
        {"id": 1, "path": str(large)},
        {"id": 2, "html": "x" * 20_000_001},
        {"id": 3, "path": str(tmp_path)},
    )  # fmt: skip
    assert [answer["error"]["code"] for answer in answers] == [
        "too_large", "too_large", "bad_input",
    ]  # fmt: skip


@pytest.fixture
def probe(tmp_path, monkeypatch) -> str:
    (tmp_path / "probe_of_worker.py").write_text(PROBE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "probe_of_worker"


def test_what_hangs_crashes_or_fills_the_memory_costs_one_item(probe):
    with Worker(probe, "answer", seconds=5, megabytes=500) as worker:
        word, first = worker.call("one")
        assert word == "ONE"
        assert worker.call("two")[1] == first
        for bad in ("crash", "memory", "raise", "hang"):
            started = time.monotonic()
            refused = worker.call(bad)
            assert isinstance(refused, Rejected)
            assert refused.code == "extractor_died"
            assert time.monotonic() - started < 20
            assert worker.call("next")[0] == "NEXT"


def test_a_room_that_is_not_there_says_so():
    with Worker("mediawatch.no_such_room", "answer", seconds=5) as worker:
        assert worker.call(1).code == "unavailable"
