"""Forget a person, an address or a source for good.

The tombstones come first: from then on nothing of it is taken in. What is there already goes in
small transactions, then the index is brought up to date. Killed at any place and run again, it
ends the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, InputError
from mediawatch.pipeline import forget_traces as traces
from mediawatch.pipeline import redaction, search
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.redaction import Wanted
from mediawatch.search import index as indices
from mediawatch.search.server import connected
from mediawatch.storage import articles as article_storage
from mediawatch.storage import forget as storage
from mediawatch.storage import search as search_storage
from mediawatch.storage import sources as source_storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.tombstones import Kind, bury, make_key
from mediawatch.text import naming, urls

BATCH = 100
FORGOTTEN = REJECTED["forgotten"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that was handed over before and cannot be called back."""

    address: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What went, by place; what a legal hold keeps, hidden; and what cannot be recalled."""

    run_id: int | None
    articles: int
    places: dict[str, int]
    held: int = 0
    sent: tuple[Sent, ...] = ()
    buried: int = 0


@dataclass(slots=True)
class _Work:
    """One run: what it has done so far."""

    ctx: Context
    run_id: int
    buried: int
    places: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    sent: dict[int, Sent] = field(default_factory=dict)

    def report(self) -> Report:
        held = storage.held_articles(self.ctx.conn, sorted(self.articles))
        self.ctx.conn.rollback()
        return Report(
            run_id=self.run_id,
            articles=len(self.articles),
            places={place: count for place, count in sorted(self.places.items()) if count},
            held=len(held),
            sent=tuple(self.sent[number] for number in sorted(self.sent)),
            buried=self.buried,
        )


def who(conn: Connection, wanted: str, also: Sequence[str] = ()) -> Wanted:
    """The person of a name or an actor's id, with all their full names.

    Raises:
        InputError: it is not a person, could be several, or is too short to be told apart.
    """
    rows = storage.actors_called(conn, wanted)
    listed = {row["actor_id"] for row in rows if not row["actor_id"].startswith("local:")}
    by_id = [row for row in rows if row["actor_id"] == wanted]
    if by_id and any(row["kind"] != "person" for row in by_id):
        raise InputError(f"{wanted!r} is not a person; `forget person` takes persons alone")
    if len(listed) > 1:
        names = ", ".join(f"{row['actor_id']} ({row['name']})" for row in rows)
        raise InputError(f"{wanted!r} may be several: name one by its id: {names}")
    people = sorted({row["actor_id"] for row in rows if row["kind"] == "person"})
    looks_like_id = ":" in wanted or (wanted[:1] == "Q" and wanted[1:].isdigit())
    if not people and looks_like_id:
        raise InputError(f"no person has the id {wanted!r}; look it up with `mediawatch actors`")
    spellings = [*storage.names_of_actors(conn, people), *also]
    if not looks_like_id:
        spellings.append(wanted)
    full = {normal for name in spellings if " " in (normal := naming.normal(name))}
    for name in ([] if looks_like_id else [wanted]) + list(also):
        if naming.normal(name) not in full:
            raise InputError(
                f"{name!r} is a single word and would hide what names others: give the full name, "
                "or the id of an actor"
            )
    return Wanted(names=frozenset(full), actors=tuple(people))


def person(ctx: Context, wanted: Wanted, by: str, *, redact: bool = False) -> Report:
    """Forget a person: hide every article that names them, or black the name out.

    Raises:
        ServiceError: Elasticsearch is away. Everything else is done; the step ``index`` does the
            rest.
    """
    things: list[tuple[Kind, str]] = [("name", name) for name in sorted(wanted.names)]
    things += [("actor", actor_id) for actor_id in wanted.actors]
    work = _begin(ctx, "person", things, by, redact=redact)
    for _ in range(2):  # once more for what was on its way through a step meanwhile
        found = articles_naming(ctx, wanted)
        if redact:
            held = _held(ctx, found)
            _hide(work, held)
            for batch in _batches(sorted(set(found) - set(held))):
                with transaction(ctx.conn):
                    work.places.update(redaction.black_out(ctx, batch, wanted))
            work.articles.update(found)
        else:
            _hide(work, found)
        reached("forget.hidden")
        _drop_entries(work, found, hide=not redact)
        with transaction(ctx.conn):
            entries = traces.entries_naming(ctx.conn, wanted)
        _drop(work, entries, hide=not redact)
        _drop_mails(work, found, wanted)
        with transaction(ctx.conn):
            work.places["raw_bodies"] += traces.drop_bodies(ctx.conn, wanted)
            work.places["reasons_of_matches"] += traces.black_out_reasons(ctx.conn, wanted)
            work.places.update(traces.clear_words(ctx.conn, wanted, ctx.now))
            work.places["actors"] += storage.delete_actors(ctx.conn, wanted.actors)
    return _end(work)


def url(ctx: Context, address: str, by: str) -> Report:
    """Forget the article of an address or id, and never take it in again.

    Raises:
        InputError: it is no address and no article's id.
        ServiceError: as for :func:`person`.
    """
    keys, found = at(ctx, address)
    work = _begin(ctx, "url", [("article", key) for key in keys], by)
    _hide(work, found)
    _drop_entries(work, found, hide=True)
    _drop_mails(work, found, None)
    return _end(work)


def source(ctx: Context, name: str, by: str) -> Report:
    """Forget a source, all that stood in it alone, and never take anything of it again.

    Raises:
        InputError: there is no such source.
        ServiceError: as for :func:`person`.
    """
    row = find_source(ctx, name)
    source_id = row["source_id"]
    work = _begin(ctx, "source", [("source", source_id)], by)
    with transaction(ctx.conn) as conn:
        found = storage.articles_of_source(conn, source_id)
    _hide(work, found)
    with transaction(ctx.conn) as conn:
        entries = storage.entries_of_source(conn, source_id)
    _drop(work, entries, hide=True)
    _drop_mails(work, found, None)
    with transaction(ctx.conn) as conn:
        work.places.update(storage.erase_source(conn, source_id))
    return _end(work)


def articles_naming(ctx: Context, wanted: Wanted) -> list[str]:
    """The articles that name a person in any version, their address or what was read of them."""
    with transaction(ctx.conn) as conn:
        found = set(storage.articles_of_actors(conn, wanted.actors))
        for row in storage.texts_naming(conn, wanted.patterns()) if wanted.names else ():
            texts = [row["title"], row["body"], *row["authors"], row["agency"], row["url"]]
            if wanted.is_in(texts):
                found.add(row["article_id"])
        return storage.same_articles(conn, found)


def at(ctx: Context, address: str) -> tuple[list[str], list[str]]:
    """The keys of an address or article id, and the articles there.

    Raises:
        InputError: it is no address and no article's id.
    """
    parsed = urls.address(address)
    keys = [urls.key_hash(parsed.key)] if parsed else []
    with transaction(ctx.conn) as conn:
        found = storage.same_articles(conn, storage.article_at(conn, address, keys))
    if not keys and not found:
        raise InputError(f"{address!r} is neither an address nor the id of an article")
    return keys, found


def find_source(ctx: Context, name: str) -> dict[str, Any]:
    """The row of a source by id or address.

    Raises:
        InputError: there is none.
    """
    with transaction(ctx.conn) as conn:
        row = source_storage.find_source(conn, name)
    if row is None:
        raise InputError(f"there is no source {name!r}; see `mediawatch sources list`")
    return row


def erase_hidden(ctx: Context) -> int:
    """Erase what is hidden and no longer held; how many articles."""
    erased = 0
    while True:
        with transaction(ctx.conn) as conn:
            found = storage.unerased_articles(conn)
        if not found:
            return erased
        with transaction(ctx.conn) as conn:
            _bury_keys(ctx, found)
            storage.erase_articles(conn, found)
            storage.erase_entries(
                conn, storage.entries_of_articles(conn, found), FORGOTTEN, ctx.now
            )
        erased += len(found)


def _begin(
    ctx: Context, kind: str, things: list[tuple[Kind, str]], by: str, *, redact: bool = False
) -> _Work:
    key = make_key(ctx.settings)
    with transaction(ctx.conn) as conn:
        # A batch of articles that did not see the tombstones is written before they are.
        article_storage.lock_identity(conn)
        buried = bury(conn, key, things, ctx.now, redact=redact)
        run_id = storage.begin_run(conn, kind, redact, by, ctx.now)
    reached("forget.buried")
    return _Work(ctx, run_id, buried)


def _hide(work: _Work, found: Sequence[str]) -> None:
    """Hide these articles, bury their keys and erase what they say."""
    ctx = work.ctx
    for batch in _batches(found):
        with transaction(ctx.conn) as conn:
            if storage.hide_articles(conn, batch):
                search_storage.touch_articles(conn, batch, ctx.now)
            work.buried += _bury_keys(ctx, batch)
            work.places.update(storage.erase_articles(conn, batch))
        work.articles.update(batch)


def _bury_keys(ctx: Context, article_ids: Sequence[str]) -> int:
    keys = storage.keys_of_articles(ctx.conn, article_ids)
    things: list[tuple[Kind, str]] = [("article", key) for key in keys]
    return bury(ctx.conn, make_key(ctx.settings), things, ctx.now)


def _drop_entries(work: _Work, article_ids: Sequence[str], *, hide: bool) -> None:
    with transaction(work.ctx.conn) as conn:
        entries = storage.entries_of_articles(conn, article_ids)
    _drop(work, entries, hide=hide)


def _drop(work: _Work, entries: Sequence[str], *, hide: bool) -> None:
    for batch in _batches(entries):
        with transaction(work.ctx.conn) as conn:
            message = FORGOTTEN if hide else None
            work.places.update(storage.erase_entries(conn, batch, message, work.ctx.now))


def _drop_mails(work: _Work, article_ids: Sequence[str], wanted: Wanted | None) -> None:
    with transaction(work.ctx.conn) as conn:
        numbers = set(storage.mails_of_articles(conn, article_ids))
        if wanted is not None:
            numbers.update(traces.mails_naming(conn, wanted))
        rows = storage.erase_mails(conn, sorted(numbers))
    work.places["mails"] += len(rows)
    for row in rows:
        if row["sent_at"] is not None:
            work.sent[row["delivery_id"]] = Sent(row["address"], row["sent_at"])


def _held(ctx: Context, article_ids: Sequence[str]) -> list[str]:
    with transaction(ctx.conn) as conn:
        return storage.held_articles(conn, article_ids)


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _end(work: _Work) -> Report:
    """Bring the index up to date, also in what Elasticsearch keeps of deleted documents."""
    ctx = work.ctx
    work.places["documents"] += search.index(ctx)["deleted"]
    with connected(ctx.settings) as es:
        with transaction(ctx.conn) as conn:
            search_storage.lock_generations(conn)
            for known in search_storage.generations(conn):
                if known.state == "old":  # nothing writes to it, so it still holds everything
                    indices.drop_generation(es, ctx.settings.index_prefix, known.generation)
                    search_storage.drop_generation(conn, known.generation)
        pattern = f"{ctx.settings.index_prefix}mw-articles-g*"
        es.options(request_timeout=600).indices.forcemerge(index=pattern, only_expunge_deletes=True)
    report = work.report()
    kept = {"articles": report.articles, "held": report.held, "places": report.places}
    with transaction(ctx.conn) as conn:
        storage.finish_run(conn, work.run_id, kept, ctx.now)
    return report
