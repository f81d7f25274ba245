"""Digests at their slots, with their receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest

from alerts.desk import NOW, Desk, html_of, text_of, watch_text
from mediawatch.alerts import wording

DIGEST = ', mode: digest, digest: {times: ["11:00"]}'
SLOT = NOW.replace(hour=11, minute=0)


def test_a_digest_comes_at_its_slot_with_each_story_once(desk: Desk) -> None:
    desk.watch(
        watch_text(recipient=DIGEST), watch_text("eng", "engineers", name="Eng", recipient=DIGEST)
    )
    first = desk.article()
    desk.article("Dam gone", story=first, outlet="Herald")
    desk.article("A dam elsewhere", "Another dam.")
    assert desk.alert() == []
    assert desk.digest() == {"sent": 0}
    desk.now = SLOT
    assert desk.digest() == {"sent": 1}
    [mail] = desk.smtp.messages()
    assert mail["Subject"] == "[mediawatch] Digest: 2 stories for 15 May 2026, 11:00 UTC"
    text = text_of(mail)
    assert text.count("Dam breaks") == 1
    assert "Also at Herald: 1 more outlet" in text
    assert text.index("Dam breaks") < text.index("A dam elsewhere")
    assert "Dams, Eng" in text
    assert desk.digest() == {"sent": 0}


def test_what_is_in_no_digest_yet_is_taken_whenever_it_came(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST))
    desk.article()
    desk.match()
    desk.now = SLOT
    desk.digest()
    desk.article("Dam two", "A dam.", seen=desk.now)
    desk.match()
    desk.now = SLOT + timedelta(days=3)
    assert desk.digest() == {"sent": 1}
    last = desk.smtp.messages()[-1]
    assert "1 story for 18 May 2026, 11:00 UTC" in last["Subject"]
    assert "Dam two" in text_of(last)
    assert len(desk.smtp.messages()) == 2


def test_an_empty_digest_is_sent_when_it_is_wanted(bare_desk: Desk) -> None:
    desk = bare_desk
    desk.watch(
        watch_text(recipient=DIGEST),
        watch_text("b", reader="both@example.org", recipient=DIGEST + ", empty_digest: true"),
    )
    desk.now = SLOT
    assert desk.digest() == {"sent": 1}
    [mail] = desk.smtp.messages()
    assert mail["To"] == "both@example.org"
    assert "no new story" in mail["Subject"]
    assert "Nothing found since the last digest" in text_of(mail)
    assert [row[1] for row in desk.deliveries()] == ["suppressed", "sent"]


def test_the_slot_of_an_empty_digest_has_passed(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST))
    desk.now = SLOT
    assert desk.digest() == {"sent": 0}
    desk.now += timedelta(minutes=5)
    desk.article()
    desk.match()
    assert desk.digest() == {"sent": 0}
    desk.now = SLOT + timedelta(days=1)
    assert desk.digest() == {"sent": 1}


def test_mode_both_tells_at_once_and_again_in_the_digest(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST.replace("digest,", "both,", 1)))
    desk.article()
    assert len(desk.alert()) == 1
    desk.now = SLOT
    assert desk.digest() == {"sent": 1}
    assert "Dams – already mailed" in text_of(desk.smtp.messages()[-1])


def test_the_doubled_hour_makes_one_digest_and_the_skipped_one_too(bare_desk: Desk) -> None:
    desk = bare_desk
    wish = ", zone: Europe/Paris, mode: digest, digest: {times: ['02:30']}, empty_digest: true"
    desk.watch(watch_text(recipient=wish), since=datetime(2026, 1, 1, tzinfo=UTC))
    sent = []
    for moment in (
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),  # 01:59, before the gap: yesterday's slot
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # 03:00, after the gap
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30 for the first time
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30 for the second time
    ):
        desk.now = moment
        sent.append(desk.digest()["sent"])
    assert sent == [1, 1, 0, 1, 0]


def test_the_receipt_names_what_was_read_and_what_failed(bare_desk: Desk) -> None:
    desk = bare_desk
    desk.watch(watch_text(recipient=DIGEST + ", empty_digest: true"))
    for source_id, title, outcome, message in (
        ("s2", "Morning Post", "unchanged", None),
        ("s3", "Coast <b>Weekly", "timeout", "The server did not answer in time."),
        ("s1", "", "ok", None),
    ):
        desk.run_sql(
            "INSERT INTO source (source_id, kind, url, title, next_fetch_at, created_at)"
            " VALUES (%s, 'feed', %s, %s, now(), now()) ON CONFLICT DO NOTHING",
            [source_id, f"http://{source_id}.example/", title],
        )
        desk.run_sql(
            'INSERT INTO "fetch" (source_id, started_at, finished_at, url, outcome, message)'
            " VALUES (%s, %s, %s, '', %s, %s)",
            [source_id, NOW, NOW, outcome, message],
        )
    first = desk.article(seen=NOW)
    desk.article(story=first, outlet="Herald", seen=NOW)
    desk.run_sql(
        "INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at,"
        " state, code) VALUES ('e', '2026-05-01', 's1', 'k', '{}', %s, 'rejected', 'consent_wall')",
        [NOW],
    )
    desk.now = SLOT
    desk.digest()
    [mail] = desk.smtp.messages()
    text = text_of(mail)
    assert "Sources: 1 read: The Wire" in text
    assert "Sources: 1 unchanged: Morning Post" in text
    assert "Sources: 1 failing: Coast <b>Weekly (The server did not answer in time.)" in text
    assert "Articles: 2 in, 1 copy of another text, 1 rejected" in text
    assert "1 × The page shows only a cookie or consent notice." in text
    assert "Coast &lt;b&gt;Weekly" in html_of(mail)


def test_an_uncertain_mail_stands_in_its_readers_next_digest(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST.replace("digest,", "both,", 1)))
    desk.article()
    desk.smtp.after_data = "drop"
    desk.alert()
    desk.smtp.after_data = None
    desk.now = SLOT
    desk.digest()
    text = text_of(desk.smtp.messages()[-1])
    assert "Mails whose arrival is uncertain\n  [Dams] Dam breaks · 15 May 2026, 09:30 UTC" in text


def test_a_reader_who_joins_later_is_not_told_the_past(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article()
    desk.alert()
    desk.now += timedelta(minutes=30)
    desk.watch(watch_text(recipient=DIGEST.replace("digest,", "both,", 1)), since=desk.now)
    desk.now = SLOT
    assert desk.digest() == {"sent": 0}


def test_two_schedules_of_one_reader_are_two_digests_also_after_a_day_off(desk: Desk) -> None:
    evening = ', mode: digest, digest: {times: ["18:00"]}'
    desk.watch(
        watch_text(recipient=DIGEST), watch_text("eng", "engineers", name="E", recipient=evening)
    )
    desk.article()
    desk.article("A dam elsewhere", "Another dam.")
    desk.match()
    desk.now = NOW.replace(hour=20)
    assert desk.digest() == {"sent": 2}
    subjects = [mail["Subject"] for mail in desk.smtp.messages()]
    assert subjects == [
        "[mediawatch] Digest: 2 stories for 15 May 2026, 11:00 UTC",
        "[mediawatch] Digest: 1 story for 15 May 2026, 18:00 UTC",
    ]


def test_what_was_held_back_comes_with_the_readers_own_schedule(desk: Desk) -> None:
    desk.watch(watch_text(recipient=', quiet: ["09:00-10:00"], digest: {times: ["11:00"]}'))
    desk.article()
    assert desk.alert() == []
    desk.now = NOW.replace(hour=10, minute=30)
    assert desk.digest() == {"sent": 0}
    desk.now = SLOT
    assert desk.digest() == {"sent": 1}
    assert "Dams – held back until now" in text_of(desk.smtp.messages()[-1])
    desk.now = SLOT + timedelta(days=1)
    assert desk.digest() == {"sent": 0}


def test_stories_of_one_event_stand_together_and_the_best_known_first(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST))
    lone = desk.article("A dam of its own", "A dam alone.", outlet="Gazette")
    first = desk.article("Dam breaks")
    for outlet in ("Herald", "Radio Nord"):
        desk.article("Dam gone", story=first, outlet=outlet)
    later = desk.article("Dam: the mayor speaks", "The mayor on the dam.", outlet="Post")
    desk.run_sql("UPDATE story SET event_id = %s WHERE story_id = %s", [first, later])
    desk.match()
    desk.now = SLOT
    desk.digest()
    text = text_of(desk.smtp.messages()[-1])
    assert "ONE EVENT, 2 STORIES" in text
    order = [text.index(title) for title in ("Dam breaks", "the mayor speaks", "of its own")]
    assert order == sorted(order)
    assert "New story: 3 · 5 articles in all" in text
    assert lone


def test_above_fifty_stories_the_rest_is_told_in_one_line_each(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST))
    for number in range(170):
        desk.article(f"Dam number {number} breaks", f"The dam of {number} broke.")
    desk.match()
    desk.now = SLOT
    desk.digest()
    [mail] = desk.smtp.messages()
    assert "170 stories" in mail["Subject"]
    text, html = text_of(mail), html_of(mail)
    assert len(html.encode()) < 102_000
    assert text.count("In the opening:") == 15
    assert text.count("- Dam number") == 100
    assert "and 55 more stories" in text
    assert "MORE, IN SHORT" in text


def test_the_receipt_says_how_fast_mails_went_and_who_was_not_read(desk: Desk) -> None:
    desk.watch(watch_text(recipient=DIGEST), watch_text("now", reader="now@example.org"))
    desk.run_sql("UPDATE source SET next_fetch_at = %s", [NOW])
    for number, minutes in enumerate((2, 4, 40)):
        desk.article(f"Dam {number}", "A dam.", published=NOW - timedelta(minutes=minutes))
    desk.alert()
    desk.now = SLOT
    desk.digest()
    [mail] = [mail for mail in desk.smtp.messages() if mail["To"] == "desk@example.org"]
    assert "Publication to mail: median 4 min, 95 of 100 within 36 min (mails: 3)" in text_of(mail)
    assert "1 source was due" in text_of(mail)
    assert "Sources: 1 not read yet: The Wire" in text_of(mail)


def test_a_reader_of_nothing_but_paused_watches_is_not_told_that_nothing_was_found(
    bare_desk: Desk,
) -> None:
    desk = bare_desk
    desk.watch(watch_text(recipient=DIGEST + ", empty_digest: true", watch="  active: false\n"))
    desk.now = SLOT
    assert desk.digest() == {"sent": 0}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_word_of_a_mail_is_there_in_every_language(language: str) -> None:
    assert wording.WORDS[language].keys() == wording.WORDS["en"].keys()
    for name, words in wording.WORDS[language].items():
        fields = {field for _, field, _, _ in Formatter().parse(words) if field}
        english = {
            field for _, field, _, _ in Formatter().parse(wording.WORDS["en"][name]) if field
        }
        assert fields == english, name
