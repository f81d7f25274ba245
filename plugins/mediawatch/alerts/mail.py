"""One message to one recipient over SMTP, with a hook just before the final dot.

The commands are driven one by one, because the ledger must know on which side of the final dot
of DATA a failure fell: before it nothing was sent, after it nobody can tell without an answer.
"""

from __future__ import annotations

import ipaddress
import re
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
# Relays close a connection that carries too many.
MESSAGES_A_CONNECTION = 100
# Enhanced codes (RFC 3463) that speak of a way or a policy and not of one mailbox.
_OF_DOMAIN = re.compile(r"4\.(?:3|4|7)\.\d+\b")

State = Literal["sent", "refused", "queued", "uncertain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message, and the server's words (or ours) about it.

    ``queued``: it did not go and may be tried again. ``relay_down``: nothing else would go now.
    ``domain_busy``: the recipient's whole domain takes no more for a while.
    """

    state: State
    answer: str
    relay_down: bool = False
    domain_busy: bool = False


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
        self._carried = 0

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
        if self._carried >= MESSAGES_A_CONNECTION:
            self.close()
        is_reused = self._client is not None
        outcome = self._one(sender, recipient, message, before_dot)
        if outcome is None and is_reused:
            # The relay closed the connection between two messages, as it may.
            outcome = self._one(sender, recipient, message, before_dot)
        if outcome is None:
            answer = "the relay closed the connection before the message"
            return Outcome(state="queued", answer=answer, relay_down=True)
        return outcome

    def _one(
        self, sender: str, recipient: str, message: bytes, before_dot: Callable[[], None]
    ) -> Outcome | None:
        """One try; None when the relay was gone before MAIL was answered."""
        try:
            client = self._connected()
        except ServiceError as fault:
            return Outcome(state="queued", answer=str(fault), relay_down=True)
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Outcome(state="queued", answer=_words(fault), relay_down=True)
        try:
            refusal = self._mail(client, sender, recipient, len(message))
        except smtplib.SMTPServerDisconnected:
            self._drop()
            return None
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Outcome(state="queued", answer=f"before the final dot: {_words(fault)}")
        return refusal or self._transfer(client, recipient, message, before_dot)

    def _transfer(
        self, client: smtplib.SMTP, recipient: str, message: bytes, before_dot: Callable[[], None]
    ) -> Outcome:
        """All that follows MAIL, on the two sides of the final dot."""
        try:
            refusal = self._recipient(client, recipient)
            if refusal is not None:
                return refusal
            client.send(_stuffed(message))
            if self._has_spoken(client):
                # It refuses what it has not read to the end, or the two sides disagree.
                code, words = client.getreply()
                self._drop()
                outcome = _judged(code, words)
                return Outcome(state="queued", answer=outcome.answer) if code < 400 else outcome
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
        self._carried += 1
        return _judged(code, words)

    def _mail(self, client: smtplib.SMTP, sender: str, recipient: str, size: int) -> Outcome | None:
        """The command MAIL; an outcome when the message cannot go over this relay."""
        options = []
        if not (sender + recipient).isascii():
            if not client.has_extn("smtputf8"):
                answer = "the relay does not know SMTPUTF8, which this address needs"
                return Outcome(state="refused", answer=answer)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        if client.has_extn("size"):
            limit = client.esmtp_features["size"]
            if limit.isdigit() and 0 < int(limit) < size:
                answer = f"the message has {size} bytes, the relay takes {limit}"
                return Outcome(state="refused", answer=answer)
            options.append(f"SIZE={size}")
        code, words = client.mail(sender, options)
        if 200 <= code < 300:
            return None
        self._start_over(client)
        if code == 421:
            self._drop()
        # What is said of the sender is no word on the recipient: a person must mend it, and the
        # mail waits.
        is_size = code == 552
        answer = _judged(code, words).answer
        return Outcome(
            state="refused" if is_size else "queued", answer=answer, relay_down=not is_size
        )

    def _recipient(self, client: smtplib.SMTP, recipient: str) -> Outcome | None:
        """RCPT, and DATA up to the 354; an outcome when one of them is refused."""
        steps: tuple[tuple[Callable[[], tuple[int, bytes]], int], ...] = (
            (lambda: client.rcpt(recipient), 25),
            (lambda: client.docmd("DATA"), 35),
        )
        for command, wanted in steps:
            code, words = command()
            if code // 10 == wanted:
                continue
            outcome = _judged(code, words)
            if code < 400:
                # The two sides disagree on what was asked: what follows could not be trusted.
                self._drop()
                return Outcome(state="queued", answer=outcome.answer)
            if code == 421:
                self._drop()
            else:
                self._start_over(client)
            return outcome
        return None

    def _start_over(self, client: smtplib.SMTP) -> None:
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _has_spoken(self, client: smtplib.SMTP) -> bool:
        """Whether the server has answered already, though it was not its turn."""
        assert client.sock is not None
        assert client.file is not None
        client.sock.settimeout(0)
        try:
            return bool(client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            client.sock.settimeout(self._timeout)

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
        self._carried = 0
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
    is_busy = code == 421 or _OF_DOMAIN.search(answer) is not None
    return Outcome(state="queued", answer=answer, domain_busy=is_busy)


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
