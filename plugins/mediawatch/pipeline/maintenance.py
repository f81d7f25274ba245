"""The daily chores: partitions made ahead, what is past its time erased, claims given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.forget import erase_hidden
from mediawatch.search.match_index import drop_forgotten
from mediawatch.search.server import connected
from mediawatch.storage import pipeline as storage
from mediawatch.storage import retention
from mediawatch.storage import search as search_storage
from mediawatch.storage.connection import Connection, transaction

# Longer than any task may run: what is older was left behind by a killed one.
MATCH_INDICES_KEPT = timedelta(hours=1)
DEAD_AFTER = timedelta(days=90)


def maintain(context: Context) -> Counts:
    """Do the chores of one day; running it twice does nothing more."""
    with transaction(context.conn) as conn:
        made = storage.make_partitions(conn, context.now.date())
    with transaction(context.conn) as conn:
        freed = retention.free_claims(conn, context.now)
        dead = retention.end_dead_sources(conn, context.now, context.now - DEAD_AFTER)
    counts = {"partitions_made": made, "claims_freed": freed, "sources_paused": dead}
    counts |= keep(context)
    counts["forgotten_erased"] = erase_hidden(context)
    with transaction(context.conn) as conn:
        counts["forgetting_broken_off"] = retention.unfinished_runs(conn)
    with connected(context.settings) as es:
        prefix = context.settings.index_prefix
        counts["indices_dropped"] = drop_forgotten(es, prefix, context.now - MATCH_INDICES_KEPT)
    return counts


def keep(context: Context) -> Counts:
    """Erase what is past its time by the rules of table ``retention``, in small transactions.

    What a legal hold keeps stays. Without a rule everything is kept.
    """
    now = context.now
    with transaction(context.conn) as conn:
        rules = {(row["what"], row["licence"]): row["days"] for row in retention.rules(conn)}
    counts = {"raw_months_dropped": 0, "mails_erased": 0, "fetches_deleted": 0}
    if ("raw", "") in rules:
        with transaction(context.conn) as conn:
            before = now.date() - timedelta(days=rules["raw", ""])
            counts["raw_months_dropped"] = storage.drop_raw_bodies(conn, before)
    counts["raw_bodies_deleted"] = _all(
        context, lambda conn: retention.delete_raw_by_licence(conn, now)
    )
    if ("mails", "") in rules:
        mails_before = now - timedelta(days=rules["mails", ""])
        counts["mails_erased"] = _all(
            context, lambda conn: retention.erase_old_mails(conn, mails_before)
        )
    if ("fetches", "") in rules:
        fetches_before = now - timedelta(days=rules["fetches", ""])
        counts["fetches_deleted"] = _all(
            context, lambda conn: retention.delete_old_fetches(conn, fetches_before)
        )
    counts["versions_deleted"] = _all(
        context, lambda conn: retention.delete_old_versions(conn, now)
    )
    counts["texts_erased"] = _all(context, lambda conn: _erase_texts(context, conn))
    return counts


def _erase_texts(context: Context, conn: Connection) -> int:
    found = retention.texts_past_their_time(conn, context.now)
    if found:
        retention.erase_texts(conn, found)
        search_storage.touch_articles(conn, found, context.now)
    return len(found)


def _all(context: Context, some: Callable[[Connection], int]) -> int:
    """Repeat what does some of the work, each time in a transaction, until nothing is left."""
    done = 0
    while True:
        with transaction(context.conn) as conn:
            now_done = some(conn)
        if not now_done:
            return done
        done += now_done
