"""What is the same article: addresses that are used again, and articles that moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mediawatch.pipeline.text import normalise
from mediawatch.stories.fingerprints import prepare
from mediawatch.stories.identity import Telling, contained, is_other_item, is_used_again
from stories.texts import FOOTER, MINE, QUAY, VINES, cut

SEEN = datetime(2026, 5, 14, 12, tzinfo=UTC)
URL = "https://daily.example/column"
ONE, TWO = date(2026, 5, 13), date(2026, 5, 14)
DAY = timedelta(days=1)


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


@pytest.mark.parametrize(
    ("old", "new", "other"),
    [
        pytest.param(("On quays", QUAY), ("On mines", MINE), True, id="texts differ"),
        pytest.param(("On quays", QUAY), ("On quays", MINE), True, id="one headline, two texts"),
        pytest.param(
            ("On quays", QUAY), ("On docks", cut(QUAY, 0.7) + VINES), False, id="dedupe-02"
        ),
        pytest.param(("Late harvest", ""), ("New dam", ""), True, id="dedupe-03"),
        pytest.param(("Late harvest", ""), ("Late harvest", ""), False, id="a headline that moved"),
    ],
)
def test_one_id_on_two_addresses_counts_where_the_articles_agree(old, new, other):
    for one, two in ((old, new), (new, old)):
        told = (Telling(prepare(*one), None, None), Telling(prepare(*two), None, None))
        assert is_other_item(*told) is other


def test_of_short_items_with_one_id_the_time_says_whether_they_are_one():
    first = Telling(prepare("Strike called off", ""), SEEN, TWO)
    assert not is_other_item(first, Telling(prepare("Strike is off, says union", ""), SEEN, TWO))
    assert is_other_item(first, Telling(prepare("Strike called off", ""), SEEN - DAY, ONE))


def test_an_id_that_names_several_links_of_a_feed_is_no_key(desk, context):
    desk.source("daily")
    told = (
        ("quays", "On quays", QUAY, 0),
        ("mines", "On mines", MINE, 1),
        ("vines", "On vines", VINES, 2),
        ("mines", "On mines", f"{MINE} {FOOTER}", 3),
    )
    found = []
    for name, title, body, days in told:  # each in a fetch of its own
        found.append(
            desk.entry(
                "daily", "N/A", url=f"https://daily.example/{name}", title=title,
                content=f"<p>{body}</p>", seen=SEEN + days * DAY,
            )
        )  # fmt: skip
        normalise(context)
    quays, mines, vines, again = map(desk.article_of, found)
    assert len({quays, mines, vines}) == 3
    assert again == mines
    assert desk.rows("SELECT article_id FROM article WHERE merged_into IS NOT NULL") == []
    texts = desk.rows("SELECT title FROM article_version WHERE version_no = 1 ORDER BY 1")
    assert texts == [("On mines",), ("On quays",), ("On vines",)]
