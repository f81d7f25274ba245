"""TLS, STARTTLS, log-in, sizes and one connection for many messages, on a real mail server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from alerts.desk import Desk
from alerts.secure_server import PASSWORD, USER, SecureServer
from alerts.test_sending import readers
from mediawatch.alerts import mail
from mediawatch.alerts.mail import Outcome, Relay

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
MESSAGE = b"Subject: hello\r\n\r\nbody\r\n"
LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"


@contextmanager
def server(folder: Path, mode: str, **more: object) -> Iterator[SecureServer]:
    made = SecureServer(folder, mode, **more)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def send(url: str, count: int = 1) -> list[Outcome]:
    with Relay(url, 5) as relay:
        return [
            relay.send("watch@desk.example", "to@example.org", MESSAGE, lambda: None)
            for _ in range(count)
        ]


@pytest.mark.parametrize(
    ("mode", "scheme", "host"),
    [("tls", "smtps", "127.0.0.1"), ("starttls", "smtp", "0.0.0.0"), ("tls", "smtps", "localhost")],
)
def test_over_a_line_that_can_be_trusted_it_logs_in_and_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, scheme: str, host: str
) -> None:
    with server(tmp_path, mode) as it:
        monkeypatch.setenv("SSL_CERT_FILE", str(it.cert))
        outcomes = send(f"{scheme}://{LOGIN}@{host}:{it.port}", 3)
        assert [outcome.state for outcome in outcomes] == ["sent"] * 3
        assert it.logins == [USER.encode()]
        assert len(it.messages()) == 3


@pytest.mark.parametrize(
    ("mode", "scheme", "host"), [("tls", "smtps", "127.0.0.1"), ("starttls", "smtp", "0.0.0.0")]
)
def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    tmp_path: Path, mode: str, scheme: str, host: str
) -> None:
    with server(tmp_path, mode) as it:
        [outcome] = send(f"{scheme}://{LOGIN}@{host}:{it.port}")
        assert (outcome.state, outcome.relay_down) == ("queued", True)
        assert "certificate" in outcome.answer.lower()
        assert it.logins == []


def test_a_wrong_password_leaves_all_mails_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path, "tls") as it:
        monkeypatch.setenv("SSL_CERT_FILE", str(it.cert))
        [outcome] = send(f"smtps://desk:wrong@127.0.0.1:{it.port}")
        assert (outcome.state, outcome.relay_down, outcome.answer[:3]) == ("queued", True, "535")


def test_without_the_login_that_a_relay_asks_for_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path, "tls") as it:
        monkeypatch.setenv("SSL_CERT_FILE", str(it.cert))
        [outcome] = send(f"smtps://127.0.0.1:{it.port}")
        assert (outcome.state, outcome.relay_down, outcome.answer[:3]) == ("queued", True, "530")


def test_a_password_is_not_sent_over_an_open_line(tmp_path: Path) -> None:
    with server(tmp_path, "open") as it:
        [outcome] = send(f"smtp://{LOGIN}@0.0.0.0:{it.port}")
        assert (outcome.state, outcome.relay_down) == ("queued", True)
        assert "smtps://" in outcome.answer
        assert it.logins == []


def test_a_message_above_the_relays_limit_is_refused_with_both_numbers(tmp_path: Path) -> None:
    with server(tmp_path, "open", data_size_limit=20) as it:
        [outcome] = send(f"smtp://127.0.0.1:{it.port}")
        assert outcome.state == "refused"
        assert outcome.answer == f"the message has {len(MESSAGE)} bytes, the relay takes 20"


def test_many_messages_share_a_connection_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MESSAGES_A_CONNECTION", 4)
    with server(tmp_path, "open") as it:
        outcomes = send(f"smtp://127.0.0.1:{it.port}", 10)
        assert {outcome.state for outcome in outcomes} == {"sent"}
        assert it.connections == 3


Script = Callable[[socket.socket], None]


@contextmanager
def scripted(*scripts: Script) -> Iterator[str]:
    """A server that speaks by a script, one for each connection; its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for script in scripts:
            connection, _ = listener.accept()
            with connection:
                script(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def says(*answers: bytes) -> Script:
    """Greets, then answers each line of commands so; what follows the last one is not read."""

    def script(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        for answer in answers:
            lines.readline()
            connection.sendall(answer)

    return script


OK = b"250 ok\r\n"


def kept(connection: socket.socket) -> None:
    """Takes one message as it should."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 hello\r\n")
    for answer in (OK, OK, OK, b"354 go on\r\n"):
        lines.readline()
        connection.sendall(answer)
    while lines.readline() != b".\r\n":
        pass
    connection.sendall(b"250 kept\r\n")


def test_a_connection_closed_between_two_messages_is_made_again(tmp_path: Path) -> None:
    with scripted(kept, kept) as url:
        assert [outcome.answer for outcome in send(url, 2)] == ["250 kept", "250 kept"]


def test_an_answer_too_many_is_not_taken_for_that_of_the_final_dot() -> None:
    twice = says(OK, OK, OK, b"354 go on\r\n250 something else\r\n")
    with scripted(twice) as url:
        [outcome] = send(url)
    assert (outcome.state, outcome.answer) == ("queued", "250 something else")


def test_two_answers_to_one_command_are_noticed() -> None:
    with scripted(says(OK, OK, OK + OK, b"354 go on\r\n")) as url:
        [outcome] = send(url)
    assert outcome.state == "queued"


@pytest.mark.parametrize("code", ["530", "550", "451"])
def test_what_is_said_of_the_sender_is_no_word_on_the_recipient(code: str) -> None:
    answer = f"{code} not you\r\n".encode()
    with scripted(says(OK, answer, OK)) as url:
        [outcome] = send(url)
    assert (outcome.state, outcome.relay_down) == ("queued", True)
    assert outcome.answer == f"{code} not you"


def test_a_domain_that_asks_for_patience_is_left_alone_for_this_run(bare_desk: Desk) -> None:
    desk = bare_desk
    readers(desk, "a@busy.example", "b@busy.example", "c@other.example", "d@other.example")
    desk.smtp.refuse = {
        "a@busy.example": "451 4.7.1 too many messages",
        "b@busy.example": "451 4.7.1 too many messages",
        "c@other.example": "452 4.2.2 mailbox full",
    }
    assert desk.send() == {"sent": 1, "queued": 2}
    assert desk.smtp.commands["RCPT"] == 3
    assert [mail["Delivered-To"] for mail in desk.smtp.messages()] == ["d@other.example"]
