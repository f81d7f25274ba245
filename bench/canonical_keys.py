"""How often a page's address and its rel=canonical have one key.

``python bench/canonical_keys.py FOLDER`` reads every page below a folder (``.html`` or any file,
gzipped or not). A page's own address is taken from the rows ``{"url", "file"}`` of ``.jsonl``
files, from ``.json`` files that map a file's name without its endings to ``{"url"}``, else from
its og:url. Only a canonical address on the same site that is no home page is compared; the
address of a feed proxy is not that of a page. Printed are the pairs with different keys and, last,
the share with one key.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from trafilatura import load_html

from mediawatch.text.decoding import decode
from mediawatch.text.metadata import read_metadata
from mediawatch.text.urls import address, is_home_page, registrable_domain

FEED_PROXY = re.compile(r"/~r/[^/]+/~\d/")
LISTS = (".json", ".jsonl", ".jsonl.gz")
BEGINNING = 5_000


def listed_addresses(folder: Path) -> dict[str, str]:
    """The addresses that the lists below a folder give, by file name and by its stem."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = _json(line)
            if isinstance(row.get("url"), str) and isinstance(row.get("file"), str):
                found[Path(row["file"]).name.removesuffix(".gz")] = row["url"]
    for path in sorted(folder.rglob("*.json")):
        for name, row in _json(path.read_bytes()).items():
            if isinstance(row, dict) and isinstance(row.get("url"), str):
                found[name] = row["url"]
    return found


def _json(text: str | bytes) -> dict[str, Any]:
    """An object; empty for everything else that lies in a folder."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name without ``.gz`` and bytes of each page below a folder."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.endswith(LISTS):
            continue
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        if b"<html" in content[:BEGINNING].lower():
            yield path.name.removesuffix(".gz"), content


def pair(name: str, content: bytes, listed: dict[str, str]) -> tuple[str, str] | None:
    """A page's own address and its plausible canonical one, where it has both."""
    text = decode(content, None)
    tree = load_html(text) if isinstance(text, str) else None
    if tree is None:
        return None
    data = read_metadata(tree)
    here = listed.get(name) or listed.get(name.partition(".")[0]) or data.meta.get("og:url")
    if not here or not data.canonical or address(here) is None or FEED_PROXY.search(here):
        return None
    canonical = urljoin(here, data.canonical)
    same_site = registrable_domain(canonical) == registrable_domain(here)
    if address(canonical) is None or not same_site or is_home_page(canonical):
        return None
    return here, canonical


def main(folder: Path) -> None:
    """Compare and print."""
    listed = listed_addresses(folder)
    same = compared = 0
    for name, content in pages(folder):
        found = pair(name, content, listed)
        if found is None:
            continue
        compared += 1
        keys = [known.key for url in found if (known := address(url))]
        same += keys[0] == keys[1]
        if keys[0] != keys[1]:
            print(f"{found[0]}\n  {found[1]}")
    print(f"{same} of {compared} pages have one key: {same / max(1, compared):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
