"""Dates as sources write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mediawatch.text.dates import checked, day, effective, is_future, parse_date

READ = [
    ("Thu, 14 May 2026 10:00:00 +0200", "2026-05-14T08:00:00Z", "second", ()),
    ("Thu, 14 May 2026 10:00:00 EDT", "2026-05-14T14:00:00Z", "second", ()),
    ("14 May 26 10:00 MEST", "2026-05-14T08:00:00Z", "minute", ()),
    ("Thu May 14 10:00:00 2026", "2026-05-14T10:00:00Z", "second", ("no_zone",)),
    ("2026-05-14T10:00:00Z", "2026-05-14T10:00:00Z", "second", ()),
    ("2026-05-14T10:00:00.123456+05:30", "2026-05-14T04:30:00Z", "second", ()),
    ("20260514T101500Z", "2026-05-14T10:15:00Z", "second", ()),
    ("2026-05-14", "2026-05-14T12:00:00Z", "day", ()),
    ("2026-05", "2026-05-01T12:00:00Z", "month", ()),
    ("1778752800", "2026-05-14T10:00:00Z", "second", ()),
    ("May 14, 2026 at 5:30 p.m. ET", "2026-05-14T21:30:00Z", "minute", ()),
    ("jeudi 14 mai 2026 à 10h30", "2026-05-14T10:30:00Z", "minute", ("no_zone",)),
    ("14. März 2026, 10:30 Uhr", "2026-03-14T10:30:00Z", "minute", ("no_zone",)),
    ("14 de mayo de 2026", "2026-05-14T12:00:00Z", "day", ()),
    ("14 мая 2026 г.", "2026-05-14T12:00:00Z", "day", ()),
    ("2026年5月14日", "2026-05-14T12:00:00Z", "day", ()),
    ("١٤ مايو ٢٠٢٦", "2026-05-14T12:00:00Z", "day", ()),
    ("14.5.2026", "2026-05-14T12:00:00Z", "day", ()),
    ("25/05/2026", "2026-05-25T12:00:00Z", "day", ()),
    ("Fri, 14 May 2026 10:00:00 GMT", "2026-05-14T10:00:00Z", "second", ("weekday_mismatch",)),
    ("Thu, 14 May 2026 24:00:00 GMT", "2026-05-15T00:00:00Z", "second", ()),
]


@pytest.mark.parametrize(("raw", "value", "precision", "flags"), READ)
def test_reads(raw, value, precision, flags):
    found = parse_date(raw, origin="feed")
    assert found.value == datetime.fromisoformat(value)
    assert (found.precision, found.flags, found.raw) == (precision, flags, raw)


@pytest.mark.parametrize(
    "raw",
    ["31 Feb 2026", "2026-02-31", "2026-05-14T25:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT",
     "0001-01-01T00:00:00", "never", "12/11/2026", "2024-17", "Advisory 2026-05 of May",
     "9999-12-31T23:59:59-14:00", "1e400", "-1", "9" * 20, "x" * 10_000],
)  # fmt: skip
def test_a_wrong_date_is_worse_than_none(raw):
    found = parse_date(raw, origin="feed")
    assert found.value is None
    assert found.precision == "none"
    assert "invalid_date" in found.flags
    assert found.raw == raw[:120]


def test_what_is_missing_is_no_fault():
    assert parse_date(None, origin="feed").flags == ()
    assert parse_date("  ", origin="feed").flags == ()


def test_a_time_without_zone_is_read_in_the_zone_of_the_outlet():
    found = parse_date("2026-07-14 10:00", origin="feed", zone="Europe/Paris")
    assert found.value == datetime(2026, 7, 14, 8, tzinfo=UTC)
    assert found.flags == ()


def test_the_outlet_decides_between_day_and_month():
    assert parse_date("12/11/2026", origin="x", day_first=True).local_date == date(2026, 11, 12)
    assert parse_date("12/11/2026", origin="x", day_first=False).local_date == date(2026, 12, 11)


def test_the_day_is_the_one_printed_there():
    found = parse_date("2026-05-15T01:00:00+10:00", origin="feed")
    assert found.local_date == date(2026, 5, 15)
    assert found.value == datetime(2026, 5, 14, 15, tzinfo=UTC)


SEEN = datetime(2026, 5, 14, 11, tzinfo=UTC)


def test_a_day_is_in_the_future_only_when_it_has_begun_nowhere():
    tomorrow = day(date(2026, 5, 15), raw="", origin="x")
    assert not is_future(tomorrow, SEEN)  # it is the 15th in Kiribati
    assert is_future(tomorrow, SEEN.replace(hour=9))
    assert not is_future(day(date(2026, 5, 14), raw="", origin="x"), SEEN)


def test_a_date_to_come_is_flagged_and_not_used():
    found = checked(parse_date("2026-05-14T12:00:00Z", origin="feed"), SEEN)
    assert found.flags == ("future_date",)
    assert effective(found, SEEN) == (SEEN, "first_seen")


def test_the_effective_date_is_the_published_one_or_first_seen():
    published = parse_date("2026-05-13", origin="feed")
    assert effective(published, SEEN) == (datetime(2026, 5, 13, 12, tzinfo=UTC), "published")
    assert effective(parse_date(None, origin="feed"), SEEN) == (SEEN, "first_seen")
    assert effective(parse_date("2026", origin="feed"), SEEN) == (SEEN, "first_seen")
