"""One message to one recipient over SMTP, with a hook just before the final dot.

The commands are driven one by one, because the ledger must know on which side of the final dot
of DATA a failure fell: before it nothing was sent, after it nobody can tell without an answer.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from mediawatch.alerts.message import one_line
from mediawatch.errors import ServiceError

TIMEOUT_SECONDS = 30.0
ANSWER_LIMIT = 500

State = Literal["sent", "refused", "queued", "uncertain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message, and the server's words (or ours) about it.

    ``queued``: it did not go and may be tried again. ``relay_down``: nothing else would go now.
    """

    state: State
    answer: str
    relay_down: bool = False


class Relay:
    """A mail relay, ``smtp(s)://user:password@host:port``; connects when it is first needed.

    ``smtps`` speaks TLS from the start; ``smtp`` changes to it where the server offers STARTTLS,
    except on the loopback address. A password is never sent over an open line to another host.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._timeout = timeout
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, politely where it still stands."""
        if self._client is not None:
            try:
                self._client.quit()
            except (smtplib.SMTPException, OSError):
                self._client.close()
            self._client = None

    def send(
        self, sender: str, recipient: str, message: bytes, before_dot: Callable[[], None]
    ) -> Outcome:
        """Send one message. ``before_dot`` is called when all but the final dot has gone.

        What ``before_dot`` raises is passed on, the connection cut, and nothing was sent. Every
        fault of the mail server is an :class:`Outcome`.
        """
        try:
            client = self._connected()
        except ServiceError as fault:
            return Outcome(state="queued", answer=str(fault), relay_down=True)
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Outcome(state="queued", answer=_words(fault), relay_down=True)
        try:
            refusal = self._envelope(client, sender, recipient)
            if refusal is not None:
                return refusal
            client.send(_stuffed(message))
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Outcome(state="queued", answer=f"before the final dot: {_words(fault)}")
        try:
            before_dot()
        except BaseException:
            self._drop()
            raise
        try:
            client.send(b".\r\n")
            code, words = client.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Outcome(state="uncertain", answer=f"no answer to the final dot: {_words(fault)}")
        return _judged(code, words)

    def _envelope(self, client: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        """MAIL, RCPT and DATA up to the 354; an outcome when one of them is refused."""
        options = []
        if not (sender + recipient).isascii():
            if not client.has_extn("smtputf8"):
                answer = "the relay does not know SMTPUTF8, which this address needs"
                return Outcome(state="refused", answer=answer)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        steps: tuple[tuple[Callable[[], tuple[int, bytes]], int], ...] = (
            (lambda: client.mail(sender, options), 250),
            (lambda: client.rcpt(recipient), 250),
            (lambda: client.docmd("DATA"), 354),
        )
        for command, wanted in steps:
            code, words = command()
            if code // 10 != wanted // 10:
                self._start_over(client)
                outcome = _judged(code, words)
                # A 2xx where 354 is due means that the two sides disagree: not sent, try again.
                return Outcome(state="queued", answer=outcome.answer) if code < 400 else outcome
        return None

    def _start_over(self, client: smtplib.SMTP) -> None:
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._client is not None:
            return self._client
        context = ssl.create_default_context()
        if self._tls:
            self._client = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            self._client = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        client = self._client
        # The final dot is a packet of its own: it must not wait for an acknowledgement.
        assert client.sock is not None
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.ehlo_or_helo_if_needed()
        local = _is_loopback(self._host)
        if not self._tls and not local and client.has_extn("starttls"):
            client.starttls(context=context)
            client.ehlo()
        elif not self._tls and not local and self._user:
            self._drop()
            raise ServiceError(
                f"{self._host} offers no STARTTLS, so the password was not sent; "
                "use smtps:// in MEDIAWATCH_SMTP_URL"
            )
        if self._user:
            client.login(self._user, self._password)
        return client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _stuffed(message: bytes) -> bytes:
    """The message as DATA wants it: CRLF line ends, leading dots doubled, CRLF at its end."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." + line if line[:1] == b"." else line) + b"\r\n" for line in lines)


def _judged(code: int, words: bytes) -> Outcome:
    answer = one_line(f"{code} {words.decode('utf-8', 'replace')}", ANSWER_LIMIT)
    if 200 <= code < 300:
        return Outcome(state="sent", answer=answer)
    if code >= 500:
        return Outcome(state="refused", answer=answer)
    return Outcome(state="queued", answer=answer)


def _words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        text = fault.smtp_error
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return one_line(f"{fault.smtp_code} {said}", ANSWER_LIMIT)
    return one_line(f"{type(fault).__name__}: {fault}", ANSWER_LIMIT)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
