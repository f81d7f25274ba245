"""The step ``read_archive``: web archives and folders of old texts, by hand, never mailed.

What is read and the place where to go on are written in one transaction, so that a reading that
was ended anywhere goes on there, and every record comes once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from mediawatch.checkpoints import reached
from mediawatch.model import RawEntry
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.progress import Progress, silent
from mediawatch.pipeline.seeds import add_archive_source, finish_reading, read_folder
from mediawatch.sources import archives
from mediawatch.sources.archives import Capture, Record, Wanted
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import hashed, item_key
from mediawatch.sources.links import without_scheme
from mediawatch.sources.opt_outs import opt_outs
from mediawatch.sources.plain import visible_text
from mediawatch.storage import archives as storage
from mediawatch.storage import sources
from mediawatch.storage.archives import Position
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import NewEntry
from mediawatch.text import language

RECORDS_AT_ONCE = 100
BYTES_AT_ONCE = 50_000_000


def read_archive(
    ctx: Context,
    path: str,
    since: str = "",
    until: str = "",
    domains: str = "",
    languages: str = "",
    *,
    progress: Progress = silent,
) -> Counts:
    """Take in a WARC file, or a folder of WARC files and seeds, below the seed roots.

    ``since`` and ``until`` are days of capture, ``domains`` and ``languages`` lists with commas.
    The counts: response records read (``in``), pages that were ``new`` or ``known``, ``rejected``
    with a row, ``passed`` over as not wanted or no page.

    Raises:
        InputError: there is no such place below the seed roots, or a choice makes no sense.
    """
    wanted = Wanted.parse(since, until, domains, languages)
    source_id, place = add_archive_source(ctx.conn, Path(path), ctx.now, ctx.settings.seed_roots)
    files = list(archives.warc_files(place))
    total = sum(file.stat().st_size for _, file in files)
    counts: Counter[str] = Counter()
    before = 0
    for name, file in files:
        reading = Reading(ctx, source_id, name, wanted)
        for at, done in reading.take(file):
            counts.update(done)
            progress(before + at, total)
        before += file.stat().st_size
    if place.is_dir():
        counts.update(read_folder(ctx, source_id, place))
    finish_reading(ctx, source_id, str(place), counts, None)
    return dict(counts)


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one file of an archive by one choice."""

    ctx: Context
    source_id: str
    name: str
    wanted: Wanted

    def take(self, file: Path) -> Iterator[tuple[int, Counter[str]]]:
        """Read on from where the last reading ended; after each batch, the place and counts."""
        with file.open("rb") as stream:
            head = archives.head_of(stream, self.wanted)
            at = storage.position(self.ctx.conn, self.source_id, self.name, head)
            self.ctx.conn.commit()
            if at.done:
                return
            batch: list[Record] = []
            size = 0
            urls: set[str] = set()
            for record in archives.records(stream, int(at.place), at.records, self.wanted):
                url = record.capture.url if record.capture else ""
                is_again = bool(url) and url in urls  # a later version comes later
                if len(batch) >= RECORDS_AT_ONCE or size >= BYTES_AT_ONCE or is_again:
                    at = replace(at, place=str(record.place), records=at.records + len(batch))
                    yield record.place, self._keep(batch, at)
                    batch, size, urls = [], 0, set()
                batch.append(record)
                urls.add(url)
                size += len(record.capture.content or b"") if record.capture else 0
            at = replace(at, records=at.records + len(batch), done=True)
            yield file.stat().st_size, self._keep(batch, at)

    def _keep(self, batch: list[Record], at: Position) -> Counter[str]:
        """Write the pages of some records and the place behind them."""
        counts = Counter({"in": len(batch), "passed": 0, "new": 0, "known": 0, "rejected": 0})
        found: dict[str, tuple[NewEntry, Capture]] = {}
        for record in batch:
            made = self._entry(record)
            if made is None or record.capture is None:
                counts["passed"] += 1
            else:
                found[made.entry.entry_id] = (made, record.capture)
        reached("archive.read")
        # Later captures of a page are later versions of it.
        moment = self.ctx.now + timedelta(microseconds=at.records)
        with transaction(self.ctx.conn) as conn:
            known = sources.known_entries(conn, list(found))
            new = [pair for entry_id, pair in found.items() if entry_id not in known]
            for made, capture in new:
                if made.page_sha256 is not None and capture.content is not None:
                    sources.add_raw_body(
                        conn,
                        made.page_sha256,
                        capture.content,
                        url=capture.url,
                        content_type=capture.headers.get("content-type", ""),
                        headers=capture.headers,
                        opt_outs=opt_outs(capture.headers, capture.content),
                        parser=archives.READER,
                        fetched_at=capture.moment,
                        month=sources.month_of(moment),
                    )
            sources.add_entries(conn, (made for made, _ in new), moment)
            storage.move_position(conn, self.source_id, self.name, at, self.ctx.now)
            reached("archive.written")
        counts["rejected"] = sum(made.rejected is not None for made, _ in new)
        counts["new"] = len(new) - counts["rejected"]
        counts["known"] = counts["in"] - counts["passed"] - len(new)
        return counts

    def _entry(self, record: Record) -> NewEntry | None:
        """The raw entry of a record's page; None when it is not wanted."""
        capture = record.capture
        if capture is None:
            return None
        if capture.content is None:
            key = f"{self.name}#{record.place}"
            entry = self._raw(capture, item_key(key), hashed(self.source_id, key))
            return NewEntry(entry=entry, state="rejected", rejected=capture.rejected)
        said = visible_text(decode(capture.content, capture.headers.get("content-type", "")).text)
        if self.wanted.languages:
            spoken = language.detect(said, self.ctx.settings.languages)
            if spoken not in self.wanted.languages:
                return None
        key = item_key(without_scheme(capture.url))
        return NewEntry(
            entry=self._raw(capture, key, hashed(self.source_id, key, said)),
            state="pending",
            page_sha256=sha256(capture.content).hexdigest(),
            page_url=capture.url,
        )

    def _raw(self, capture: Capture, key: str, entry_id: str) -> RawEntry:
        return RawEntry(
            entry_id=entry_id,
            source_id=self.source_id,
            item_key=key,
            url=capture.url or None,
            fetched_at=capture.moment,
        )
