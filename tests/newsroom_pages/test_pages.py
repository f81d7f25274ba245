"""Every page as a person sees it."""

from __future__ import annotations

import re

import pytest

from newsroom_pages.house import BASE, House

PAGES = [
    "/",
    "/rejected",
    "/versions",
    "/queues/entries",
    "/sources?day=failing",
    "/deliveries?state=sent&hours=24",
    "/rejected?code=consent_wall",
    "/stories",
    "/stories?q=lund",
    "/stories?q=lund&language=en&actor=Q1&since=2026-01-01&until=2026-12-31",
    "/stories?q=lund&group=event",
    "/stories/u:1",
    "/stories/u:1?q=dam",
    "/stories/u:2",
    "/stories/u:3",
    "/stories/u:4",
    "/watches",
    "/watches?owner=desk@example.org",
    "/watches/lund",
    "/watches/lund/preview",
    "/watches/lund/why",
    "/watches/other/why?what=u:1",
    "/watches/new",
    "/watches/lund/remove",
    "/sources",
    "/sources?state=failing",
    "/sources/s2",
    "/sources/s2/remove",
    "/sources/new",
    "/deliveries",
    "/deliveries?state=uncertain",
    "/deliveries/1",
    "/actors",
    "/actors?name=Ada%20Lund",
    "/actors/Q1",
    "/actors/local:evil",
    "/feeds",
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_and_nothing_from_outside_is_markup(
    house: House, path: str, language: str
) -> None:
    answer = house.client("ed").get(BASE + path, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    assert f'<html lang="{language}">' in answer.text
    assert "<script>" not in answer.text
    assert "<img" not in answer.text
    assert not re.search(r"""(href|src|action)=["']?\s*javascript:""", answer.text)
    assert "60466176" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.text.count("<h1") == 1
