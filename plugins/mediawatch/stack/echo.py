"""What a person sees while services are fetched and started.

Bars and spinners on a terminal, plain lines otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

QUARTER = 4


class Echo:
    """Lines, steps with their duration, and download bars, on one console."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)

    def __call__(self, line: str) -> None:
        """Print one line."""
        self.console.print(line, markup=False)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say what is being done while it is done, and how long it took after that."""
        began = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(f"{name} …"):
                yield
        else:
            yield
        self(f"{name}: {time.monotonic() - began:.1f} s")

    @contextmanager
    def download(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a download of ``total`` bytes; call what is yielded with each count of new ones."""
        if self.console.is_terminal:
            columns = (TextColumn(name), BarColumn(), DownloadColumn(), TimeRemainingColumn())
            with Progress(*columns, console=self.console) as bar:
                task = bar.add_task(name, total=total)
                yield lambda count: bar.advance(task, count)
            return
        seen = 0

        def advance(count: int) -> None:
            nonlocal seen
            before, seen = seen * QUARTER // total, seen + count
            if seen * QUARTER // total > before:
                self(f"{name}: {seen * 100 // total} % of {megabytes(total)}")

        yield advance


def megabytes(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 1_000_000:.0f} MB"
