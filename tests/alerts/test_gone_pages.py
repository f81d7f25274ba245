"""From a page that its outlet takes down to the mail that says so, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from alerts.desk import NOW, Desk, watch_text
from mediawatch.pipeline import search, stories
from mediawatch.pipeline.pages import fetch_pages, recheck_articles
from mediawatch.pipeline.sources import poll_sources
from mediawatch.pipeline.text import normalise
from sources.test_polling import follow, rss
from sources.web import Answer, Web
from stories.rows import annotated

TITLE = "The dam of Arvendale breaks"
TEXT = (
    "The old dam above Arvendale broke at dawn on Friday. Engineers had warned of it for eleven"
    " years, and the council had put the repair off three times. Nobody was hurt, but the mill"
    " and both bridges are gone. The village below was cleared by noon, and its people sleep in"
    " the school of Upper Arvendale until the water falls. The mayor spoke of the worst day that"
    " the valley has seen since the great fire, and asked for tents, blankets and clean water."
)
OTHER = TEXT + " The council met in the evening and dismissed its head of works."
VERSIONS = "SELECT version_no, kind FROM article_version ORDER BY version_no"


def page_of(text: str) -> Answer:
    page = f"<html><title>{TITLE}</title><article><h1>{TITLE}</h1><p>{text}</p></article>"
    return Answer(page.encode(), headers={"Content-Type": "text/html"})


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


def look(desk: Desk, hours: int) -> tuple[dict[str, int], list[EmailMessage]]:
    """What a look at the pages so many hours later finds, and the mails that come of it."""
    desk.now = NOW + timedelta(hours=hours)
    found = recheck_articles(desk.context)
    return found, work(desk)


def work(desk: Desk) -> list[EmailMessage]:
    normalise(desk.context)
    stories.cluster(desk.context)
    annotated(desk.conn)
    stories.compare(desk.context)
    search.index(desk.context)
    desk.refresh()
    return desk.alert()


def test_a_page_that_is_gone_for_a_day_is_told_once_and_may_come_back(desk: Desk, web: Web) -> None:
    desk.settings = replace(
        desk.settings, allow_hosts=(f"127.0.0.1:{web.port}",), fetches_per_minute=0
    )
    desk.watch(watch_text(watch="  news: [vanished]\n"))
    web.answers["/f"] = Answer(rss((TITLE, f"{web.url}/1", "Teaser.")))
    page = web.answers["/1"] = page_of(TEXT)
    follow(desk.conn, f"{web.url}/f")
    poll_sources(desk.context)
    fetch_pages(desk.context)
    assert work(desk) == []

    web.answers["/1"] = Answer(status=404)
    assert look(desk, 2) == ({"in": 1, "failed": 1}, [])
    web.answers["/1"] = page  # a slip of the server
    assert look(desk, 4) == ({"in": 1, "same": 1}, [])
    web.answers["/1"] = Answer(status=410)
    assert look(desk, 10) == ({"in": 1, "failed": 1}, [])
    assert look(desk, 20) == ({"in": 1, "failed": 1}, [])
    found, mails = look(desk, 35)
    assert found == {"in": 1, "vanished": 1}
    assert [mail["Subject"] for mail in mails] == [f"[Dams] No longer there: {TITLE}"]
    assert look(desk, 53) == ({"in": 1, "failed": 1}, [])
    assert desk.run_sql(VERSIONS) == [(1, "first"), (2, "vanished")]

    web.answers["/1"] = page
    assert look(desk, 80) == ({"in": 1, "same": 1}, [])
    assert desk.run_sql(VERSIONS) == [(1, "first"), (2, "vanished")]
    web.answers["/1"] = page_of(OTHER)
    assert look(desk, 121)[0] == {"in": 1, "changed": 1}
    assert desk.run_sql(VERSIONS) == [(1, "first"), (2, "vanished"), (3, "update")]
    changes = "SELECT version_no, cause FROM article_change ORDER BY change_no"
    assert desk.run_sql(changes) == [(1, "new_article"), (2, "new_version"), (3, "new_version")]
