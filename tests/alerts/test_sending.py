"""The ledger of deliveries: nothing lost, nothing twice, whatever the mail server does."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from psycopg2.extras import Json

from alerts.desk import NOW, Desk, text_of, watch_text
from mediawatch.alerts import ledger
from mediawatch.pipeline import alerts
from mediawatch.pipeline.context import Context
from mediawatch.storage.connection import connect

REASON = {
    "part": "body",
    "sentence": "The dam broke at dawn.",
    "marks": [[4, 7]],
    "start": 0,
    "clauses": ["dam"],
}


def readers(desk: Desk, *addresses: str, recipient: str = "", count: int = 1) -> None:
    """``count`` stories that wait to be mailed to these readers, matched without a search."""
    lines = ", ".join(f"{{address: {address}{recipient}}}" for address in addresses)
    entry = watch_text().rpartition("  recipients:")[0] + f"  recipients: [{lines}]\n"
    desk.watch(entry)
    stories(desk, count)


def stories(desk: Desk, count: int = 1) -> None:
    for _ in range(count):
        article = desk.article(cause=None)
        desk.run_sql(
            "INSERT INTO match (watch_id, unit, unit_id, cause_key, article_id, version_no, reason,"
            " state, matched_at, live_at) VALUES ('dam', 'story', %s, 'new', %s, 1, %s, 'live',"
            " %s, %s)",
            [
                article,
                article,
                Json(REASON),
                desk.now,
                desk.now,
            ],
        )
    with desk.conn:
        ledger.queue(desk.conn, "newsdesk.example", desk.now)


def test_a_mail_is_sent_once_and_kept_as_it_was_sent(bare_desk: Desk) -> None:
    readers(bare_desk, "desk@example.org")
    assert bare_desk.send() == {"sent": 1}
    assert bare_desk.send() == {"sent": 0}
    [(subject, kept, sent_at, answer)] = bare_desk.run_sql(
        "SELECT subject, message, sent_at, smtp_answer FROM delivery"
    )
    [path] = bare_desk.smtp.outbox.glob("*.eml")
    assert path.read_bytes().endswith(bytes(kept))
    assert (subject, sent_at) == ("[Dams] Dam breaks", NOW)
    assert answer.startswith("250 ")


def test_each_recipient_stands_alone(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "good@example.org", "gone@example.org", "late@example.org")
    desk.smtp.refuse = {"gone@example.org": "550 no such user", "late@example.org": "451 later"}
    assert desk.send() == {"sent": 1, "refused": 1, "queued": 1}
    assert desk.deliveries() == [
        ("good@example.org", "sent", "250 OK: message kept"),
        ("gone@example.org", "refused", "550 no such user"),
        ("late@example.org", "queued", "451 later"),
    ]
    desk.smtp.refuse = {}
    assert desk.send() == {"sent": 0}
    desk.now += timedelta(minutes=2)
    assert desk.send() == {"sent": 1}
    got = [mail["Delivered-To"] for mail in desk.smtp.messages()]
    assert sorted(got) == ["good@example.org", "late@example.org"]


def test_a_mail_that_a_person_sends_again_is_the_same_to_the_byte(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.smtp.after_data = "drop"
    desk.send()
    desk.smtp.after_data = None
    desk.now += timedelta(minutes=2)
    desk.run_sql("UPDATE delivery SET state = 'queued', resolved_by = 'ann'")
    assert desk.send() == {"sent": 1}
    first, second = (path.read_bytes() for path in sorted(desk.smtp.outbox.glob("*.eml")))
    assert first == second


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_dot_is_tried_again(bare_desk: Desk, command: str) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.smtp.drop_at = command
    assert desk.send() == {"sent": 0, "queued": 1}
    desk.smtp.drop_at = None
    desk.now += timedelta(minutes=2)
    assert desk.send() == {"sent": 1}
    assert len(desk.smtp.messages()) == 1


def test_a_lost_answer_is_uncertain_and_never_repeated(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.smtp.after_data = "drop"
    assert desk.send() == {"sent": 0, "uncertain": 1}
    desk.smtp.after_data = None
    for _ in range(3):
        desk.now += timedelta(hours=1)
        assert desk.send() == {"sent": 0}
    assert len(desk.smtp.messages()) == 1


def test_the_operator_hears_of_an_uncertain_mail_at_once_and_once(bare_desk: Desk) -> None:
    desk = bare_desk
    object.__setattr__(desk.settings, "operator", "ops@example.org")
    readers(desk, "desk@example.org")
    desk.smtp.after_data = "drop"
    desk.send()
    desk.smtp.after_data = None
    assert desk.send() == {"sent": 1}
    notice = desk.smtp.messages()[-1]
    assert notice["To"] == "ops@example.org"
    [(delivery_id,)] = desk.run_sql("SELECT delivery_id FROM delivery WHERE state = 'uncertain'")
    assert f"mediawatch delivery resolve {delivery_id} --as sent" in text_of(notice)
    assert "[Dams] Dam breaks → desk@example.org" in text_of(notice)
    assert desk.send() == {"sent": 0}


def test_a_row_left_in_sending_is_uncertain(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.run_sql("UPDATE delivery SET state = 'sending'")
    assert desk.send() == {"sent": 0, "uncertain": 1}
    assert desk.smtp.messages() == []


def test_a_row_that_another_sender_holds_is_left_alone(bare_desk: Desk, database_url: str) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    other = connect(database_url)
    with other.cursor() as cursor:
        cursor.execute("UPDATE delivery SET state = 'sending' RETURNING delivery_id")
        [delivery_id] = cursor.fetchone() or [0]
        cursor.execute("SELECT pg_advisory_lock(7150323, %s)", [delivery_id])
    other.commit()
    assert desk.send() == {"sent": 0}
    assert [row[1] for row in desk.deliveries()] == ["sending"]
    other.close()


def test_two_senders_at_once_send_each_mail_once(bare_desk: Desk, database_url: str) -> None:
    desk = bare_desk
    readers(desk, "a@example.org", "b@example.org", count=10)
    context = desk.context
    failures: list[BaseException] = []

    def work() -> None:
        conn = connect(database_url)
        try:
            alerts.send_instants(Context(conn=conn, settings=context.settings, now=desk.now))
        except BaseException as fault:  # noqa: BLE001 - reported by the test's own thread
            failures.append(fault)
        finally:
            conn.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    sent = [mail["Message-ID"] for mail in desk.smtp.messages()]
    assert len(sent) == len(set(sent)) == 20
    assert {row[1] for row in desk.deliveries()} == {"sent"}


def test_a_relay_that_is_away_costs_one_try_and_all_goes_out_in_order_later(
    bare_desk: Desk,
) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org", count=3)
    desk.run_sql("UPDATE article_version SET title = 'Dam ' || article_id")
    desk.relay = "smtp://127.0.0.1:1"
    assert desk.send() == {"sent": 0, "queued": 1}
    assert [row[1] for row in desk.deliveries()] == ["queued"] * 3
    desk.relay = None
    desk.now += timedelta(hours=1)
    assert desk.send() == {"sent": 3}
    mails = desk.smtp.messages()
    assert [mail["Subject"] for mail in mails] == [f"[Dams] Dam a{n}" for n in (1, 2, 3)]
    assert "Sent late: first seen 15 May 2026, 09:30 UTC" in text_of(mails[0])


def test_the_pause_grows_and_has_an_end() -> None:
    assert [ledger.pause(n) for n in (1, 2, 3)] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert ledger.pause(50) == ledger.LONGEST_PAUSE


def test_an_instant_that_could_not_go_for_six_hours_is_left_to_the_catch_up(
    bare_desk: Desk,
) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.now += timedelta(hours=6, minutes=1)
    assert desk.send() == {"sent": 0, "expired": 1}
    assert desk.digest() == {"sent": 1}
    [mail] = desk.smtp.messages()
    assert "What was held back: 1 story" in mail["Subject"]
    assert desk.digest() == {"sent": 0}


def test_quiet_hours_hold_and_one_catch_up_mail_tells_all(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org", recipient=', quiet: ["09:00-10:00"]', count=2)
    assert desk.send() == {"sent": 0, "suppressed": 2}
    assert desk.digest() == {"sent": 0}
    desk.now = NOW.replace(hour=10, minute=0)
    assert desk.digest() == {"sent": 1}
    [mail] = desk.smtp.messages()
    assert "2 stories" in mail["Subject"]
    stories(desk)
    assert desk.send() == {"sent": 1}


def test_above_the_limit_the_rest_is_held_for_the_hour(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org", recipient=", max_per_hour: 2", count=5)
    assert desk.send() == {"sent": 2, "suppressed": 3}
    assert desk.digest() == {"sent": 0}
    desk.now += timedelta(minutes=61)
    assert desk.digest() == {"sent": 1}
    assert "3 stories" in desk.smtp.messages()[-1]["Subject"]


def test_who_left_meanwhile_gets_nothing(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "desk@example.org")
    desk.run_sql("UPDATE subscription SET unsubscribed_at = now()")
    assert desk.send() == {"sent": 0, "suppressed": 1}
    assert desk.digest() == {"sent": 0}
    assert desk.smtp.messages() == []


def test_a_muted_story_is_not_queued_for_who_muted_it(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "a@example.org", "b@example.org", count=0)
    desk.run_sql(
        "INSERT INTO mute SELECT 'dam', recipient_id, 'a1', now() FROM recipient"
        " WHERE address = 'a@example.org'"
    )
    stories(desk)
    assert desk.send() == {"sent": 1}
    assert [row[0] for row in desk.deliveries()] == ["b@example.org"]
