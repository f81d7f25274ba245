"""The step ``normalise``: raw entries become articles, versions, known items or rejections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, ServiceError
from mediawatch.model import Article, Cause, Rejected
from mediawatch.pipeline.buried import clear_entry, empty_entry, without_forgotten
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.keys import own_keys
from mediawatch.storage import articles as storage
from mediawatch.storage.articles import KnownArticle, PendingEntry
from mediawatch.storage.connection import transaction
from mediawatch.storage.tombstones import Kind, any_buried, tombstone_key
from mediawatch.stories.fingerprints import prepare
from mediawatch.stories.identity import is_used_again
from mediawatch.stories.versions import classify_change
from mediawatch.text import urls
from mediawatch.text.dates import effective
from mediawatch.text.extraction import Page
from mediawatch.text.normalize import Request
from mediawatch.text.worker import Worker

BATCH = 100
# What one page may cost, far beyond what any sound one does.
SECONDS = 20.0
MEGABYTES = 500
# A teaser in another feed is no new version of a text that we have in full.
TEASER = 0.6


def normalise(ctx: Context) -> Counts:
    """Work until no entry is pending; how many came in and how each ended."""
    counts: Counter[str] = Counter()
    with open_worker() as worker:
        while True:
            with transaction(ctx.conn):
                done = _batch(ctx, worker)
            counts.update(done)
            if not done:
                return dict(counts)


def open_worker() -> Worker:
    """The child process in which pages and feeds are read."""
    return Worker("mediawatch.text.normalize", "article_of", seconds=SECONDS, megabytes=MEGABYTES)


def answers_to(worker: Worker, requests: Sequence[Request]) -> list[Article | Rejected]:
    """What the text stage makes of each request.

    Raises:
        ServiceError: the worker itself cannot work.
    """
    answers = [ask(worker, request) for request in requests]
    for answer in answers:
        if isinstance(answer, Rejected) and answer.code not in REJECTED:
            raise ServiceError(f"the text stage cannot work: {answer.message}")
    return answers


def ask(worker: Worker, request: Request) -> Article | Rejected:
    """What the worker says; where it died it is asked once more, then without the page.

    A crash may be the machine's fault, and a page that kills the extractor leaves what its feed
    says of the article.
    """
    again = [request]
    if request.page is not None and request.entry.content_type != "page":
        again.append(replace(request, page=None))
    answer: Article | Rejected = worker.call(request)
    for other in again:
        if not isinstance(answer, Rejected) or answer.code != "extractor_died":
            break
        later = worker.call(other)
        answer = answer if isinstance(later, Rejected) and later.code == "empty" else later
    return answer


def _batch(ctx: Context, worker: Worker) -> Counter[str]:
    claimed = storage.claim_entries(ctx.conn, BATCH)
    if not claimed:
        return Counter()
    reached("normalise.claimed")
    answers = answers_to(worker, requests_of(ctx, claimed))
    storage.lock_identity(ctx.conn)
    counts = Counter({"in": len(claimed)})
    for pending, answer in zip(claimed, answers, strict=True):
        if isinstance(answer, Rejected):
            storage.finish_entry(
                ctx.conn, pending, "rejected", ctx.now, code=answer.code, message=answer.message
            )
            counts["rejected"] += 1
            clear_entry(ctx, pending)
        else:
            counts[keep(ctx, pending, answer)] += 1
    reached("normalise.written")
    return counts


def requests_of(ctx: Context, claimed: Sequence[PendingEntry]) -> list[Request]:
    """What the text stage gets of each entry: its page, and how its outlet writes dates."""
    outlets = [_outlets(pending) for pending in claimed]
    places = storage.outlet_places(ctx.conn, {name for names in outlets for name in names})
    found = []
    for pending, names in zip(claimed, outlets, strict=True):
        place: dict[str, Any] = next((places[name] for name in names if name in places), {})
        locale = place.get("locale")
        found.append(
            Request(
                entry=pending.entry,
                page=_page(ctx, pending),
                languages=ctx.settings.languages,
                zone=place.get("zone"),
                day_first=not locale.endswith("US") if locale else None,
            )
        )
    return found


def _outlets(pending: PendingEntry) -> list[str]:
    """Who may have published an entry: the domain of its address, then its source's outlet."""
    url = pending.page_url or pending.entry.url
    domain = urls.registrable_domain(url) if url else None
    return [name for name in (domain, pending.source_outlet) if name]


def _page(ctx: Context, pending: PendingEntry) -> Page | None:
    if pending.page_sha256 is None:
        return None
    found = storage.raw_content(ctx.conn, pending.page_sha256)
    if found is None:
        return None
    content, content_type = found
    return Page(content, pending.page_url or pending.entry.url, content_type)


def keep(ctx: Context, pending: PendingEntry, article: Article, cause: Cause | None = None) -> str:
    """Write an article down: the state in which its entry ended.

    Call it under ``storage.lock_identity``. ``cause`` stands in for that of something new.
    """
    conn = ctx.conn
    keys = own_keys(conn, pending, article)
    allowed = None if _is_forgotten(ctx, pending, keys) else without_forgotten(ctx, article)
    if allowed is None:
        return _forget(ctx, pending)
    article = allowed
    known = set(storage.articles_of_keys(conn, keys).values()) or _moved(ctx, pending, article)
    if not known:
        return _begin(ctx, pending, article, keys[0], keys, cause)
    survivor, *others = storage.lock_articles(conn, known)
    if survivor.tombstoned:
        return _forget(ctx, pending)
    if _is_used_again(pending, article, survivor):
        own = urls.key_hash(f"{keys[0]} {article.text_hash}")
        again = storage.articles_of_keys(conn, [own])
        if not again:
            return _begin(ctx, pending, article, own, [own, *keys], cause)
        storage.give_keys(conn, again[own], keys, ctx.now)
        survivor, *others = storage.lock_articles(conn, set(again.values()))
    for other in others:
        storage.merge_articles(conn, survivor.article_id, other.article_id, ctx.now)
    intake = _intake(pending)
    if survivor.intake == "archive" and intake != "archive":
        storage.set_intake(conn, survivor.article_id, intake)
    kind = _change(pending, article, survivor)
    if kind is not None:
        _add_version(ctx, pending, article, survivor, kind, cause)
    storage.insert_keys(conn, survivor.article_id, keys, ctx.now)
    storage.insert_article_source(conn, survivor.article_id, pending)
    state = "known" if kind is None else "version"
    storage.finish_entry(conn, pending, state, ctx.now, article_id=survivor.article_id)
    clear_entry(ctx, pending, article)
    return state


def _begin(
    ctx: Context,
    pending: PendingEntry,
    article: Article,
    article_id: str,
    keys: Sequence[str],
    cause: Cause | None,
) -> str:
    """A new article; its keys lead to it, whatever had them before."""
    conn = ctx.conn
    _mint(ctx, pending, article, article_id, cause)
    storage.insert_keys(conn, article_id, keys, ctx.now)
    storage.give_keys(conn, article_id, keys, ctx.now)
    storage.insert_article_source(conn, article_id, pending)
    storage.finish_entry(conn, pending, "article", ctx.now, article_id=article_id)
    clear_entry(ctx, pending, article)
    return "article"


def _moved(ctx: Context, pending: PendingEntry, article: Article) -> set[str]:
    """The known article that this one is under another address of its outlet."""
    outlet = article.outlet or pending.source_outlet
    exact = article.published.precision in ("second", "minute")
    if outlet is None or not exact or prepare(article.title, article.body).is_short:
        return set()
    found = storage.moved_article(ctx.conn, article, outlet)
    return set() if found is None else {found}


def _is_used_again(pending: PendingEntry, article: Article, known: KnownArticle) -> bool:
    """Whether the address of a known article was given to another one."""
    if article.text_hash == known.text_hash or pending.first_seen_at < known.seen_at:
        return False
    return is_used_again(
        prepare(known.title, known.body),
        prepare(article.title, article.body),
        known.published_date,
        article.published.local_date,
    )


def _is_forgotten(ctx: Context, pending: PendingEntry, keys: Sequence[str]) -> bool:
    things: list[tuple[Kind, str]] = [("article", key) for key in keys]
    things.append(("source", pending.entry.source_id))
    return any_buried(ctx.conn, tombstone_key(ctx.settings), things)


def _forget(ctx: Context, pending: PendingEntry) -> str:
    storage.finish_entry(
        ctx.conn, pending, "rejected", ctx.now, code="forgotten", message=REJECTED["forgotten"]
    )
    empty_entry(ctx, pending)
    return "rejected"


def _mint(
    ctx: Context, pending: PendingEntry, article: Article, article_id: str, cause: Cause | None
) -> str:
    dated_at, dated_origin = effective(article.published, seen_at(pending, pending.first_seen_at))
    month = _month(pending)
    intake = _intake(pending)
    columns = {
        "article_id": article_id,
        "outlet_id": outlet_of(ctx, pending, article),
        "first_seen_at": pending.first_seen_at,
        "dated_at": dated_at,
        "dated_origin": dated_origin,
        "intake": intake,
        "index_month": month,
        "cause": cause or ("backfill" if intake == "archive" else "new_article"),
    }
    storage.insert_article(ctx.conn, article, columns)
    version = {
        "article_id": article_id,
        "version_no": 1,
        "month": month,
        "kind": "first",
        "entry_id": pending.entry.entry_id,
        "seen_at": pending.first_seen_at,
    }
    storage.insert_version(ctx.conn, article, version)
    return article_id


def _add_version(
    ctx: Context,
    pending: PendingEntry,
    article: Article,
    known: KnownArticle,
    kind: str,
    cause: Cause | None,
) -> None:
    columns = {
        "article_id": known.article_id,
        "version_no": known.version_no + 1,
        "outlet_id": outlet_of(ctx, pending, article),
        "cause": cause or ("backfill" if _intake(pending) == "archive" else "new_version"),
    }
    storage.update_article(ctx.conn, article, columns)
    version = {
        "article_id": known.article_id,
        "version_no": known.version_no + 1,
        "month": known.index_month,
        "kind": kind,
        "entry_id": pending.entry.entry_id,
        "seen_at": pending.first_seen_at,
    }
    storage.insert_version(ctx.conn, article, version)


def _change(pending: PendingEntry, article: Article, known: KnownArticle) -> str | None:
    """The kind of version that an entry brings to a known article, or None."""
    if article.text_hash == known.text_hash and article.title == known.title:
        return None
    if pending.first_seen_at < known.seen_at:  # it was overtaken by a later content
        return None
    from_page = known.extractor.startswith("page") and not article.extractor.startswith("page")
    if from_page and len(article.body) < TEASER * len(known.body):
        return None
    return classify_change(known.title, known.body, article.title, article.body, known.flags)


def outlet_of(ctx: Context, pending: PendingEntry, article: Article) -> str | None:
    """Who published an article; an outlet that was never met before is written down."""
    if article.outlet is None:
        return pending.source_outlet
    storage.insert_outlet(ctx.conn, article.outlet, article.outlet_name, article.outlet_country)
    return article.outlet


def _intake(pending: PendingEntry) -> str:
    return {"folder": "seed", "archive": "archive"}.get(pending.source_kind, "feed")


def _month(pending: PendingEntry) -> date:
    return pending.first_seen_at.astimezone(UTC).date().replace(day=1)


def seen_at(pending: PendingEntry, first_seen: datetime) -> datetime:
    """When somebody first saw an article: an archive's page was seen when it was captured."""
    return min(first_seen, pending.entry.fetched_at)
