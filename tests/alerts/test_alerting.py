"""From an indexed change to the mail in the reader's box, on the real services."""

from __future__ import annotations

from datetime import timedelta

from alerts.desk import NOW, Desk, html_of, text_of, watch_text


def test_five_copies_make_one_mail_that_names_all_five_outlets(desk: Desk) -> None:
    desk.watch(watch_text(query="dam AND engineers"))
    first = desk.article("Dam breaks at dawn", outlet="Gazette")
    for title, outlet in (
        ("Dam collapses", "Morning Post"),
        ("Village flooded as dam gives way", "Herald"),
        ("Dam failure: nobody hurt", "Valley Times"),
        ("Dawn dam break", "Radio Nord"),
    ):
        desk.article(title, story=first, outlet=outlet, published=NOW - timedelta(minutes=5))

    [mail] = desk.alert()

    assert mail["Subject"] == "[Dams] Dam breaks at dawn"
    assert mail["To"] == "desk@example.org"
    text = text_of(mail)
    for outlet in ("Gazette", "Morning Post", "Herald", "Valley Times", "Radio Nord"):
        assert outlet in text
        assert outlet in html_of(mail)
    assert "4 more outlets" in text
    assert "The *dam* broke at dawn." in text or "*Engineers* had warned" in text
    assert desk.alert() == []
    assert [row[4] for row in desk.matches()] == ["live"]
