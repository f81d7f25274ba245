"""Fetching over TLS: a trusted server is read, by HTTP/1.1; every fault is named."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mediawatch.settings import Settings
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult
from sources.conftest import NOW


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"over tls")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A refused handshake is what some tests want."""


def certificate(folder: Path, address: str, days: int) -> Path:
    """A certificate that signs itself, valid until ``days`` from today, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mediawatch test")])
    today = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=30))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    servers = []

    def start(address: str = "127.0.0.1", days: int = 30) -> tuple[str, Path]:
        file = certificate(tmp_path, address, days)
        server = Quiet(("127.0.0.1", 0), Page)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_address[1]}/", file

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def get(url: str, tmp_path: Path) -> FetchResult:
    settings = Settings(home=tmp_path, cache=tmp_path, allow_hosts=("127.0.0.1",))

    async def run() -> FetchResult:
        async with Fetcher(settings, NOW) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(run())


def test_a_trusted_server_is_read(serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url, file = serve()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    found = get(url, tmp_path)
    assert isinstance(found, Fetched)
    assert found.body == b"over tls"


def test_a_stranger_is_refused_by_name(serve, tmp_path: Path):
    url, _ = serve()
    found = get(url, tmp_path)
    assert (found.code, "self-signed certificate" in found.message) == ("tls", True)


@pytest.mark.parametrize(
    ("address", "days", "words"),
    [("127.0.0.1", -1, "expired"), ("127.0.0.2", 30, "not valid for '127.0.0.1'")],
)
def test_what_is_wrong_with_a_certificate_is_said(
    serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, days: int, words: str
):
    url, file = serve(address, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    found = get(url, tmp_path)
    assert (found.code, words in found.message) == ("tls", True), found
