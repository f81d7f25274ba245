"""The relay against a real SMTP server that misbehaves as asked."""

from __future__ import annotations

import socket
import threading

import pytest

from mediawatch.alerts.mail import Outcome, Relay
from services.mail_server import MailServer

MESSAGE = b"Subject: hello\r\n\r\n.dot\r\n..\r\nlast line\r\n"
TO = "desk@example.org"


class Hook:
    """Counts how often the final dot was about to go, and with how many messages kept."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.kept: list[int] = []

    def __call__(self) -> None:
        self.kept.append(len(self.server.messages()))


def send(server: MailServer, to: str = TO, timeout: float = 2) -> tuple[Outcome, Hook]:
    hook = Hook(server)
    with Relay(server.url, timeout) as relay:
        return relay.send("watch@desk.example", to, MESSAGE, hook), hook


def test_accepted_and_the_dots_survive(smtp: MailServer) -> None:
    outcome, hook = send(smtp)
    assert (outcome.state, outcome.answer[:4]) == ("sent", "250 ")
    assert hook.kept == [0]
    [mail] = smtp.messages()
    assert mail.get_content().splitlines() == [".dot", "..", "last line"]
    assert mail["Delivered-To"] == TO


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such user", "refused"), ("451 try later", "queued")]
)
def test_a_refused_recipient(smtp: MailServer, answer: str, state: str) -> None:
    smtp.refuse[TO] = answer
    outcome, hook = send(smtp)
    assert (outcome.state, outcome.answer) == (state, answer)
    assert hook.kept == []


@pytest.mark.parametrize(
    ("answer", "state"), [("552 too big", "refused"), ("452 disk full", "queued")]
)
def test_a_refused_message(smtp: MailServer, answer: str, state: str) -> None:
    smtp.data_answer = answer
    outcome, hook = send(smtp)
    assert (outcome.state, outcome.answer) == (state, answer)
    assert hook.kept == [0]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_dot_sends_nothing(smtp: MailServer, command: str) -> None:
    smtp.drop_at = command
    outcome, hook = send(smtp)
    assert outcome.state == "queued"
    assert hook.kept == []
    assert smtp.messages() == []


def test_a_server_that_never_answers_before_the_dot(smtp: MailServer) -> None:
    smtp.hang_at = "RCPT"
    outcome, hook = send(smtp, timeout=0.3)
    assert outcome.state == "queued"
    assert hook.kept == []


@pytest.mark.parametrize("how", ["drop", "hang"])
def test_no_answer_to_the_dot_is_uncertain(smtp: MailServer, how: str) -> None:
    smtp.after_data = how
    outcome, hook = send(smtp, timeout=0.5)
    assert outcome.state == "uncertain"
    assert hook.kept == [0]


def test_a_fault_in_the_hook_sends_nothing(smtp: MailServer) -> None:
    def fail() -> None:
        raise RuntimeError("the ledger is away")

    with Relay(smtp.url, 2) as relay:
        with pytest.raises(RuntimeError, match="ledger"):
            relay.send("watch@desk.example", TO, MESSAGE, fail)
        assert smtp.messages() == []
        assert relay.send("watch@desk.example", TO, MESSAGE, lambda: None).state == "sent"
    assert len(smtp.messages()) == 1


def test_several_messages_go_over_one_connection_past_a_refusal(smtp: MailServer) -> None:
    smtp.refuse["gone@example.org"] = "550 gone"
    with Relay(smtp.url, 2) as relay:
        states = [
            relay.send("watch@desk.example", to, MESSAGE, lambda: None).state
            for to in (TO, "gone@example.org", TO)
        ]
    assert states == ["sent", "refused", "sent"]


def test_a_server_that_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with Relay(f"smtp://127.0.0.1:{port}", 2) as relay:
            outcome = relay.send("watch@desk.example", TO, MESSAGE, lambda: None)
    assert (outcome.state, outcome.relay_down) == ("queued", True)


def test_something_that_is_no_mail_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as conn:
                conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with Relay(f"smtp://127.0.0.1:{listener.getsockname()[1]}", 2) as relay:
            outcome = relay.send("watch@desk.example", TO, MESSAGE, lambda: None)
        thread.join()
    assert (outcome.state, outcome.relay_down) == ("queued", True)


def test_an_address_outside_ascii_goes_as_it_is_written(smtp: MailServer) -> None:
    outcome, _ = send(smtp, "пошта@example.org")
    assert outcome.state == "sent"
    assert smtp.messages()[0]["Delivered-To"] == "пошта@example.org"
