"""The server that a request must not reach unless it is forwarded."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class RealAnswer:
    """What the server says instead of `200 real`; the length is added."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"real"


class _Handler(BaseHTTPRequestHandler):
    server: "RealServer"
    protocol_version = "HTTP/1.1"
    timeout = 10

    def _answer(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(f"{self.command} {self.path} for {self.headers.get('Host')}")
        self.server.headers = list(self.headers.items())
        answer = self.server.answers.get(self.path.partition("?")[0], RealAnswer())
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_CONNECT = _answer  # noqa: N815  # the names that the base class looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the overridden name
        """Keep quiet."""


class RealServer(ThreadingHTTPServer):
    """Answers `200 real`, or what `answers` has for a path.

    `connections` counts every connection accepted, whatever came through it; `requests` has what was asked, `headers`
    the fields of the last request.
    """

    daemon_threads = True

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.requests: list[str] = []
        self.headers: list[tuple[str, str]] = []
        self.answers: dict[str, RealAnswer] = {}
        self.port = self.server_port
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)

    def get_request(self) -> tuple[socket.socket, object]:
        """Count, and leave the handshake to the connection's own thread."""
        connection, address = super().get_request()
        self.connections += 1
        if self._context:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Take it calmly: clients here leave early and speak no HTTP on purpose."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[RealServer]:
    """Run a server; with a certificate it speaks TLS."""
    with RealServer(certificate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def make_certificate(file: Path) -> Path:
    """Write a self-signed certificate for this machine and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return file
