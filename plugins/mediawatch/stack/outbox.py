"""The embedded mail server: a real SMTP server that keeps each message as a file.

Started as a process of its own: ``python -m mediawatch.stack.outbox PORT FOLDER``. It listens
on the loopback address only and sends nothing on.
"""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
ACCEPTED = "250 OK: message kept"


class OutboxHandler:
    """Writes each message it accepts to ``folder`` as ``<time>-<number>.eml``.

    As a delivery agent does, it puts ``Return-Path`` and one ``Delivered-To`` for each
    recipient before the message; the message itself is kept byte for byte.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd after the final dot; returns the answer to the client."""
        self.keep(envelope)
        return ACCEPTED

    def keep(self, envelope: Envelope) -> Path:
        """Write the message; the file appears under its name only when it is complete."""
        lines = [f"Return-Path: <{envelope.mail_from or ''}>"]
        lines += [f"Delivered-To: {address}" for address in envelope.rcpt_tos]
        head = "".join(f"{line}\r\n" for line in lines).encode()
        body = envelope.content or b""
        name = f"{time.time_ns():020d}-{next(self._numbers):04d}"
        part = self.folder / f"{name}.part"
        part.write_bytes(head + (body if isinstance(body, bytes) else body.encode()))
        return part.rename(self.folder / f"{name}.eml")


def messages(folder: Path) -> list[Path]:
    """The ``.eml`` files of an outbox, oldest first."""
    return sorted(folder.glob("*.eml"))


async def serve(port: int, folder: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = OutboxHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, loop=loop), HOST, port
    )
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
