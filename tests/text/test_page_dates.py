"""When a page was published: what it declares, and what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from trafilatura import load_html

from mediawatch.text.metadata import read_metadata
from mediawatch.text.page_dates import day_comes_first, page_dates

SEEN = datetime(2026, 5, 20, 12, tzinfo=UTC)
TITLE = "Harbour workers end their strike after nine days"
TEXT = "<p>The harbour workers went back to their cranes in the morning, their union said.</p>" * 3


def read(body: str, head: str = "", url: str | None = None, lang: str = "", zone=None):
    page = (
        f'<html lang="{lang}"><head><title>{TITLE} | Daily</title>{head}</head>'
        f"<body>{body}</body></html>"
    )
    tree = load_html(page)
    return page_dates(read_metadata(tree), tree, url, SEEN, zone)


def published(*arguments, **named):
    return read(*arguments, **named)[0]


SHOWN = [
    pytest.param(f"<h1>{TITLE}</h1><p>By Ann Roe</p><p>14 May 2026</p>{TEXT}", id="below"),
    pytest.param(f"<h1>{TITLE}</h1><p>14 May 2026 by Ann Roe</p>{TEXT}", id="with-author"),
    pytest.param(f"<h1>{TITLE}</h1><p>Ann Roe | 14 May 2026 | 3 min read</p>{TEXT}", id="in-line"),
    pytest.param(f"<div>14 May 2026</div><h1>{TITLE}</h1>{TEXT}", id="above"),
    pytest.param(f"<p>20 May 2026</p><h2>{TITLE}</h2><p>14 May 2026</p>{TEXT}", id="h2"),
    pytest.param(
        f"<h1>Daily</h1><p>20 May 2026</p><h1>{TITLE}</h1><p>14 May 2026</p>{TEXT}", id="second-h1"
    ),
    pytest.param(
        f"<h1>{TITLE}</h1><p>Updated: 19 May 2026</p><p>Published: 14 May 2026</p>{TEXT}",
        id="updated-first",
    ),
    pytest.param(
        f'<h1>{TITLE}</h1><p>14 May 2026</p>{TEXT}<div class="comments"><p>17 May 2026</p></div>',
        id="comment",
    ),
    pytest.param(
        f"<h1>{TITLE}</h1><script>showDate('2026/05/14 08:10')</script>{TEXT}", id="script"
    ),
    pytest.param(f"<h1>{TITLE}</h1>{TEXT}<p>14 May 2026</p>", id="at-the-end"),
]


@pytest.mark.parametrize("body", SHOWN)
def test_the_date_beside_the_headline_is_that_of_the_article(body):
    found = published(body)
    assert (found.local_date, found.origin) == (date(2026, 5, 14), "visible text")


NOT_THE_ARTICLES = [
    pytest.param(f"<h1>{TITLE}</h1>{TEXT}<footer>© 2019–2026 Daily</footer>", id="norm-10-years"),
    pytest.param(
        f"<h1>{TITLE}</h1>{TEXT}<footer>Copyright 12 March 2024 Daily</footer>", id="norm-10-day"
    ),
    pytest.param(f"<h1>{TITLE}</h1>{TEXT}<p>© 12 March 2024 Daily Ltd</p>", id="norm-10-no-footer"),
    pytest.param(
        f'<h1>{TITLE}</h1>{TEXT}<div id="comments"><p>Bob</p><p>17 May 2026</p></div>',
        id="comment",
    ),
    pytest.param(
        f"<h1>{TITLE}</h1>{TEXT}<aside><a>Old story</a><p>3 April 2026</p></aside>", id="related"
    ),
    pytest.param(f"<h1>{TITLE}</h1><p>Report 2026-17</p>{TEXT}", id="norm-12"),
]


@pytest.mark.parametrize("body", NOT_THE_ARTICLES)
def test_other_dates_of_a_page_are_none(body):
    assert published(body, url="https://daily.example/reports/dlr2026-17/").value is None


def test_what_a_page_declares_comes_before_what_it_shows():
    found = published(
        f"<h1>{TITLE}</h1><p>15 May 2026</p>{TEXT}",
        '<meta property="article:published_time" content="2026-05-14T06:00:00+02:00">',
    )
    assert found.value == datetime(2026, 5, 14, 4, tzinfo=UTC)
    assert found.origin == "meta article:published_time"
    assert found.flags == ()


def test_declarations_that_contradict_each_other_are_flagged():
    found = published(
        TEXT,
        '<meta property="article:published_time" content="2026-05-14T06:00:00Z">',
        url="https://daily.example/2026/04/02/strike",
    )
    assert found.value == datetime(2026, 5, 14, 6, tzinfo=UTC)
    assert found.flags == ("date_conflict",)


def test_a_date_to_come_is_flagged():
    head = '<meta name="date" content="2026-07-01T00:00:00Z">'
    assert published(TEXT, head).flags == ("future_date",)


def test_the_change_is_not_the_publication():
    head = '<meta property="article:modified_time" content="2026-05-18T09:00:00Z">'
    first, modified = read(f"<h1>{TITLE}</h1><p>14 May 2026</p>{TEXT}", head)
    assert first.local_date == date(2026, 5, 14)
    assert modified.value == datetime(2026, 5, 18, 9, tzinfo=UTC)


def test_the_zone_is_the_outlets_where_the_page_says_none():
    head = '<meta name="date" content="2026-05-14 08:00">'
    assert published(TEXT, head, zone="Europe/Paris").value == datetime(2026, 5, 14, 6, tzinfo=UTC)
    assert published(TEXT, head).flags == ("no_zone",)


@pytest.mark.parametrize(
    ("lang", "found"),
    [("en-US", date(2026, 4, 3)), ("en-GB", date(2026, 3, 4)), ("fr", date(2026, 3, 4)),
     ("en", None), ("", None), ("zh-CN", None)],
)  # fmt: skip
def test_the_pages_language_says_whether_the_day_comes_first(lang, found):
    assert published(f"<h1>{TITLE}</h1><p>04/03/2026</p>{TEXT}", lang=lang).local_date == found


@pytest.mark.parametrize(
    ("tag", "first"), [("en_US", False), ("de", True), ("en", None), (None, None), ("ja", None)]
)
def test_how_languages_write_days(tag, first):
    assert day_comes_first(tag) is first
