"""What is the same article: addresses that are used again, and articles that moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from mediawatch.pipeline.text import normalise
from mediawatch.stories.fingerprints import prepare
from mediawatch.stories.identity import contained, is_used_again
from stories.texts import FOOTER, MINE, QUAY, VINES, cut

SEEN = datetime(2026, 5, 14, 12, tzinfo=UTC)
URL = "https://daily.example/column"
ONE, TWO = date(2026, 5, 13), date(2026, 5, 14)


def test_what_makes_an_address_used_again():
    quay, mine = prepare("On quays", QUAY), prepare("On mines", MINE)
    assert is_used_again(quay, mine, ONE, TWO)
    assert is_used_again(quay, mine, None, TWO)
    # the same day: a rewrite; the same headline: a live page that went on; a text of a few words
    assert not is_used_again(quay, mine, TWO, TWO)
    assert not is_used_again(quay, prepare("On quays", MINE), ONE, TWO)
    assert not is_used_again(quay, prepare("On mines", "More soon."), ONE, TWO)
    assert not is_used_again(quay, prepare("On harbours", cut(QUAY, 0.6) + VINES), ONE, TWO)
    assert contained(quay, prepare("", "")) == 1.0


def column(desk, key: str, title: str, body: str, days: int) -> str:
    found: str = desk.entry(
        "daily", key, url=URL, title=title, content=f"<p>{body}</p>",
        published=f"2026-05-{14 + days:02}T08:00:00Z", seen=SEEN + timedelta(days=days),
    )  # fmt: skip
    return found


def test_a_daily_column_at_one_address_is_an_article_a_day(desk, context):
    desk.source("daily")
    first = column(desk, "monday", "On quays", QUAY, 0)
    assert normalise(context) == {"in": 1, "article": 1}
    second = column(desk, "tuesday", "On mines", MINE, 1)
    assert normalise(context) == {"in": 1, "article": 1}
    assert desk.article_of(first) != desk.article_of(second)
    # What is read at the address now is the second one's; so is its correction.
    again = column(desk, "tuesday", "On mines", MINE + " " + FOOTER + " It was a Friday.", 2)
    assert normalise(context) == {"in": 1, "version": 1}
    assert desk.article_of(again) == desk.article_of(second)
    kinds = desk.rows("SELECT kind FROM article_version ORDER BY seen_at")
    assert [kind for (kind,) in kinds][:2] == ["first", "first"]


def test_an_article_that_moved_is_the_same_one_with_another_key(desk, context):
    desk.source("daily", outlet="daily.example")
    entries = [
        desk.entry(
            "daily", key, url=f"https://daily.example/{key}", title="On quays",
            content=f"<p>{QUAY}</p>", published="2026-05-14T08:00:00Z",
        )
        for key in ("old/quays", "new/on-quays")
    ]  # fmt: skip
    later = desk.entry(
        "daily", "again", url="https://daily.example/again", title="On quays",
        content=f"<p>{QUAY}</p>", published="2026-05-15T08:00:00Z",
    )  # fmt: skip
    assert normalise(context) == {"in": 3, "article": 2, "known": 1}
    assert desk.article_of(entries[0]) == desk.article_of(entries[1]) != desk.article_of(later)
    assert len(desk.rows("SELECT key FROM article_key")) == 6
