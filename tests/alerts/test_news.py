"""What is news, in values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mediawatch.alerts.news import (
    Seen,
    is_live,
    is_matched,
    latest_published,
    why_suppressed,
    why_update_suppressed,
)

DAY = timedelta(hours=24)
SEEN = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
ACTIVE = SEEN - timedelta(hours=1)
NEW = {"new_article"}


def seen(
    published: datetime | None,
    precision: str = "minute",
    *,
    intake: str = "feed",
    at: datetime = SEEN,
) -> Seen:
    return Seen(
        article_id="a",
        intake=intake,
        published_at=published,
        published_precision=precision,
        dated_at=published or at,
        first_seen_at=at,
    )


def test_the_window_is_counted_from_the_effective_date() -> None:
    assert is_live(seen(SEEN - DAY), DAY)
    assert not is_live(seen(SEEN - DAY - timedelta(seconds=1)), DAY)
    assert is_live(seen(None), DAY)


def test_a_date_in_the_future_that_was_set_aside_leaves_the_article_fresh() -> None:
    article = Seen(
        article_id="a",
        intake="feed",
        published_at=SEEN + timedelta(days=40),
        published_precision="minute",
        dated_at=SEEN,
        first_seen_at=SEEN,
    )
    assert latest_published(article) == SEEN
    assert is_live(article, DAY)


def test_a_day_counts_from_its_end_in_utc() -> None:
    yesterday = datetime(2026, 5, 14, 12, tzinfo=UTC)
    assert latest_published(seen(yesterday, "day")) == datetime(2026, 5, 15, tzinfo=UTC)
    assert is_live(seen(yesterday, "day", at=datetime(2026, 5, 16, tzinfo=UTC)), DAY)
    assert not is_live(seen(yesterday, "day", at=datetime(2026, 5, 16, 0, 0, 1, tzinfo=UTC)), DAY)


@pytest.mark.parametrize(("precision", "end"), [("month", (2026, 6, 1)), ("year", (2027, 1, 1))])
def test_a_month_or_year_counts_from_its_end(precision: str, end: tuple[int, int, int]) -> None:
    noon = datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert latest_published(seen(noon, precision)) == datetime(*end, tzinfo=UTC)


def test_seeds_always_alert_and_archives_never() -> None:
    long_ago = datetime(2021, 12, 16, 12, tzinfo=UTC)
    seed = seen(long_ago, "day", intake="seed")
    archive = seen(SEEN, intake="archive")
    assert why_suppressed(seed, NEW, [seed], ACTIVE, DAY) is None
    assert why_suppressed(archive, NEW, [archive], ACTIVE, DAY) == "backfill"


def test_what_is_old_or_was_there_before_is_suppressed() -> None:
    old = seen(SEEN - timedelta(days=9))
    fresh = seen(SEEN)
    assert why_suppressed(old, NEW, [old], ACTIVE, DAY) == "old"
    later = SEEN + timedelta(minutes=1)
    assert why_suppressed(fresh, NEW, [fresh], later, DAY) == "before_watch"
    seed = seen(SEEN, intake="seed")
    assert why_suppressed(seed, NEW, [seed], later, DAY) == "before_watch"


def test_a_story_known_from_old_articles_is_news_when_a_live_one_joins_it() -> None:
    old = seen(SEEN - timedelta(days=9), at=SEEN - timedelta(days=2))
    archived = seen(SEEN, intake="archive", at=SEEN - timedelta(days=2))
    joining = seen(SEEN)
    assert why_suppressed(joining, NEW, [old, archived, joining], ACTIVE, DAY) is None


def test_a_story_with_a_live_article_from_before_the_watch_stays_silent() -> None:
    earlier = seen(SEEN - timedelta(hours=3), at=SEEN - timedelta(hours=3))
    joining = seen(SEEN)
    assert why_suppressed(joining, NEW, [earlier, joining], ACTIVE, DAY) == "before_watch"


@pytest.mark.parametrize(
    ("cause", "matched", "why"),
    [
        ("new_article", True, None),
        ("new_version", True, None),
        ("late_annotation", True, None),
        ("backfill", True, "backfill"),
        ("reprocess", True, "reprocess"),
        ("alias_edit", False, None),
        ("merge", False, None),
        ("split", False, None),
        ("rebuild", False, None),
    ],
)
def test_causes(cause: str, matched: bool, why: str | None) -> None:
    assert is_matched({cause}) is matched
    if matched:
        assert why_suppressed(seen(SEEN), {cause}, [seen(SEEN)], ACTIVE, DAY) == why


def test_an_update_is_as_old_as_our_first_sight_of_it() -> None:
    article = seen(SEEN - timedelta(days=3), at=SEEN - timedelta(days=3))
    causes = {"new_version"}
    assert why_update_suppressed(article, causes, SEEN, ACTIVE) is None
    before = ACTIVE - timedelta(seconds=1)
    assert why_update_suppressed(article, causes, before, ACTIVE) == "before_watch"
    assert why_update_suppressed(article, {"reprocess"}, SEEN, ACTIVE) == "reprocess"
    archive = seen(SEEN, intake="archive")
    assert why_update_suppressed(archive, causes, SEEN, ACTIVE) == "backfill"
