"""When a reader would have had a mail: limits, quiet hours and slots over the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mediawatch.alerts import previewing
from mediawatch.model import Subscription

NOW = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
HOURS = [NOW - timedelta(hours=hours) for hours in (30, 29.9, 29.8, 5)]


@pytest.mark.parametrize(
    ("wishes", "mails"),
    [
        ({}, 4),
        ({"max_per_hour": 2}, 4),  # two, the third as a catch-up, the last
        ({"quiet": ("05:00-07:00",)}, 2),  # the three of yesterday as one catch-up
        ({"mode": "digest", "digest_times": ("08:00",)}, 2),
        ({"mode": "digest", "digest_times": ("08:00",), "empty_digest": True}, 3),
        ({"mode": "digest", "digest_times": ("08:00",), "digest_days": ("sun",)}, 0),
        ({"mode": "both", "digest_times": ("08:00",)}, 6),
        ({"quiet": ("05:00-07:00",), "digest_times": ("08:00",)}, 2),
    ],
)
def test_how_many_mails_a_reader_would_have_had(wishes: dict[str, Any], mails: int) -> None:
    reader = Subscription(address="a@example.org", **wishes)
    times = previewing.mail_times(reader, HOURS, SINCE, NOW)
    assert len(times) == mails
    assert all(SINCE < moment <= NOW for moment in times)
