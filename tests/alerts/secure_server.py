"""A real mail server that speaks TLS, asks for a password, and counts its connections."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mediawatch.stack.outbox import OutboxHandler, messages

USER, PASSWORD = "desk@example.org", "pa:ss/w@rd"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    # 0.0.0.0 reaches this machine too, and is no loopback address to who asks.
    names = [x509.DNSName("localhost")]
    names += [x509.IPAddress(ip_address(each)) for each in ("127.0.0.1", "0.0.0.0")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


class SecureServer(Controller):
    """``mode`` is tls (from the start), starttls, or open; with a login before MAIL."""

    def __init__(self, folder: Path, mode: str, **more: Any) -> None:
        self.outbox = folder / "outbox"
        self.outbox.mkdir()
        self.mode = mode
        self.more = more
        self.connections = 0
        self.logins: list[bytes] = []
        self.context = None
        if mode != "open":
            self.cert, key = certificate(folder)
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(self.cert, key)
        super().__init__(
            OutboxHandler(self.outbox),
            hostname="127.0.0.1",
            port=0,
            ssl_context=self.context if mode == "tls" else None,
        )

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        if self.mode == "tls":
            # The base class would knock without TLS.
            trusting = ssl.create_default_context(cafile=str(self.cert))
            with (
                socket.create_connection(("127.0.0.1", self.port)) as line,
                trusting.wrap_socket(line, server_hostname="localhost") as secure,
            ):
                secure.recv(100)
        else:
            super()._trigger_server()
        self.connections = 0

    def _login(self, *arguments: Any) -> AuthResult:
        data = arguments[-1]
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    def factory(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self.handler,
            hostname="localhost",
            loop=self.loop,
            tls_context=self.context if self.mode == "starttls" else None,
            require_starttls=self.mode == "starttls",
            auth_required=self.mode != "open",
            auth_require_tls=self.mode == "starttls",
            authenticator=self._login,
            **self.more,
        )

    def messages(self) -> list[EmailMessage]:
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in messages(self.outbox)
        ]
