"""News of a story that was told: corrections, vanished texts, quotations, spikes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.desk import BODY, NOW, Desk, html_of, text_of, watch_text
from mediawatch.alerts import changes, quoting, spikes
from mediawatch.pipeline import search

OLD = "The dam broke at dawn. Police counted 12 dead. Nobody else is missed."
NEW = "The dam broke at dawn. Police counted 2 dead. The mayor resigned."


def news(*words: str) -> str:
    return f"  news: [{', '.join(words)}]\n"


def test_a_correction_shows_old_and_new_words_side_by_side(desk: Desk) -> None:
    desk.watch(watch_text(watch=news("new", "correction")))
    article = desk.article("Dam breaks, 12 dead", OLD)
    assert len(desk.alert()) == 1
    desk.now += timedelta(hours=1)
    desk.version(article, 2, "Dam breaks, 2 dead", NEW, kind="correction")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] Correction: Dam breaks, 2 dead"
    text = text_of(mail)
    assert "Before: Dam breaks, *12* dead\nNow: Dam breaks, *2* dead" in text
    assert "Before: Police counted *12* dead.\nNow: Police counted *2* dead." in text
    assert "Taken out: Nobody else is missed." in text
    assert "Put in: The mayor resigned." in text
    html = html_of(mail)
    assert html.count(">12</mark>") == html.count(">2</mark>") == 2
    assert 'class="old"' in html
    assert 'class="new"' in html


def test_a_correction_that_takes_the_watched_word_out_is_told_to_who_was_told(desk: Desk) -> None:
    desk.watch(
        watch_text(query="dead", watch=news("new", "correction")),
        watch_text("plain", query="dead", reader="plain@example.org"),
        watch_text("other", query="mayor", reader="other@example.org", watch=news("correction")),
    )
    article = desk.article("Dam breaks", OLD)
    assert {mail["To"] for mail in desk.alert()} == {"desk@example.org", "plain@example.org"}
    desk.version(article, 2, "Dam breaks", "The dam broke. All are well.", kind="correction")
    [mail] = desk.alert()
    assert mail["To"] == "desk@example.org"
    assert "Taken out: Police counted 12 dead." in text_of(mail)
    assert desk.alert() == []


def test_a_correction_behind_a_mended_slip_of_the_same_pass_is_not_lost(desk: Desk) -> None:
    desk.watch(watch_text(watch=news("new", "correction")))
    article = desk.article("Dam breaks", OLD)
    desk.alert()
    desk.version(article, 2, "Dam breaks", NEW, kind="correction", cause=None)
    desk.version(article, 3, "Dam breaks", NEW + " ", kind="typo")
    [mail] = desk.alert()
    assert "Now: Police counted *2* dead." in text_of(mail)


def test_a_vanished_text_is_told_as_it_was_last_seen(desk: Desk) -> None:
    desk.watch(watch_text(watch=news("new", "vanished")))
    article = desk.article("Dam breaks", OLD)
    desk.alert()
    desk.version(article, 2, "Dam breaks", OLD, kind="vanished")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] No longer there: Dam breaks"
    assert "As it was last seen:\nThe *dam* broke at dawn." in text_of(mail)
    assert [row[2] for row in desk.matches()] == ["new", "vanished:2"]


def test_another_headline_is_an_update_for_who_asked_for_updates(desk: Desk) -> None:
    desk.watch(watch_text(watch=news("new", "update")))
    article = desk.article("Dam breaks", OLD)
    desk.alert()
    desk.version(article, 2, "Dam bursts, villages flee", OLD, kind="headline")
    [mail] = desk.alert()
    assert "Before: Dam *breaks*\nNow: Dam *bursts, villages flee*" in text_of(mail)


def test_what_one_pass_finds_of_a_story_is_one_mail(desk: Desk) -> None:
    desk.watch(
        watch_text(watch=news("new", "correction")),
        watch_text("event", watch="  unit: event\n", name="Events"),
        watch_text("mayor", "mayor", name="Mayor"),
    )
    article = desk.article("Dam breaks", OLD)
    [mail] = desk.alert()
    assert "Your watch Events found dam" in text_of(mail)
    desk.version(article, 2, "Dam breaks", NEW, kind="correction")
    [mail] = desk.alert()
    # The mayor's watch meets the story now; its mail slot is taken, the correction's is not.
    assert mail["Subject"] == "[Dams] Correction: Dam breaks"
    assert desk.alert() == []


def quote(desk: Desk, article: str, body: str, text: str, speaker: str | None) -> None:
    start = body.index(text)
    desk.run_sql(
        "INSERT INTO quote VALUES (%s, 1, '2026-05-01', %s, %s, %s, 'direct', %s, %s, %s, NULL,"
        " 'said', '1')",
        [article, start, start + len(text), text, speaker and "Q1", speaker, speaker],
    )


SAID = 'It rained. "We have warned of this dam for years," said Ann Ray. "No comment," said Bo Li.'


def test_a_quotation_is_told_once_whoever_prints_it(desk: Desk) -> None:
    desk.watch(watch_text(query='speaker:"ann ray"', watch=news("quote")))
    first = desk.article("Dam breaks", SAID)
    quote(desk, first, SAID, "We have warned of this dam for years,", "Ann Ray")
    quote(desk, first, SAID, "No comment,", "Bo Li")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] New quotation: Dam breaks"
    assert "In a quotation by Ann Ray:\nWe have warned of this dam for years," in text_of(mail)
    assert "No comment" not in text_of(mail)
    desk.now += timedelta(hours=20)
    again = desk.article("A day after the dam", "Other words. " + SAID, published=desk.now)
    quote(desk, again, "Other words. " + SAID, "We have warned of this dam for years,", "Ann Ray")
    assert desk.alert() == []


def test_a_watch_for_words_gets_the_quotations_that_hold_them(desk: Desk) -> None:
    desk.watch(watch_text(query="dam", watch=news("new", "quote")))
    article = desk.article("It rained", SAID)
    quote(desk, article, SAID, "We have warned of this dam for years,", "Ann Ray")
    quote(desk, article, SAID, "No comment,", "Bo Li")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] It rained"
    assert [row[2] for row in desk.matches()] == [
        "new",
        "quote:" + quoting.key("We have warned of this dam for years"),
    ]


def test_a_quotation_is_known_again_by_its_words() -> None:
    assert quoting.key("“We’ll go!”, Élan.") == quoting.key("we’ll GO elan")
    assert quoting.key("We go") != quoting.key("We go not")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([5] + [0] * 28, 0.0),  # a quiet hour that is quiet no more
        ([4] + [0] * 28, None),  # too few
        ([12] + [2] * 20 + [30] * 8, 2.0),  # eight wild days bend nothing
        ([9] + [4, 5, 6, 7] * 7, None),  # within what chance gives
        ([30] + [4, 5, 6, 7] * 7, 5.5),
        ([30] + [1] * 6, None),  # too little is known
        ([100] + [90] * 28, None),
    ],
)
def test_what_is_a_spike(counts: list[int], expected: float | None) -> None:
    assert spikes.usual(counts) == expected


def test_the_hours_before_go_back_as_far_as_the_archive() -> None:
    found = spikes.windows(NOW, NOW - timedelta(days=3))
    assert [NOW - end for _, end in found] == [timedelta(days=days) for days in (0, 1, 2)]
    assert all(end - start == timedelta(hours=1) for start, end in found)


def test_a_spike_is_one_mail_that_names_the_newest_stories(desk: Desk) -> None:
    desk.watch(watch_text(watch=news("spike"), name="Floods"), since=NOW - timedelta(days=60))
    for days in range(1, 12):
        then = NOW - timedelta(days=days, minutes=20)
        desk.article(f"Dam on day {days}", "A dam.", seen=then, published=then)
    for number in range(9):
        then = NOW - timedelta(minutes=40 - number)
        desk.article(f"Dam {number} breaks", "A dam.", seen=then, published=then)
    desk.run_sql("UPDATE article_change SET indexed_at = NULL")
    search.index(replace(desk.context))
    desk.refresh()
    [mail] = desk.alert()
    assert mail["Subject"] == "[Floods] Spike: 9 stories in an hour (usual: 1)"
    text = text_of(mail)
    assert text.index("Dam 8 breaks") < text.index("Dam 0 breaks")
    # Within the cooldown a further story makes no second one.
    desk.now += timedelta(minutes=5)
    desk.article("Dam 10 breaks", "A dam.", published=desk.now)
    assert desk.alert() == []


def test_changes_are_few_and_never_endless() -> None:
    old = ("T", " ".join(f"Sentence number {n} was here." for n in range(50)))
    new = ("T", "x" * 5000)
    found = changes.between(old, new)
    assert len(found) == changes.MOST
    assert all(len(change.old + change.new) <= 2 * changes.LONGEST for change in found)
    assert changes.between(("T", BODY), ("T", BODY)) == ()
