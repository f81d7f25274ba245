"""The rhythm of a source: what is learned from the past, and when it is read again."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mediawatch.sources.fetching import Fetched
from mediawatch.sources.health import Text, degradation, silence, span
from mediawatch.sources.intervals import hints_of
from mediawatch.sources.rhythm import (
    HOUR,
    LONGEST,
    PRICE,
    SHORTEST,
    WEEK,
    Rhythm,
    burst,
    expected_items,
    from_payload,
    hour_of_week,
    learned,
    next_reading,
    rates,
    to_payload,
    usual_gap,
    with_gaps,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday
DAY = 24 * HOUR


def known(moments: list[datetime], now: datetime = NOW) -> tuple[Rhythm, tuple[float, ...]]:
    rhythm = learned(None, moments, now)
    usual = rates(rhythm, now)
    return with_gaps(rhythm, usual, None, moments), usual


def daytime(days: int) -> list[datetime]:
    """Two items an hour from 8 to 18 h, not at weekends."""
    first = NOW.replace(hour=0) - timedelta(days=days)
    return [
        first + n * DAY + hour * HOUR + timedelta(minutes=half)
        for n in range(days)
        for hour in range(8, 18)
        for half in (10, 40)
        if (first + n * DAY).weekday() < 5
    ]


@pytest.mark.parametrize("per_day", [24, 48, 240])
def test_a_steady_source_is_read_by_the_square_root_of_its_rate(per_day: int):
    _, usual = known([NOW - n * DAY / per_day for n in range(per_day * 28)])
    expected = (2 * PRICE / (per_day / 24)) ** 0.5 * HOUR
    assert 0.8 * expected < next_reading(usual, 1, NOW) < 1.25 * expected


def test_nights_and_weekends_are_read_rarely():
    _, usual = known(daytime(35))
    noon, night, sunday = NOW.replace(hour=12), NOW.replace(hour=22), NOW + 6 * DAY
    assert next_reading(usual, 1, noon) < timedelta(minutes=15)
    assert next_reading(usual, 1, night) > 3 * next_reading(usual, 1, noon)
    assert next_reading(usual, 1, sunday) > 3 * next_reading(usual, 1, noon)
    # What comes at eight is not left until noon.
    early = NOW.replace(hour=5)
    assert early + next_reading(usual, 1, early) < NOW.replace(hour=9)


def test_a_burst_is_noticed_and_forgotten():
    rhythm, usual = known([NOW - n * HOUR for n in range(24 * 28)])
    hot = learned(rhythm, [NOW + timedelta(minutes=n) for n in range(20)], NOW + HOUR / 2)
    then = NOW + HOUR / 2
    assert burst(hot, usual, then) > 4
    assert next_reading(usual, burst(hot, usual, then), then) < next_reading(usual, 1, then) / 1.5
    assert burst(hot, usual, then + DAY) < 1


def test_what_a_source_claims_counts_until_it_is_known():
    nothing = learned(None, [], NOW)
    lively, lazy = (next_reading(rates(nothing, NOW, claim), 1, NOW) for claim in (4, 1 / 168))
    assert lively < lazy / 5
    _, usual = known([NOW - n * HOUR for n in range(24 * 28)])
    rhythm = learned(None, [NOW - n * HOUR for n in range(24 * 28)], NOW)
    claimed = rates(rhythm, NOW, 1 / 168)
    assert 0.7 < sum(claimed) / sum(usual) < 1.1


def test_a_dead_source_is_read_once_a_day():
    rhythm = learned(None, [NOW - timedelta(days=400)], NOW)
    later = NOW + timedelta(days=400)
    assert next_reading(rates(rhythm, later), 1, later) > 6 * HOUR


@given(
    some.lists(some.floats(0, 90), max_size=60),
    some.floats(0, 60),
    some.floats(0.01, 1000),
)
def test_the_wait_is_always_within_its_bounds(ages: list[float], later: float, factor: float):
    rhythm, _ = known([NOW - timedelta(days=age) for age in ages])
    now = NOW + timedelta(days=later)
    usual = rates(rhythm, now)
    assert SHORTEST <= next_reading(usual, factor, now) <= LONGEST
    assert min(usual) > 0
    assert burst(rhythm, usual, now) > 0
    assert from_payload(json.loads(json.dumps(to_payload(rhythm)))).latest == rhythm.latest


def test_dates_of_the_future_and_the_far_past_do_no_harm():
    rhythm = learned(None, [NOW + timedelta(days=300), datetime(1970, 1, 1, tzinfo=UTC)], NOW)
    assert rhythm.latest == NOW
    assert sum(rhythm.week) == 1


def test_expected_items_count_each_hour():
    usual = tuple(float(hour) for hour in range(168))
    monday = NOW.replace(hour=0)
    assert expected_items(usual, monday, monday + 3 * HOUR) == 0 + 1 + 2
    assert expected_items(usual, monday + HOUR * 1.5, monday + HOUR * 2.5) == 0.5 * 1 + 0.5 * 2
    assert expected_items(usual, monday, monday + 2 * WEEK) == 2 * sum(usual)
    assert hour_of_week(monday) == 0


def quiet_after(moments: list[datetime]) -> float:
    """After how many hours of silence a source is quiet."""
    rhythm, usual = known(moments)
    for hours in range(1, 24 * 30):
        if silence(rhythm, usual, NOW + hours * HOUR):
            return hours
    return 24 * 30


def test_a_regular_source_is_quiet_after_three_gaps():
    assert 3 <= quiet_after([NOW - n * HOUR for n in range(200)]) <= 5
    assert 18 <= quiet_after([NOW - n * 6 * HOUR for n in range(100)]) <= 30


def test_an_irregular_source_is_given_more_time():
    chance = random.Random(1)
    moments, moment = [], NOW
    for _ in range(400):
        moments.append(moment)
        moment -= timedelta(hours=chance.expovariate(1))
    assert 6 <= quiet_after(moments) <= 14
    batches = [NOW - n * DAY - timedelta(minutes=m) for n in range(28) for m in range(0, 40, 2)]
    assert quiet_after(batches) > 48


def test_a_source_that_is_hardly_known_is_not_quiet():
    rhythm, usual = known([NOW - HOUR, NOW])
    assert usual_gap(rhythm) is None
    assert silence(rhythm, usual, NOW + timedelta(days=30)) is None


def test_few_texts_say_nothing_of_a_change():
    long, short = Text(2000, is_dated=True), Text(10, is_dated=False)
    assert degradation([short] * 9, [long] * 50) is None
    assert degradation([short] * 10, [long] * 19) is None
    assert degradation([Text(40, is_dated=True)] * 10, [Text(190, is_dated=True)] * 50) is None
    assert "10 characters" in str(degradation([short] * 10, [long] * 50))


@pytest.mark.parametrize(
    ("body", "headers", "least", "claimed"),
    [
        (b"<rss><channel><ttl>45</ttl><item/>", {}, 45, None),
        (b"<rss><channel><item><ttl>45</ttl></item>", {}, 0, None),
        (b"<ttl>999999</ttl>", {}, 60, None),
        (b"", {"cache-control": "private, max-age=300"}, 5, None),
        (b"", {"cache-control": 's-maxage="600", max-age=300'}, 10, None),
        (b"", {"cache-control": "no-cache, x-max-age=900"}, 0, None),
        (b"<sy:updatePeriod> hourly </sy:updatePeriod>", {}, 0, 1),
        (
            b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>",
            {},
            0,
            0.5,
        ),
        (b"<sy:updatePeriod>sometimes</sy:updatePeriod><ttl>soon</ttl>", {}, 0, None),
    ],
)
def test_what_a_source_says_of_its_rhythm(body, headers, least, claimed):
    answer = Fetched(
        url="", status=200, headers=headers, body=body, sha256="", packed=0, is_whole=True
    )
    found = hints_of(answer)
    assert (found.least, found.claimed) == (timedelta(minutes=least), claimed)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "1 minute"), (0.5, "30 minutes"), (1.6, "2 hours"), (47, "47 hours"), (80, "3 days")],
)
def test_a_time_in_words(hours: float, words: str):
    assert span(hours * HOUR) == words
