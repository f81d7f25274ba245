"""How far a long reading is, told to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

# Called with what is done and with what there is in all (None: nobody knows).
Progress: TypeAlias = Callable[[int, int | None], None]


def silent(_done: int, _total: int | None) -> None:
    """Tell nobody."""
