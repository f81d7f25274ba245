"""From an indexed change to the mail in the reader's box, on the real services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.desk import BODY, NOW, Desk, html_of, text_of, watch_text
from mediawatch.pipeline import alerts
from mediawatch.storage.connection import connect


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
    assert mail["Delivered-To"] == "desk@example.org"
    text = text_of(mail)
    for outlet in ("Gazette", "Morning Post", "Herald", "Valley Times", "Radio Nord"):
        assert outlet in text
        assert outlet in html_of(mail)
    assert "4 more outlets" in text
    assert "The *dam* broke at dawn." in text
    assert desk.alert() == []
    assert [row[4] for row in desk.matches()] == ["live"]


def test_copies_that_come_later_make_no_second_mail(desk: Desk) -> None:
    desk.watch(watch_text())
    first = desk.article()
    assert len(desk.alert()) == 1
    desk.now += timedelta(hours=2)
    desk.article("Dam gone", story=first, outlet="Herald")
    assert desk.alert() == []


def test_another_story_about_the_same_makes_a_second_mail(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article()
    assert len(desk.alert()) == 1
    desk.now += timedelta(days=1)
    desk.article("Dam report is out", "The dam report was published.", published=desk.now)
    assert len(desk.alert()) == 1


def test_the_reason_points_at_exactly_these_words_of_the_stored_version(desk: Desk) -> None:
    desk.watch(watch_text(query='"security guarantees" AND Putin'))
    body = "An opening.\n\n“We need it,” said Putin, who asked for security guarantees. The end."
    desk.article("Talks", body, intake="seed", published=datetime(2021, 12, 16, 12, tzinfo=UTC))
    [mail] = desk.alert()
    assert "“We need it,” said *Putin*, who asked for *security guarantees*." in text_of(mail)
    [(reason,)] = desk.run_sql("SELECT reason FROM match")
    marked = [
        body[reason["start"] + start : reason["start"] + end] for start, end in reason["marks"]
    ]
    assert marked == ["Putin", "security guarantees"]
    assert reason["clauses"] == ['"security guarantees"', "Putin"]
    assert body[reason["start"] :].startswith(reason["sentence"])


def test_an_actor_that_was_asked_for_by_name_is_marked_where_the_text_names_it(
    desk: Desk,
) -> None:
    desk.watch(watch_text(query='warned AND (actor:"world dam union" OR actor:Q42)'))
    body = "It rained. The WDU had warned of it, and Ann Ray too. The end."
    article = desk.article("Dam breaks", body)
    for text, actor_id, name in (
        ("WDU", "Q7", "World Dam Union"),
        ("Ann Ray", "Q42", "Ann Ray"),
        ("The end", "Q9", "Another"),
    ):
        start = body.index(text)
        desk.run_sql(
            "INSERT INTO mention VALUES (%s, 1, '2026-05-01', 'body', %s, %s, %s, %s, NULL,"
            " 'organisation', %s, NULL, 'name', '1')",
            [article, start, start + len(text), text, actor_id, name],
        )
    [mail] = desk.alert()
    assert "The *WDU* had *warned* of it, and *Ann Ray* too." in text_of(mail)
    assert 'actor:"world dam union"' in text_of(mail)


def test_a_match_by_fields_alone_shows_how_the_text_begins(desk: Desk) -> None:
    desk.watch(watch_text(query="outlet_name:Gazette"))
    desk.article()
    [mail] = desk.alert()
    assert "Matched by its fields; the text begins:\nThe dam broke at dawn." in text_of(mail)


def test_two_watches_on_one_story_make_one_mail_that_names_both(desk: Desk) -> None:
    desk.watch(watch_text(), watch_text("eng", "engineers", name="Engineering"))
    desk.article()
    [mail] = desk.alert()
    assert "Your watch Dams found dam" in text_of(mail)
    assert "Your watch Engineering found engineers" in text_of(mail)


def test_a_watch_that_meets_the_story_later_adds_no_mail(desk: Desk) -> None:
    desk.watch(watch_text(), watch_text("post", "herald", name="Herald"))
    first = desk.article()
    assert len(desk.alert()) == 1
    desk.now += timedelta(minutes=5)
    desk.article("Dam gone", BODY + " The Herald reported it.", story=first, outlet="Herald")
    assert desk.alert() == []
    states = desk.run_sql(
        "SELECT watch_id, dm.state FROM delivery_match dm JOIN match USING (match_id) ORDER BY 1"
    )
    assert states == [("dam", "told"), ("post", "already_told")]


def test_nothing_from_before_the_watch(desk: Desk) -> None:
    first = desk.article(seen=NOW - timedelta(hours=3))
    desk.watch(watch_text(), since=NOW - timedelta(hours=1))
    assert desk.alert() == []
    desk.article("Dam gone", story=first, outlet="Herald")
    assert desk.alert() == []
    assert [row[4:] for row in desk.matches()] == [("suppressed", "before_watch")]


def test_an_edited_watch_starts_anew(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article("A film about a bridge", "The bridge.", seen=NOW - timedelta(minutes=30))
    desk.watch(watch_text(query="bridge"), since=NOW - timedelta(minutes=10))
    assert desk.alert() == []


def test_the_first_import_of_a_feed_is_old_and_a_fresh_copy_makes_it_news(desk: Desk) -> None:
    desk.watch(watch_text())
    first = desk.article(published=NOW - timedelta(days=4))
    assert desk.alert() == []
    assert [row[4:] for row in desk.matches()] == [("suppressed", "old")]
    desk.now += timedelta(minutes=5)
    desk.article("Dam gone", story=first, outlet="Herald", published=desk.now)
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] Dam gone"
    assert [row[4:] for row in desk.matches()] == [("live", None)]


def test_a_live_match_never_becomes_suppressed_again(desk: Desk) -> None:
    desk.watch(watch_text())
    article = desk.article()
    assert len(desk.alert()) == 1
    desk.change(article, "backfill")
    desk.change(article, "reprocess")
    assert desk.alert() == []
    assert [row[4] for row in desk.matches()] == ["live"]


def test_archives_and_replays_write_suppressed_matches_and_send_nothing(desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article(intake="archive", cause="backfill")
    desk.article("Dam two", cause="reprocess")
    assert desk.alert() == []
    assert [row[5] for row in desk.matches()] == ["backfill", "reprocess"]


def test_causes_that_are_none_of_news_leave_no_match(desk: Desk) -> None:
    desk.watch(watch_text())
    for cause in ("alias_edit", "merge", "split", "rebuild"):
        desk.article(f"Dam {cause}", cause=cause)
    assert desk.match() == {"in": 4, "live": 0, "suppressed": 0, "queued": 0}
    assert desk.matches() == []


def test_a_merge_makes_no_mail_nor_does_a_copy_that_joins_the_merged_story(desk: Desk) -> None:
    desk.watch(watch_text())
    survivor = desk.article("A quiet text", "Nothing to be found.", outlet="Herald")
    told = desk.article()
    assert len(desk.alert()) == 1
    desk.run_sql("UPDATE story SET merged_into = %s WHERE story_id = %s", [survivor, told])
    desk.change(told, "merge")
    desk.now += timedelta(minutes=5)
    desk.article("Dam gone", story=survivor, outlet="Radio Nord")
    assert desk.alert() == []


def test_updates_are_told_to_those_who_asked_and_thread_below_the_first(desk: Desk) -> None:
    desk.watch(
        watch_text(),
        watch_text("both", reader="both@example.org", watch="  news: [new, correction]\n"),
    )
    article = desk.article()
    first = {mail["To"]: mail for mail in desk.alert()}
    assert set(first) == {"desk@example.org", "both@example.org"}
    desk.now += timedelta(minutes=5)
    desk.version(article, 2, "Dam holds", "The dam holds after all.", kind="correction")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] Correction: Dam holds"
    assert mail["To"] == "both@example.org"
    assert mail["References"] == first["both@example.org"]["Message-ID"]
    assert desk.alert() == []


def test_an_update_that_brings_the_word_for_the_first_time_is_new(desk: Desk) -> None:
    desk.watch(watch_text())
    article = desk.article("Village evacuated", "People left their homes.")
    assert desk.alert() == []
    desk.version(article, 2, "Village evacuated", "People fled as the dam broke.")
    [mail] = desk.alert()
    assert mail["Subject"] == "[Dams] Village evacuated"
    assert [row[2] for row in desk.matches()] == ["new"]


def test_languages_and_paused_and_expired_watches(desk: Desk) -> None:
    desk.watch(
        watch_text("fr", watch="  languages: [fr]\n"),
        watch_text("off", watch="  active: false\n"),
        watch_text("over", watch="  expires: 2026-05-15T09:00+00:00\n"),
    )
    desk.article()
    assert desk.alert() == []
    assert desk.matches() == []


def test_a_watch_that_cannot_run_does_not_stop_the_others(desk: Desk) -> None:
    desk.watch(watch_text(), watch_text("bad", "engineers", name="Bad"))
    desk.run_sql("UPDATE watch SET query = 'dam AND (' WHERE watch_id = 'bad'")
    desk.article()
    mails = {mail["To"]: mail for mail in desk.alert()}
    assert set(mails) == {"desk@example.org", "owner@example.org"}
    [(failure,)] = desk.run_sql("SELECT failure FROM watch WHERE watch_id = 'bad'")
    assert mails["owner@example.org"]["Subject"] == "mediawatch: the watch “Bad” cannot run"
    assert failure in text_of(mails["owner@example.org"])
    desk.article("Dam once more", "A third dam.")
    assert [mail["To"] for mail in desk.alert()] == ["desk@example.org"]
    desk.run_sql("UPDATE watch SET query = 'dam' WHERE watch_id = 'bad'")
    desk.article("Dam again", "Another dam.")
    assert len(desk.alert()) == 1
    assert desk.run_sql("SELECT failure FROM watch WHERE watch_id = 'bad'") == [(None,)]


def test_an_article_stored_late_is_found_by_the_next_run(desk: Desk) -> None:
    desk.watch(watch_text())
    assert desk.alert() == []
    desk.now += timedelta(minutes=30)
    desk.article(published=desk.now - timedelta(minutes=40))
    desk.now += timedelta(minutes=30)
    assert len(desk.alert()) == 1
    for _ in range(3):
        desk.now += timedelta(minutes=15)
        assert desk.alert() == []


def test_two_matchers_at_once_mail_once(desk: Desk, database_url: str) -> None:
    desk.watch(watch_text())
    first = desk.article()
    other = connect(database_url)
    try:
        # The other matcher holds the change of the first article, uncommitted.
        with other.cursor() as cursor:
            cursor.execute("SELECT * FROM article_change FOR UPDATE")
        desk.article("Dam gone", story=first, outlet="Herald")
        assert len(desk.alert()) == 1
        other.rollback()
        assert desk.alert() == []
    finally:
        other.close()
    assert desk.run_sql("SELECT count(*) FROM article_change WHERE matched_at IS NULL") == [(0,)]


def test_a_forgotten_article_is_not_told(desk: Desk) -> None:
    desk.watch(watch_text())
    article = desk.article()
    desk.match()
    desk.run_sql("UPDATE article SET tombstoned = true WHERE article_id = %s", [article])
    assert desk.send() == {"sent": 0, "suppressed": 1}
    assert desk.smtp.messages() == []


def test_french_readers_get_french_words(desk: Desk) -> None:
    desk.watch(watch_text(recipient=", language: fr, zone: Europe/Paris"))
    desk.article()
    [mail] = desk.alert()
    assert "15 mai 2026, 11:10 CEST" in text_of(mail)
    assert "Lire l’article" in text_of(mail)
    assert '<html lang="fr">' in html_of(mail)


def test_a_seed_without_outlet_or_address_is_named_by_its_folder(desk: Desk) -> None:
    desk.watch(watch_text())
    article = desk.article(outlet=None, intake="seed", published=NOW - timedelta(days=900))
    desk.run_sql("UPDATE article SET url = NULL WHERE article_id = %s", [article])
    desk.run_sql("UPDATE source SET kind = 'folder', title = 'articles'")
    [mail] = desk.alert()
    assert "folder articles, 27 November 2023, 09:30 UTC" in text_of(mail)
    assert "http" not in text_of(mail)


def test_event_watches_tell_an_event_once(desk: Desk) -> None:
    desk.watch(watch_text(watch="  unit: event\n"))
    first = desk.article()
    assert len(desk.alert()) == 1
    second = desk.article("Dam: what we know", "The dam and its makers.", cause=None)
    desk.run_sql("UPDATE story SET event_id = %s WHERE story_id = %s", [first, second])
    desk.change(second, "new_article")
    assert desk.alert() == []


def test_import_reads_a_file_and_names_it_in_its_faults(desk: Desk) -> None:
    path = desk.settings.home / "watches.yaml"
    path.write_text(watch_text() + "- id: broken\n", encoding="utf-8")
    report = alerts.import_watches(desk.context, path)
    assert report.added == ["dam"]
    [fault] = report.faults
    assert fault == "watches.yaml:6: watch broken, query: is missing: give query or keywords"
