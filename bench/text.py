"""How fast the text stage is: pages beside bare trafilatura, and feed items without a page.

``python bench/text.py [FOLDER]`` reads up to 100 pages below a folder (``.html``, gzipped or
not; the sample's own pages by default) in one process, both programs in turn, better of three
rounds; then a feed's items made from their texts. Times are CPU seconds of this process, so that
other work on the machine counts little; compare the lines of one run.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trafilatura import extract

from mediawatch.model import Article, RawEntry
from mediawatch.settings import LANGUAGES, REPOSITORY
from mediawatch.text import normalize
from mediawatch.text.extraction import Page

PAGES = 100
ROUNDS = 3
ITEMS = 2_000
NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)


def read_pages(folder: Path) -> list[bytes]:
    """The pages below a folder, evenly chosen."""
    files = sorted(path for path in folder.rglob("*") if ".html" in path.suffixes)
    pages = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in files[:: max(1, len(files) // PAGES)][:PAGES]
    ]
    if not pages:
        raise SystemExit(f"{folder} holds no .html file")
    return pages


def entry(number: int, **fields: str) -> RawEntry:
    """A raw entry as a feed gives it."""
    return RawEntry(
        entry_id=str(number),
        source_id="bench",
        item_key=str(number),
        url=f"https://daily.example/world/story-{number}?utm_source=rss",
        published="Thu, 14 May 2026 10:00:00 +0200",
        fetched_at=NOW,
        **fields,  # type: ignore[arg-type]
    )


def rate(work: Callable[[], None], count: int) -> float:
    """Things a CPU second, the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = max(best, count / (time.process_time() - start))
    return best


def main(folder: Path) -> None:
    """Measure and print."""
    pages = read_pages(folder)

    def bare() -> None:
        for page in pages:
            extract(page, fast=True, include_comments=False)

    texts: list[str] = []

    def ours() -> None:
        texts.clear()
        for number, page in enumerate(pages):
            found = normalize.article(
                entry(number), Page(page, f"https://daily.example/{number}"), languages=LANGUAGES
            )
            texts.append(found.body if isinstance(found, Article) else "")

    bare_rate, our_rate = rate(bare, len(pages)), rate(ours, len(pages))
    print(f"{len(pages)} pages: {our_rate:.1f} a second, bare trafilatura {bare_rate:.1f}:")
    print(f"  {our_rate / bare_rate:.2f} of its rate (goal 0.75)")

    bodies = [text for text in texts if len(text) > 300] or ["One two three. " * 30]
    items = [
        entry(n, title=f"Report {n}", summary=f"<p>{bodies[n % len(bodies)][:600]}</p>")
        for n in range(ITEMS)
    ]

    def feed() -> None:
        for item in items:
            normalize.article(item, None, languages=LANGUAGES)

    print(f"{ITEMS} feed items without a page: {rate(feed, ITEMS):.0f} a second (goal 500)")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "seeds")
