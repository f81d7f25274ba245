"""Any item once more from the bytes that it came in, by the very functions that read it first."""

from __future__ import annotations

from mediawatch.model import RawEntry, Rejected, SourceKind
from mediawatch.sources.entries import from_payload
from mediawatch.sources.feeds import raw_entry
from mediawatch.sources.fetching import Fetched
from mediawatch.sources.formats import PARSERS, Asked, parse_source
from mediawatch.storage import archives
from mediawatch.storage.connection import Connection


def parse_again(conn: Connection, entry_id: str) -> RawEntry | None:
    """What today's parser makes of a raw entry's kept body; None when that is kept no more, or
    when the item is no longer found in it.

    An entry whose text came in whole (a seed, a page of an archive) is as it was kept.
    """
    kept = archives.kept_entry(conn, entry_id)
    if kept is None:
        return None
    entry = from_payload(kept["payload"])
    kind = _kind(kept["parser"])
    if kind is None:
        return entry
    answer = Fetched(
        url=kept["url"],
        status=200,
        headers=kept["headers"] or {"content-type": kept["content_type"]},
        body=kept["content"],
        sha256=kept["body_sha256"],
        packed=len(kept["content"]),
        is_whole=True,
    )
    found = parse_source(Asked(kind, answer))
    if isinstance(found, Rejected):
        return None
    made = [
        raw_entry(entry.source_id, item, entry.fetched_at, kept["body_sha256"])
        for item in found.items
        if item.key == entry.item_key
    ]
    same = [again for again in made if again.entry_id == entry_id]
    return next(iter((*same, *made)), None)


def _kind(parser: str | None) -> SourceKind | None:
    """The kind of source that a parser reads, whatever its version."""
    kinds: tuple[SourceKind, ...] = ("feed", "sitemap", "page")
    for kind in kinds:
        if parser and parser.split()[0] == PARSERS[kind].split()[0]:
            return kind
    return None
