"""The sentence around a match."""

from __future__ import annotations

import re
from collections.abc import Iterator

# After a full stop, closing quotes and a blank, before something that can begin a sentence; or
# at a line break; or after the full stops that need no blank.
_BREAK = re.compile(
    r"(?<=[.!?…])[\"'”’»)\]]{0,3}[^\S\n]{1,4}(?=[\"'“‘«¿¡(\[—–-]{0,3}[^\W_a-z])|\n+|(?<=[。！？])"
)
_NO_END = re.compile(
    r"(?:\b\w|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|St|Mt|Jr|Sr|No|vs|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec|M|Mme|Mgr|Inc|Ltd|Co))\.$"
)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, in code points, without the blanks between them."""
    start = 0
    for found in _BREAK.finditer(text):
        closing = len(found[0].rstrip()) if "\n" not in found[0] else 0
        end = found.start() + closing
        if "\n" not in found[0] and _NO_END.search(text, max(start, end - 8), end):
            continue
        if text[start:end].strip():
            yield start, end
        start = found.end()
    if text[start:].strip():
        yield start, len(text.rstrip())
