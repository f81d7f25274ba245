"""What is past its time goes, what is held stays, and a second run does nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from forget.forgetful import NOW, fill
from mediawatch.pipeline import holds
from mediawatch.pipeline.maintenance import maintain
from mediawatch.storage import retention
from mediawatch.storage.connection import transaction


def later(newsroom, days: int):
    newsroom.context = replace(newsroom.context, now=NOW + timedelta(days=days))
    return newsroom.context


def set_rule(newsroom, *rule) -> None:
    with transaction(newsroom.conn) as conn:
        retention.set_rule(conn, *rule)


def test_bodies_and_mails_go_after_90_days_and_the_ledger_stays(newsroom):
    fill(newsroom, named=0, others=3)
    assert maintain(newsroom.context)["mails_erased"] == 0
    ledger = newsroom.run("SELECT delivery_id, state, message_id, subject FROM delivery")
    counts = maintain(later(newsroom, 130))
    assert counts["mails_erased"] == len(ledger) > 0
    assert newsroom.run("SELECT count(*) FROM raw_body") == [(0,)]
    assert newsroom.run("SELECT delivery_id, state, message_id, subject FROM delivery") == ledger
    assert newsroom.run("SELECT count(*) FROM delivery WHERE message IS NOT NULL") == [(0,)]
    again = maintain(newsroom.context)
    assert {name for name, count in again.items() if count} == set()


def test_texts_go_by_the_licence_of_their_outlet_and_headlines_stay(newsroom, es):
    fill(newsroom, named=0, others=4)
    newsroom.run("UPDATE outlet SET licence = 'short'")
    newsroom.run("UPDATE article SET stage = 'done'")
    url = newsroom.run("SELECT url FROM article ORDER BY article_no LIMIT 1")[0][0]
    holds.place(newsroom.context, "url", url, "a lawsuit", "test")
    set_rule(newsroom, "texts", "short", 7)
    set_rule(newsroom, "raw", "short", 3)
    assert maintain(later(newsroom, 5))["texts_erased"] == 0
    assert newsroom.run("SELECT count(*) FROM raw_body") == [(1,)]
    assert maintain(later(newsroom, 8))["texts_erased"] == 3
    rows = newsroom.run("SELECT title <> '', body <> '' FROM article_version")
    assert sorted(rows) == [(True, False)] * 3 + [(True, True)]
    newsroom.work()
    assert newsroom.documents(es) == 4
    assert maintain(newsroom.context)["texts_erased"] == 0


def test_replaced_versions_go_and_the_current_one_stays(newsroom):
    fill(newsroom, named=0, others=1)
    newsroom.context = replace(newsroom.context, now=NOW + timedelta(hours=1))
    newsroom.run(
        "INSERT INTO article_version SELECT article_id, 2, month, 'update', title,"
        " body || ' More.', authors, agency, language, flags, 'other', extractor, rules,"
        " entry_id, seen_at"
        " FROM article_version"
    )
    newsroom.run("UPDATE article SET version_no = 2, stage = 'done'")
    set_rule(newsroom, "versions", "", 30)
    assert maintain(later(newsroom, 20))["versions_deleted"] == 0
    assert maintain(later(newsroom, 31))["versions_deleted"] == 1
    assert newsroom.run("SELECT version_no FROM article_version") == [(2,)]


def test_claims_of_the_dead_are_given_back_and_dead_sources_are_paused(newsroom):
    newsroom.run(
        "UPDATE source SET claimed_until = %s, state = 'failing', created_at = %s"
        " WHERE source_id = 'daily'",
        NOW - timedelta(minutes=1), NOW - timedelta(days=91),
    )  # fmt: skip
    newsroom.run(
        "UPDATE source SET claimed_until = %s, state = 'failing' WHERE source_id = 'planet'",
        NOW + timedelta(minutes=1),
    )
    counts = maintain(newsroom.context)
    assert (counts["claims_freed"], counts["sources_paused"]) == (1, 1)
    rows = newsroom.run("SELECT paused, claimed_until IS NULL, state_reason FROM source ORDER BY 1")
    assert rows[0][:2] == (False, False)
    assert rows[1][:2] == (True, True)
    assert rows[1][2].startswith("No good answer since 2026-02-12")
