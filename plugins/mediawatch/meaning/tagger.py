"""The named-entity tagger: Stanford NER as a child process over pipes.

One text a line goes in; the very same text comes out with tags put in, and no line end. So a
line with a sign of its own is sent after each text, and everything is read up to that sign.
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

Kind: TypeAlias = Literal["person", "organisation", "place"]
SENTINEL = "\u241e"
STARTING = 60.0  # seconds until the first answer: the model is loaded
LONGEST = 20_000  # characters sent at once
READ = 1 << 16

# Every sign that some Java reader takes for the end of a line.
LINE_BREAKS = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
TAG = re.compile(r"<(/?)([A-Za-z-]+)>")
KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORGANIZATION": "organisation",
    "LOCATION": "place",
    "I-PER": "person",
    "I-ORG": "organisation",
    "I-LOC": "place",
    "PERS": "person",
    "ORG": "organisation",
    "LUG": "place",
}
SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)]*\s+")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name that the tagger found, with offsets in code points."""

    start: int
    end: int
    kind: Kind


class TaggerError(Exception):
    """The child died, hung, or answered with another text; it has been ended."""


class Tagger:
    """A supervised child. It starts at the first text and again after a failure.

    ``command`` starts it; ``seconds`` is the longest that one piece of a text may take.
    """

    def __init__(self, command: Sequence[str], *, seconds: float = 20.0) -> None:
        self._command = list(command)
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def tag(self, text: str) -> list[Tagged] | None:
        """The names in a text in order, or None: the tagger failed on it."""
        found: list[Tagged] = []
        try:
            for start, piece in pieces(text):
                for tagged in self._ask(piece):
                    found.append(  # noqa: PERF401
                        Tagged(start + tagged.start, start + tagged.end, tagged.kind)
                    )
        except TaggerError:
            self.close()
            return None
        return found

    def close(self) -> None:
        """End the child. A later text starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            pipe.close()
        child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, piece: str) -> list[Tagged]:
        if not piece.strip():
            return []
        sent = one_line(piece)
        seconds = self._seconds
        if self._child is None:
            self._start()
            seconds += STARTING
        answer = self._exchange(f"{sent}\n{SENTINEL}\n".encode(), time.monotonic() + seconds)
        return read_tags(answer, sent)

    def _start(self) -> None:
        self._child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._child.stdin is not None
        os.set_blocking(self._child.stdin.fileno(), False)

    def _exchange(self, request: bytes, deadline: float) -> str:
        """Write all of the request and read up to the sentinel, whichever is ready."""
        assert self._child is not None
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        into, out = self._child.stdin.fileno(), self._child.stdout.fileno()
        left, got, mark = memoryview(request), bytearray(), SENTINEL.encode()
        with selectors.DefaultSelector() as selector:
            selector.register(into, selectors.EVENT_WRITE)
            selector.register(out, selectors.EVENT_READ)
            while mark not in got[-2 * len(mark) :]:
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise TaggerError
                for key, _ in ready:
                    if key.fd == into:
                        left = self._write(into, left)
                        if not left:
                            selector.unregister(into)
                    else:
                        part = os.read(out, READ)
                        if not part:
                            raise TaggerError
                        got += part
        answer, _, rest = got.partition(mark)
        if left or rest.strip():
            raise TaggerError
        return answer.decode("utf-8", "replace")

    @staticmethod
    def _write(into: int, left: memoryview) -> memoryview:
        try:
            return left[os.write(into, left) :]
        except BrokenPipeError:
            raise TaggerError from None


def one_line(piece: str) -> str:
    """The text as it is sent: the same length, on one line, without ``<`` and the sentinel.

    At the end of a paragraph without a full stop, such as a heading, one of its line breaks
    becomes one, so that the heading is not read into the sentence after it.
    """
    sent = piece.replace("<", "‹").replace(SENTINEL, " ")
    sent = re.sub(r"(?<=[\w)\]”’\"'])\n(?=\n)", ".", sent)
    sent = LINE_BREAKS.sub(" ", sent)
    return re.sub("[\x00-\x1f\x7f\ufeff\ud800-\udfff]", " ", sent)


def read_tags(answer: str, sent: str) -> list[Tagged]:
    """The tags of an answer as offsets into what was sent.

    Raises:
        TaggerError: without its tags the answer is not what was sent.
    """
    found: list[Tagged] = []
    plain: list[str] = []
    place = length = 0
    opened: tuple[int, str] | None = None
    for tag in TAG.finditer(answer):
        part = answer[place : tag.start()]
        plain.append(part)
        length += len(part)
        place = tag.end()
        if not tag[1]:
            opened = (length, tag[2])
        elif opened and opened[1] == tag[2]:
            kind = KINDS.get(tag[2])
            if kind and length > opened[0]:
                found.append(Tagged(opened[0], length, kind))
            opened = None
    plain.append(answer[place:])
    if "".join(plain).strip() != sent.strip():
        raise TaggerError
    moved = len(sent) - len(sent.lstrip()) - (len(plain[0]) - len(plain[0].lstrip()))
    if not moved:
        return found
    return [Tagged(t.start + moved, t.end + moved, t.kind) for t in found]


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """A long text in parts of at most LONGEST characters, cut at the ends of sentences."""
    start = 0
    while len(text) - start > LONGEST:
        window = text[start : start + LONGEST]
        cut = max((m.end() for m in SENTENCE_END.finditer(window)), default=0)
        if cut < LONGEST // 4:
            cut = max(window.rfind("\n") + 1, window.rfind(" ") + 1)
        cut = cut or LONGEST
        yield start, window[:cut]
        start += cut
    yield start, text[start:]
