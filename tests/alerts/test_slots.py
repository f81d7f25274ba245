"""Slots, quiet hours and sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mediawatch.alerts import slots
from mediawatch.alerts.sentences import spans

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PARIS = "Europe/Paris"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_a_slot_is_a_local_time() -> None:
    assert slots.instant(date(2026, 7, 1), "08:00", PARIS) == utc(2026, 7, 1, 6)
    assert slots.instant(date(2026, 1, 9), "08:00", PARIS) == utc(2026, 1, 9, 7)
    assert slots.instant(date(2026, 7, 1), "08:00", "Asia/Kathmandu") == utc(2026, 7, 1, 2, 15)


def test_the_skipped_hour_is_sent_when_the_clocks_have_moved() -> None:
    assert slots.instant(date(2026, 3, 29), "02:30", PARIS) == utc(2026, 3, 29, 1)
    due = slots.latest_due(["02:30"], [], PARIS, LONG_AGO, utc(2026, 3, 29, 1))
    assert due == "2026-03-29T02:30"
    before = slots.latest_due(["02:30"], [], PARIS, LONG_AGO, utc(2026, 3, 29, 0, 59))
    assert before == "2026-03-28T02:30"


def test_the_doubled_hour_is_one_slot() -> None:
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    assert slots.instant(date(2026, 10, 25), "02:30", PARIS) == first
    names = {slots.latest_due(["02:30"], [], PARIS, LONG_AGO, now) for now in (first, second)}
    assert names == {"2026-10-25T02:30"}


def test_days_of_the_week_and_the_latest_of_missed_slots() -> None:
    saturday = utc(2026, 5, 16, 12)
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    due = slots.latest_due(["08:00", "18:00"], weekdays, "UTC", LONG_AGO, saturday)
    assert due == "2026-05-15T18:00"
    every_day = slots.latest_due(["08:00"], [], "UTC", LONG_AGO, saturday)
    assert every_day == "2026-05-16T08:00"


def test_no_slot_from_before_the_wish() -> None:
    now = utc(2026, 5, 15, 9)
    asked = now - timedelta(minutes=30)
    assert slots.latest_due(["08:00"], [], "UTC", asked, now) is None
    assert slots.latest_due(["08:45"], [], "UTC", asked, now) == "2026-05-15T08:45"


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (3, True), (4, False), (12, False)]
)
def test_quiet_hours_over_midnight(hour: int, quiet: bool) -> None:
    # 23:00 to 06:00 in Paris is 21:00 to 04:00 UTC in summer.
    assert slots.is_quiet(["23:00-06:00"], PARIS, utc(2026, 7, 1, hour)) is quiet


def test_quiet_hours_within_a_day() -> None:
    assert slots.is_quiet(["12:00-13:00"], "UTC", utc(2026, 7, 1, 12, 59))
    assert not slots.is_quiet(["12:00-13:00"], "UTC", utc(2026, 7, 1, 13))
    assert not slots.is_quiet([], "UTC", utc(2026, 7, 1, 13))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rains. Nobody came!", ["It rains.", "Nobody came!"]),
        ("“It rains.” She left.", ["“It rains.”", "She left."]),
        ("Dr. Jones met J. Smith. They spoke.", ["Dr. Jones met J. Smith.", "They spoke."]),
        ("The U.S. Senate voted.", ["The U.S. Senate voted."]),
        ("It cost 2.5 per cent. of it", ["It cost 2.5 per cent. of it"]),
        ("A heading\n\nThe text. ", ["A heading", "The text."]),
        ("雨が降る。風が吹く。", ["雨が降る。", "風が吹く。"]),
        ("Élan. Œuvre.", ["Élan.", "Œuvre."]),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == sentences
