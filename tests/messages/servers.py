"""A mail server with TLS and a login, and a receiver of webhooks: real ones, on loopback."""

import contextlib
import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from digest.settings import NotifySettings
from tests.flows.servers import free_port

PASSWORD = "correct-horse-battery"  # noqa: S105
EDITORS = "editors@example.org"


class Mailbox:
    """What a mail server took, and what it was shown; `answer` is what it says to a mail, None to take it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.passwords: list[bytes] = []
        self.answer: Callable[[str], str | None] = lambda _: None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _: Any) -> str:  # noqa: N802
        """Take an address, or refuse it."""
        if refusal := self.answer(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"

    def login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        """Let in who knows the password."""
        assert isinstance(given, LoginPassword)
        self.passwords.append(given.password)
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@contextlib.contextmanager
def a_mail_server(folder: Path) -> Iterator[tuple[Mailbox, NotifySettings]]:
    """Yield the mailbox of a server that asks for STARTTLS and a login, and the settings that name it.

    Its certificate lies in folder/certificate.pem: who trusts it sets SSL_CERT_FILE.
    """
    mailbox, context = Mailbox(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*a_certificate(folder))
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        authenticator=mailbox.login,
        auth_required=True,
        auth_require_tls=True,
    )
    controller.start()
    try:
        yield (
            mailbox,
            NotifySettings(mail_to=(EDITORS,), smtp=f"127.0.0.1:{controller.port}", smtp_user="digest@example.org"),
        )
    finally:
        controller.stop()


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of 127.0.0.1 and its key, and return where."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return paths


class Receiver:
    """What was sent to a web server: path, headers and body; `status` is what it answers."""

    def __init__(self, port: int) -> None:
        self.url, self.status = f"http://127.0.0.1:{port}", 204
        self.got: list[tuple[str, dict[str, str], bytes]] = []


@contextlib.contextmanager
def a_receiver() -> Iterator[Receiver]:
    """Yield a web server that takes what it is sent."""
    receiver = Receiver(free_port())

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take note and answer."""
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            receiver.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", int(receiver.url.rpartition(":")[2])), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()
