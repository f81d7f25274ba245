"""Where sentences begin and end, as far as this room needs it."""

from __future__ import annotations

import re
from bisect import bisect_right

END = re.compile(
    r"(?<=[.!?…])[\"'”’»)\]]{0,3}[^\S\n]+(?=[\"'“‘«„¿¡(\[—–-]{0,3}[^\W\d_a-zà-ÿ])|\n+|(?<=[。！？])"
)
NO_END = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Reps|Sens|Gov|Rev|St|Mt|Jr|Sr|"
    r"No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|MM?|Mme|Mgr|Inc|Ltd|Co|Corp))\.$"
)


def starts(text: str) -> list[int]:
    """The offset of each sentence's first character."""
    ends = (
        end.end()
        for end in END.finditer(text)
        if "\n" in end[0] or not NO_END.search(text, max(0, end.start() - 8), end.start())
    )
    return [0, *ends]


def around(begins: list[int], length: int, place: int) -> tuple[int, int]:
    """Start and end of the sentence that holds a place."""
    number = bisect_right(begins, place)
    return begins[number - 1], begins[number] if number < len(begins) else length
