"""A person's names as they are looked for, and the texts of articles with them blacked out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediawatch.pipeline.context import Context
from mediawatch.storage import forget as storage
from mediawatch.storage import search as search_storage
from mediawatch.text import naming
from mediawatch.text.naming import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A person: their full names, normalised, and their ids."""

    names: frozenset[str] = frozenset()
    actors: tuple[str, ...] = ()

    @property
    def lengths(self) -> frozenset[int]:
        """Of how many words the names are."""
        return frozenset(name.count(" ") + 1 for name in self.names)

    def patterns(self) -> list[str]:
        """For LIKE on folded text: each name's words in order, whatever stands between."""
        return ["%" + "%".join(name.split(" ")) + "%" for name in sorted(self.names)]

    def is_in(self, texts: Iterable[str | None]) -> bool:
        """Whether one of these texts names the person in full."""
        return any(
            text and naming.names_in(text, self.lengths, self.names.__contains__) for text in texts
        )

    def spans(self, text: str) -> list[Span]:
        """Where a text that names the person in full names them in any way."""
        return naming.spans(text, self.lengths, self.names.__contains__)

    def blackened(self, text: str) -> str:
        """The text without the name, of the same length."""
        return naming.black_out(text, self.spans(text))


def black_out(ctx: Context, article_ids: Sequence[str], wanted: Wanted) -> Counter[str]:
    """Black a person out of these articles, in every version; rows by place.

    The texts keep their length, so that what else was read from them still fits.
    """
    conn = ctx.conn
    known: defaultdict[tuple[str, int, str], list[Span]] = defaultdict(list)
    for row in storage.spans_of_actors(conn, article_ids, wanted.actors):
        key = (row["article_id"], row["version_no"], row["part"])
        known[key].append((row["start_at"], row["end_at"]))
    counts: Counter[str] = Counter()
    changed: set[str] = set()
    for row in storage.versions_of_articles(conn, article_ids):
        of_title, of_body = (
            known[row["article_id"], row["version_no"], part] for part in ("title", "body")
        )
        whole = row["title"] + "\n\n" + row["body"]
        black = naming.black_out(
            whole,
            [
                *wanted.spans(whole),
                *of_title,
                *_moved(of_body, len(row["title"]) + 2),
            ],
        )
        title, body = black[: len(row["title"])], black[len(row["title"]) + 2 :]
        authors = [name for name in row["authors"] if not wanted.is_in([name])]
        agency = None if wanted.is_in([row["agency"]]) else row["agency"]
        new = {"title": title, "body": body, "authors": authors, "agency": agency}
        if any(row[name] != value for name, value in new.items()):
            storage.set_text(conn, {**row, **new})
            counts["versions"] += 1
            changed.add(row["article_id"])
        if wanted.is_in([row["url"]]):
            storage.drop_address(conn, row["article_id"])
            changed.add(row["article_id"])
    counts.update(storage.black_out_meaning(conn, article_ids, wanted.actors, wanted.patterns()))
    if changed:
        search_storage.touch_articles(conn, sorted(changed), ctx.now)
    return counts


def _moved(where: Iterable[Span], by: int) -> list[Span]:
    return [(start + by, end + by) for start, end in where]
