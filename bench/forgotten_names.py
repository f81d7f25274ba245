"""What it costs to look for forgotten names in a text.

``python bench/forgotten_names.py``: milliseconds a text of 500 words, with names of two and three
words buried; the ratio is to splitting the text into folded words, which any search for names
needs.
"""

from __future__ import annotations

import random
import time

from mediawatch.storage.tombstones import Buried, keyed_hash
from mediawatch.text import naming

TEXTS = 200
WORDS = 500
KEY = b"bench"


def main() -> None:
    """Print the table."""
    chosen = random.Random(1)
    known = [
        "".join(chosen.choices("abcdefghijklmnop", k=chosen.randint(2, 9))) for _ in range(9_000)
    ]
    texts = [" ".join(chosen.choices(known, k=WORDS)) for _ in range(TEXTS)]
    bare = _seconds(texts, naming.words)
    print(f"{'buried names':>14} {'ms a text':>10} {'ratio':>6}")
    print(f"{'words alone':>14} {1000 * bare / TEXTS:10.2f} {1:6.1f}")
    for count in (1, 1_000, 100_000):
        names = {keyed_hash(KEY, "name", f"some name {n}"): False for n in range(count)}
        buried = Buried(key=KEY, names=names, lengths=frozenset({2, 3}))
        spent = _seconds(texts, lambda text, buried=buried: buried.is_in([text]))
        print(f"{count:14,} {1000 * spent / TEXTS:10.2f} {spent / bare:6.1f}")


def _seconds(texts, work) -> float:  # type: ignore[no-untyped-def]
    begun = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
