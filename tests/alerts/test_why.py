"""Why a watch told an article or did not: each place where it can stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.desk import NOW, Desk, watch_text
from mediawatch.alerts import explaining, importing
from mediawatch.search.server import connected
from mediawatch.storage.connection import transaction


def why(desk: Desk, what: str, watch_id: str = "dam") -> list[str]:
    [watch] = [watch for watch in importing.load(desk.conn) if watch.watch_id == watch_id]
    with connected(desk.settings) as es, transaction(desk.conn) as conn:
        prefix = desk.settings.index_prefix
        return list(explaining.explain(conn, es, prefix, watch, what))


BODY = "The ministers resigned at dawn. A guarantee of security was asked for by Putin. No dam."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("floods", "clause 1, floods: is not in the text"),
        ("resign", "clause 1, resign: is not in the text; it has resigned: write resign* for all"),
        (
            '"security guarantees"',
            'clause 1, "security guarantees": is not in the text; it has security but not guara',
        ),
        (
            '"dawn ministers"',
            'clause 1, "dawn ministers": is not in the text; the words stand there, but apart: “',
        ),
        ("Puttin", "clause 1, Puttin: is not in the text; it has Putin"),
        ("dawn AND NOT dam", "clause 2, dam: is there, but excluded: “No dam.”"),
        ('actor:"Ann Ray"', 'clause 1, actor:"Ann Ray": is not in the text; it has none'),
    ],
)
def test_the_clause_that_failed_and_what_comes_nearest(desk: Desk, query: str, said: str) -> None:
    desk.watch(watch_text(query=query))
    article = desk.article("A morning", BODY)
    assert desk.alert() == []
    lines = why(desk, article)[1:]
    assert [line[: len(said)] for line in lines] == [said]


def test_a_text_is_asked_as_it_stands(desk: Desk) -> None:
    desk.watch(watch_text(query='dam AND actor:"Ann Ray"'), watch_text("two", "dam AND rain"))
    assert why(desk, "The dam broke at dawn") == [
        'clause 2, actor:"Ann Ray": is not judged on a bare text'
    ]
    assert why(desk, "A dam in the rain", "two") == ["the query finds this text"]


def test_what_never_came_names_the_sources_of_its_site(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.run_sql("UPDATE source SET state = 'failing', state_reason = 'timeout'")
    assert why(desk, "https://news.wire.example/x") == [
        "never fetched: no source brought this address, id or item",
        "its site is followed by The Wire: failing (timeout)",
    ]
    assert why(desk, "https://other.example/x")[1].startswith("no source of other.example is")


def test_what_was_rejected_says_with_which_code(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.run_sql(
        "INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at,"
        " state, code, message) VALUES ('e', '2026-05-01', 's1', 'k',"
        """ '{"url": "https://wire.example/x"}', %s, 'rejected', 'consent_wall', 'Cookies')""",
        [NOW],
    )
    assert why(desk, "https://wire.example/x") == [
        "from The Wire, 2026-05-15 09:30 UTC: rejected: consent_wall (Cookies)"
    ]


@pytest.mark.parametrize(
    ("watch", "article", "said"),
    [
        ("  languages: [fr]\n", {}, "its language is en, the watch is for ['fr']"),
        ("  active: false\n", {}, "the query finds it, but the watch is paused"),
        ("  expires: 2026-05-15T09:00+00:00\n", {}, "the query finds it, but the watch has exp"),
        ("  news: [correction]\n", {}, "the query finds it, but the watch tells only correction"),
        ("", {"published": NOW - timedelta(days=3)}, "new: found, not mailed: its date lies fu"),
        ("", {"intake": "archive", "cause": "backfill"}, "new: found, not mailed: it came from an"),
        ("", {"seen": NOW - timedelta(hours=3)}, "new: found, not mailed: it, or its story, was"),
    ],
)
def test_what_the_watch_itself_is_the_reason_of(
    desk: Desk, watch: str, article: dict[str, object], said: str
) -> None:
    desk.watch(watch_text(watch=watch))
    found = desk.article(**article)  # type: ignore[arg-type]
    assert desk.alert() == []
    assert why(desk, found)[1][: len(said)] == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE article SET tombstoned = true", "it was removed for good by request"),
        ("UPDATE article SET stage = 'annotate'", "it still waits for the step annotate"),
        ("UPDATE article_change SET indexed_at = NULL", "it is not indexed yet"),
        ("SELECT 1", "it has not been shown to the watches yet"),
    ],
)
def test_what_is_still_on_its_way(desk: Desk, change: str, said: str) -> None:
    desk.watch(watch_text())
    article = desk.article()
    desk.run_sql(change)
    assert why(desk, article)[1] == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE subscription SET unsubscribed_at = now()", "desk@example.org has unsubscribed"),
        ("INSERT INTO mute SELECT 'dam', recipient_id, 'a1', now() FROM recipient",
         "desk@example.org has muted its story"),
        ("UPDATE subscription SET paused = '{[2026-05-15,2026-05-16)}'",
         "desk@example.org had paused the watch then"),
        ("UPDATE subscription SET mode = 'digest', digest_times = '{18:00}'",
         "desk@example.org gets it with the next digest (18:00)"),
    ],
)  # fmt: skip
def test_what_a_reader_is_the_reason_of(desk: Desk, change: str, said: str) -> None:
    desk.watch(watch_text())
    desk.run_sql(change)
    article = desk.article()
    assert desk.alert() == []
    assert why(desk, article)[1:] == ["new: found by dam; no mail yet", said]


def test_a_copy_a_limit_and_an_answer(desk: Desk) -> None:
    desk.watch(watch_text(recipient=", max_per_hour: 1"))
    first = desk.article()
    desk.alert()
    held = desk.article("Dam two", "Another dam.")
    desk.alert()
    desk.now += timedelta(minutes=5)
    copied = desk.article("Dam gone", story=first, outlet="Herald")
    desk.run_sql("UPDATE article SET of_article_id = %s WHERE article_id = %s", [first, copied])
    desk.alert()
    assert why(desk, held)[1] == (
        "new: found by dam; instant to desk@example.org: suppressed (more than 1 in an hour)"
    )
    lines = why(desk, copied)
    assert lines[1:3] == [f"it is a copy (exact) of {first}", f"its story was found by {first}:"]
    assert "sent at 2026-05-15 09:30 UTC (250 OK" in lines[3]


def test_a_watch_younger_than_the_article(desk: Desk) -> None:
    desk.watch(watch_text(query="bridge"))
    article = desk.article()
    desk.alert()
    desk.now += timedelta(hours=1)
    desk.settings = replace(desk.settings)
    desk.watch(watch_text(), since=desk.now)
    assert why(desk, article)[1].startswith("the query finds it, but the watch is younger")
