"""The fixtures themselves: each test has its own corner of the real services."""

from __future__ import annotations

import smtplib
import subprocess

import pytest
from elasticsearch import Elasticsearch

from mediawatch.storage.connection import Connection
from services.mail_server import MailServer

MESSAGE = "From: desk@example.org\r\nTo: reader@example.org\r\nSubject: Trial\r\n\r\nA line.\r\n"


def send(server: MailServer) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=2) as client:
        return client.sendmail("desk@example.org", ["reader@example.org"], MESSAGE)


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_has_an_empty_migrated_database(conn: Connection, run: int) -> None:
    with conn.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outlet")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO outlet (outlet_id, name) VALUES ('gazette', 'The Gazette')")
    conn.commit()


def test_each_test_has_its_own_indices(es: Elasticsearch, index_prefix: str) -> None:
    es.indices.create(index=f"{index_prefix}mw-articles")
    assert list(es.indices.get(index=f"{index_prefix}*")) == [f"{index_prefix}mw-articles"]


def test_the_tagger_marks_a_person(tagger_command: list[str]) -> None:
    text = "Ada Lovelace wrote to Charles Babbage.\n"
    done = subprocess.run(tagger_command, input=text, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("<PERSON>Ada Lovelace</PERSON> wrote")


def test_a_message_is_kept_byte_for_byte(smtp: MailServer) -> None:
    send(smtp)
    (path,) = smtp.outbox.glob("*.eml")
    assert path.read_bytes().endswith(MESSAGE.encode())
    (message,) = smtp.messages()
    assert message["Delivered-To"] == "reader@example.org"


def test_a_refused_recipient(smtp: MailServer) -> None:
    smtp.refuse["reader@example.org"] = "550 no such reader"
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp)
    assert refused.value.recipients == {"reader@example.org": (550, b"no such reader")}
    assert smtp.messages() == []


def test_a_message_to_be_sent_later(smtp: MailServer) -> None:
    smtp.data_answer = "451 come back later"
    with pytest.raises(smtplib.SMTPDataError, match="come back"):
        send(smtp)
    assert smtp.messages() == []


def test_the_connection_drops_after_the_final_dot(smtp: MailServer) -> None:
    smtp.after_data = "drop"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp)
    assert len(smtp.messages()) == 1


def test_the_connection_drops_before_the_message(smtp: MailServer) -> None:
    smtp.drop_at = "DATA"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp)
    assert smtp.messages() == []


def test_a_server_that_never_answers(smtp: MailServer) -> None:
    smtp.hang_at = "RCPT"
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(smtp)
