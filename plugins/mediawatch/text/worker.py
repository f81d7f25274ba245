"""A child process that does one thing with one item after another, under hard limits.

Extraction runs in C code that cannot be interrupted from Python: a page that hangs, crashes or
eats memory there must cost one item. The child is ended and replaced when that happens.
"""

from __future__ import annotations

import importlib
import logging
import os
import pickle
import resource
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

from mediawatch.errors import REJECTED, InputError, MediawatchError
from mediawatch.model import Rejected

PACKAGES = Path(__file__).resolve().parents[2]
HEADER = struct.Struct(">Q")
MEGABYTE = 1 << 20
# Loading models and libraries is not the fault of any item.
STARTING = 120.0


class Worker:
    """Calls ``module.function(argument)`` in a child process.

    ``seconds`` is the longest that one call may take, ``megabytes`` what the child may hold
    (None: no limit). The child starts at the first call.
    """

    def __init__(
        self, module: str, function: str, *, seconds: float, megabytes: int | None = None
    ) -> None:
        self._target = (module, function, str(megabytes or 0))
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def call(self, argument: Any) -> Any:
        """The function's answer, or ``Rejected``: it raised, died, or took too long."""
        child, refusal = (self._child, None) if self._child else self._start()
        if refusal is not None:
            self.close()
            return refusal
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            write_frame(child.stdin, argument)
            return read_frame(child.stdout, time.monotonic() + self._seconds)
        except TimeoutError:
            self.close()
            return died(f"no answer within {self._seconds:.0f} s")
        except (EOFError, BrokenPipeError):
            status = child.wait()
            self.close()
            return died(f"ended with status {status}")

    def close(self) -> None:
        """End the child. A later call starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # half a request was still in the buffer
        child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> tuple[subprocess.Popen[bytes], Rejected | None]:
        """A child that has loaded its function, or why it could not."""
        path = os.pathsep.join(filter(None, (str(PACKAGES), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()", *self._target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._child.stdout is not None
        try:
            return self._child, read_frame(self._child.stdout, time.monotonic() + STARTING)
        except (TimeoutError, EOFError):
            return self._child, Rejected(code="unavailable", message="the worker did not start")


def died(why: str) -> Rejected:
    """The rejection of an item whose worker was ended."""
    return Rejected(code="extractor_died", message=f"{REJECTED['extractor_died']} ({why})")


def write_frame(pipe: IO[bytes], value: Any) -> None:
    """Send one value through a pipe."""
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(HEADER.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes], deadline: float | None = None) -> Any:
    """The next value of a pipe.

    Raises:
        TimeoutError: it did not come before ``deadline`` (monotonic seconds).
        EOFError: the other side is gone.
    """
    (length,) = HEADER.unpack(_read(pipe, HEADER.size, deadline))
    # Only our own child or parent writes here.
    return pickle.loads(_read(pipe, length, deadline))  # noqa: S301


def _read(pipe: IO[bytes], length: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while length:
        if deadline is not None:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([pipe], [], [], left)[0]:
                raise TimeoutError
        part = os.read(pipe.fileno(), min(length, MEGABYTE))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def serve() -> None:
    """The child's side: answer calls until the parent is gone."""
    module, name, megabytes = sys.argv[1:4]
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not get between the answers
    logging.disable(logging.CRITICAL)
    if int(megabytes):
        limit = int(megabytes) * MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as fault:
        write_frame(answers, Rejected(code="unavailable", message=f"{module}: {fault}"))
        return
    write_frame(answers, None)
    with open(0, "rb", buffering=0, closefd=False) as requests:
        while True:
            try:
                argument = read_frame(requests)
                answer = _answer(function, argument)
            except (EOFError, KeyboardInterrupt):
                return
            write_frame(answers, answer)


def _answer(function: Callable[[Any], Any], argument: Any) -> Any:
    try:
        return function(argument)
    except InputError as fault:
        return Rejected(code=fault.code, message=str(fault))
    except MediawatchError as fault:
        return Rejected(code="unavailable", message=str(fault))
    except (Exception, RecursionError, MemoryError) as fault:  # noqa: BLE001
        return died(f"{type(fault).__name__}: {str(fault)[:200]}")
