"""Each story of a mail leads into Kibana, to the watch's own query over the days around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest

from alerts.desk import Desk, html_of, text_of, watch_text

KIBANA = "https://kibana.example/base"


@pytest.fixture
def kibana_desk(desk: Desk) -> Desk:
    address = "https://mediawatch:hush@kibana.example/base/"
    desk.settings = replace(desk.settings, kibana_url=address)
    return desk


def links(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith(KIBANA)]


def test_the_link_has_query_languages_and_days(kibana_desk: Desk) -> None:
    kibana_desk.watch(watch_text(query='"dam" AND broke', watch="  languages: [en]\n"))
    kibana_desk.article()
    [mail] = kibana_desk.alert()
    [link] = links(text_of(mail))
    assert "/app/discover#/?_g=(time:(from:'2026-05-14T09:10:00.000Z'" in unquote(link)
    assert "to:'2026-05-16T09:30:00.000Z'" in unquote(link)
    assert "language:lucene" in unquote(link)
    assert '"dam"' in unquote(link)
    assert "params:!(en)" in unquote(link)
    assert f'href="{link}"' in unescape(html_of(mail))
    assert "hush" not in text_of(mail) + html_of(mail)


def test_of_two_watches_each_has_its_link(kibana_desk: Desk) -> None:
    kibana_desk.watch(watch_text(), watch_text("z", "engineers", name="Engineers"))
    kibana_desk.article()
    [mail] = kibana_desk.alert()
    assert len(links(text_of(mail))) == 2
    assert "in Kibana (Engineers): https:" in text_of(mail)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("dam OR " + " OR ".join(f"flood{n:04}" for n in range(300)), id="long"),
        pytest.param("da* NEAR/3 broke", id="words-of-the-index"),
    ],
)
def test_what_no_link_can_hold_leads_to_the_saved_search(kibana_desk: Desk, query: str) -> None:
    kibana_desk.watch(watch_text(query=query))
    kibana_desk.article()
    [mail] = kibana_desk.alert()
    [link] = links(text_of(mail))
    assert "/app/discover#/view/" in link
    assert len(link) < 300


def test_a_digest_has_them_too(kibana_desk: Desk) -> None:
    digest = ', mode: digest, digest: {times: ["10:00"]}'
    kibana_desk.watch(watch_text(recipient=digest))
    kibana_desk.article()
    kibana_desk.digest()
    kibana_desk.match()
    kibana_desk.now += timedelta(hours=1)
    kibana_desk.digest()
    mail = kibana_desk.smtp.messages()[-1]
    assert len(links(text_of(mail))) == 1
    assert f'href="{KIBANA}/app/discover#' in html_of(mail)


def test_without_kibana_there_is_none(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article()
    [mail] = desk.alert()
    assert "Kibana" not in text_of(mail) + html_of(mail)
