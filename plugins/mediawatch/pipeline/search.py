"""Postgres to Elasticsearch: index what changed, rebuild everything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from elasticsearch import Elasticsearch

from mediawatch.checkpoints import reached
from mediawatch.errors import ServiceError
from mediawatch.model import SearchDocument
from mediawatch.pipeline import own_topics
from mediawatch.pipeline.buried import with_forgotten_hidden
from mediawatch.pipeline.context import Context, Counts
from mediawatch.search import bulk
from mediawatch.search import index as indices
from mediawatch.search.documents import project
from mediawatch.search.mapping import template_version
from mediawatch.search.server import connected
from mediawatch.storage import search as storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.search import ArticleRows, Generation

BATCH = 500
# (articles done, articles in all)
Progress = Callable[[int, int], None]


def index(context: Context) -> Counts:
    """Write the document of every article with an open change; delete what must not be found.

    The documents are made from one state of the database and carry its latest change number as
    version, so that any order, repetition or crash ends in the same index. A month's index that
    has gone is made again from the database.

    Raises:
        ServiceError: the server is away, of another version or takes no writes, or the index was
            made with another mapping. Nothing is lost: the changes stay open.
    """
    counts = {"in": 0, "written": 0, "deleted": 0, "known": 0, "bad": 0, "reopened": 0}
    with connected(context.settings) as es, storage.only_indexer(context.conn):
        prepare(context, es)
        counts["reopened"] = mend_lost_months(context, es)
        with transaction(context.conn) as conn:
            topics = own_topics.active(conn)
        settled: set[str] = set()  # their own topics are found: a second look would change none
        while True:
            with transaction(context.conn) as conn:
                changes = storage.open_changes(conn, BATCH)
            if not changes:
                return counts
            numbers = [number for number, _ in changes]
            with transaction(context.conn) as conn:
                storage.recount_copies(conn, numbers, context.now)
            reached("index.claimed")
            article_ids = list(dict.fromkeys(article_id for _, article_id in changes))
            found, generations = _read(context, article_ids)
            outcome = _write(context, es, found, generations)
            reached("index.sent")
            done = [(r.article["article_id"], r.article["change_no"]) for r in found]
            unsettled = [r for r in found if r.article["article_id"] not in settled]
            assigned = own_topics.assign(context, es, unsettled, topics)
            with transaction(context.conn) as conn:
                settled |= own_topics.write(conn, assigned, context)
                storage.mark_indexed(
                    conn, [(key, number, outcome.bad.get(key)) for key, number in done], context.now
                )
            counts["in"] += len(changes)
            _add(counts, outcome)


def rebuild(
    context: Context, progress: Progress | None = None, per_second: int | None = None
) -> Counts:
    """Build a new generation beside the current one and swap the alias in one step.

    Searches see the old generation until the swap. Meanwhile the step ``index`` writes both. The
    generation before is kept as ``old`` until the next rebuild. A rebuild that was broken off
    goes on where it stopped. ``per_second`` is the most documents to write in a second.

    Raises:
        ServiceError: as for :func:`index`, or documents are missing at the end; the old
            generation stays in use.
    """
    counts = {"in": 0, "written": 0, "deleted": 0, "known": 0, "bad": 0}
    with connected(context.settings) as es:
        indices.put_template(es, context.settings.index_prefix)
        building = _building(context, es)
        with transaction(context.conn) as conn:
            total = storage.count_changed_articles(conn)
            done_before = storage.count_changed_articles(conn, building.built_to)
        begun = time.monotonic()
        for article_ids in pages(context, building.built_to):
            found, _ = _read(context, article_ids)
            _add(counts, _write(context, es, found, [building]))
            counts["in"] += len(article_ids)
            with transaction(context.conn) as conn:
                storage.set_built_to(conn, building.generation, article_ids[-1])
            if progress:
                progress(done_before + counts["in"], total)
            if per_second:
                time.sleep(max(0.0, begun + counts["in"] / per_second - time.monotonic()))
        _check_and_swap(context, es, building, counts["bad"])
    return {**counts, "generation": building.generation}


def prepare(context: Context, es: Elasticsearch) -> Generation:
    """Template and current generation; the generation."""
    prefix = context.settings.index_prefix
    indices.put_template(es, prefix)
    with transaction(context.conn) as conn:
        storage.lock_generations(conn)
        known = storage.generations(conn)
        current = next((g for g in known if g.state == "current"), None)
        if current is None:
            # Above what a lost database may have left: its versions mean nothing to this one.
            above = indices.highest_generation(es, prefix)
            number = storage.add_generation(conn, "current", template_version(), above, context.now)
            indices.swap_alias(es, prefix, number)
            return Generation(generation=number, state="current", template=template_version())
    if current.template != template_version():
        raise ServiceError(
            "the index was made with another mapping: run `mediawatch index rebuild`"
        )
    return current


def mend_lost_months(context: Context, es: Elasticsearch) -> int:
    """Make the months again whose index has gone; how many articles are on the list for it."""
    with transaction(context.conn) as conn:
        months = storage.indexed_months(conn)
        current = [g for g in storage.generations(conn) if g.state == "current"]
    return _make_months(context, es, current, months)


def _make_months(
    context: Context, es: Elasticsearch, generations: Iterable[Generation], months: Iterable[date]
) -> int:
    """Make the indices that are missing; how many articles went on the work list for it.

    Whatever the current generation held of a missing month has gone with it. The work list is
    written first and the index made second: broken off in between, the month is still missing.
    """
    prefix = context.settings.index_prefix
    reopened = 0
    for generation in generations:
        present = indices.months_in(es, prefix, generation.generation)
        for month in months:
            if present.get(month) or (month in present and generation.state != "current"):
                continue
            if generation.state == "current":
                with transaction(context.conn) as conn:
                    reopened += storage.reopen_month(conn, month)
            with transaction(context.conn) as conn:
                storage.lock_generations(conn)  # no swap of the alias meanwhile
                states = {g.generation: g.state for g in storage.generations(conn)}
                aliased = states.get(generation.generation) == "current"
                indices.make_month(es, prefix, generation.generation, month, aliased)
    return reopened


def _read(
    context: Context, article_ids: Sequence[str]
) -> tuple[list[ArticleRows], list[Generation]]:
    """Rows and generations of one and the same state of the database."""
    with transaction(context.conn) as conn:
        storage.snapshot(conn)
        written = [g for g in storage.generations(conn) if g.state != "old"]
        rows = storage.article_rows(conn, article_ids)
        return with_forgotten_hidden(conn, context.settings, rows), written


def _write(
    context: Context,
    es: Elasticsearch,
    found: Sequence[ArticleRows],
    generations: Sequence[Generation],
) -> bulk.Outcome:
    """Write the documents to every generation; the outcome of the first one counts."""
    months = {rows.article["index_month"] for rows in found}
    _make_months(context, es, generations, months)
    outcomes = [bulk.write(es, _documents(context, found, g)) for g in generations]
    return outcomes[0]


def _documents(
    context: Context, found: Sequence[ArticleRows], generation: Generation
) -> Iterator[SearchDocument]:
    for rows in found:
        name = indices.index_name(
            context.settings.index_prefix, generation.generation, rows.article["index_month"]
        )
        yield project(rows, name)


def pages(context: Context, after: str = "") -> Iterator[list[str]]:
    """The ids of all articles with a change, in order, from one on."""
    while True:
        with transaction(context.conn) as conn:
            article_ids = storage.article_page(conn, after, BATCH)
        if not article_ids:
            return
        yield article_ids
        after = article_ids[-1]


def _building(context: Context, es: Elasticsearch) -> Generation:
    """The generation being built: one broken off with this very mapping, or a new one."""
    prefix = context.settings.index_prefix
    with transaction(context.conn) as conn:
        storage.lock_generations(conn)
        for known in storage.generations(conn):
            if known.state == "current":
                continue
            is_sound = known.state == "building" and known.template == template_version()
            if is_sound and not _has_lost_months(conn, es, prefix, known):
                return known
            indices.drop_generation(es, prefix, known.generation)
            storage.drop_generation(conn, known.generation)
        above = indices.highest_generation(es, prefix)
        number = storage.add_generation(conn, "building", template_version(), above, context.now)
    return Generation(generation=number, state="building", template=template_version())


def _has_lost_months(
    conn: Connection, es: Elasticsearch, prefix: str, building: Generation
) -> bool:
    """Whether an index of what was built already has gone."""
    months = storage.months_up_to(conn, building.built_to)
    return not set(months) <= set(indices.months_in(es, prefix, building.generation))


def _check_and_swap(
    context: Context, es: Elasticsearch, building: Generation, refused: int
) -> None:
    """Put the new generation in use, when it holds every document that was not refused."""
    prefix = context.settings.index_prefix
    pattern = f"{prefix}mw-articles-g{building.generation}-*"
    with storage.only_indexer(context.conn):
        es.indices.refresh(index=pattern)
        with transaction(context.conn) as conn:
            wanted = storage.count_indexed_articles(conn)
        held = es.count(index=pattern)["count"]
        if held + refused < wanted:
            with transaction(context.conn) as conn:
                storage.set_built_to(conn, building.generation, "")
            raise ServiceError(
                f"the new index has {held:,} of {wanted:,} documents and is not put in use: "
                "run `mediawatch index rebuild` again"
            )
        _swap(context, es, building)


def _swap(context: Context, es: Elasticsearch, building: Generation) -> None:
    with transaction(context.conn) as conn:
        storage.lock_generations(conn)
        indices.swap_alias(es, context.settings.index_prefix, building.generation)
        for known in storage.generations(conn):
            if known.state == "current":
                storage.set_generation_state(conn, known.generation, "old")
        storage.set_generation_state(conn, building.generation, "current")


def _add(counts: Counts, outcome: bulk.Outcome) -> None:
    counts["written"] += outcome.written
    counts["deleted"] += outcome.deleted
    counts["known"] += outcome.known
    counts["bad"] += len(outcome.bad)
