"""A real SMTP server on a free loopback port whose answers a test can script."""

from __future__ import annotations

import asyncio
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mediawatch.stack.outbox import ACCEPTED, OutboxHandler, messages


class MailServer:
    """What a test sees of the server.

    ``refuse[address] = "550 no such user"`` answers RCPT TO so (451 for "later").
    ``data_answer = "451 try later"`` answers the final dot so, and keeps nothing.
    ``after_data = "drop"`` keeps the message and closes the connection without an answer;
    ``after_data = "hang"`` keeps it and never answers.
    ``hang_at = "RCPT"`` never answers that command (MAIL, RCPT).
    ``drop_at = "DATA"`` closes the connection when that command is asked for (MAIL, RCPT, DATA),
    before any part of the message was sent.
    All can be changed at any time; they act on the next command. ``commands`` counts them.
    """

    def __init__(self, outbox: Path) -> None:
        self.outbox = outbox
        self.refuse: dict[str, str] = {}
        self.data_answer: str | None = None
        self.after_data: str | None = None
        self.hang_at: str | None = None
        self.drop_at: str | None = None
        self.commands: Counter[str] = Counter()
        self._controller = _Controller(_Scripted(self, outbox), hostname="127.0.0.1", port=0)

    @property
    def port(self) -> int:
        return int(self._controller.server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        """The kept messages, oldest first, with Return-Path and Delivered-To."""
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in messages(self.outbox)
        ]

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


class _Controller(Controller):
    """aiosmtpd's own, but for port 0, which its start-up check cannot connect to."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def factory(self) -> SMTP:
        return _Server(self.handler, hostname="localhost", enable_SMTPUTF8=True, loop=self.loop)


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        script = self.event_handler.script
        script.commands["DATA"] += 1
        if script.drop_at == "DATA":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Scripted(OutboxHandler):
    def __init__(self, script: MailServer, folder: Path) -> None:
        super().__init__(folder)
        self.script = script

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._misbehave(server, "MAIL")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._misbehave(server, "RCPT")
        if address in self.script.refuse:
            return self.script.refuse[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.script.data_answer is not None:
            return self.script.data_answer
        self.keep(envelope)
        if self.script.after_data == "drop":
            server.transport.abort()
        if self.script.after_data == "hang":
            await asyncio.Event().wait()
        return ACCEPTED

    async def _misbehave(self, server: SMTP, command: str) -> None:
        self.script.commands[command] += 1
        if self.script.drop_at == command:
            server.transport.abort()
        if self.script.hang_at == command:
            await asyncio.Event().wait()
