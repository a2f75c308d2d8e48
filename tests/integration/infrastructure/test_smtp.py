"""SMTP, asked of a real server on loopback: who is refused for good, and who only for now."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runner.services.processes import free_port
from shared.infrastructure.mail import MailDeferred, MailRefused
from shared.infrastructure.smtp import SmtpTransport

REPLIES = {
    "gone": "550 5.1.1 No such user",
    "full": "452 4.2.2 Mailbox full",
    "long": "552 5.3.4 Too big",
    "later": "451 4.7.1 Greylisted",
}


class Inbox:
    """A server's mail; what a recipient's name says decides what is answered."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bool]] = []
        self.logged_in: list[bytes] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += session.ssl is None
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        if name in {"gone", "full"}:
            return REPLIES[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name in {"long", "later"}:
            return REPLIES[name]
        self.received.append((envelope.rcpt_tos[0], session.ssl is not None))
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, how: str, said: Any) -> Any:
        assert isinstance(said, LoginPassword)
        self.logged_in.append(said.login)
        return AuthResult(success=said.password == b"p@ss:word", handled=False)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def serve(inbox: Inbox) -> Iterator[Callable[..., int]]:
    """Start servers for the inbox; answers their ports."""
    started: list[Controller] = []

    def start(**options: Any) -> int:
        port = free_port()
        started.append(Controller(inbox, hostname="127.0.0.1", port=port, **options))
        started[-1].start()
        return port

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context, whose certificate this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context


def mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Luxaris <hello@luxaris.example>"
    message["To"] = to
    message["Subject"] = "Grüße"
    message.set_content("Text")
    return message


def test_a_batch_has_one_connection(serve: Callable[..., int], inbox: Inbox) -> None:
    with closing(SmtpTransport(f"smtp://127.0.0.1:{serve()}")) as transport:
        for name in ("ada", "ben", "eve"):
            transport.send(mail(f"{name}@example.com"))
    assert [to for to, _ in inbox.received] == [f"{n}@example.com" for n in ("ada", "ben", "eve")]
    assert inbox.connections == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gone", MailRefused),
        ("full", MailDeferred),
        ("long", MailRefused),
        ("later", MailDeferred),
    ],
)
def test_what_the_server_says_decides_and_the_others_leave(
    serve: Callable[..., int], inbox: Inbox, name: str, kind: type[Exception]
) -> None:
    with closing(SmtpTransport(f"smtp://127.0.0.1:{serve()}")) as transport:
        transport.send(mail("first@example.com"))
        with pytest.raises(kind, match=REPLIES[name][:3]):
            transport.send(mail(f"{name}@example.com"))
        transport.send(mail("last@example.com"))
    assert [to for to, _ in inbox.received] == ["first@example.com", "last@example.com"]


def test_an_address_the_server_cannot_take_is_refused(serve: Callable[..., int]) -> None:
    port = serve(enable_SMTPUTF8=False)
    with closing(SmtpTransport(f"smtp://127.0.0.1:{port}")) as transport:
        with pytest.raises(MailRefused):
            transport.send(mail("jörg@example.com"))
        transport.send(mail("last@example.com"))


def test_starttls_and_login(
    serve: Callable[..., int], inbox: Inbox, certificate: ssl.SSLContext
) -> None:
    port = serve(
        tls_context=certificate,
        require_starttls=True,
        authenticator=inbox.authenticate,
        auth_required=True,
    )
    with closing(SmtpTransport(f"smtp://ada%40x:p%40ss%3Aword@localhost:{port}")) as transport:
        transport.send(mail("ben@example.com"))
    assert inbox.received == [("ben@example.com", True)]
    assert inbox.logged_in[0] == b"ada@x"


def test_a_wrong_password_is_for_us_to_mend(
    serve: Callable[..., int], inbox: Inbox, certificate: ssl.SSLContext
) -> None:
    port = serve(tls_context=certificate, authenticator=inbox.authenticate, auth_required=True)
    with (
        closing(SmtpTransport(f"smtp://ada:s3cr3t@localhost:{port}")) as transport,
        pytest.raises(MailDeferred) as deferred,
    ):
        transport.send(mail("ben@example.com"))
    assert "s3cr3t" not in str(deferred.value)


def test_encrypted_from_the_start(
    serve: Callable[..., int], inbox: Inbox, certificate: ssl.SSLContext
) -> None:
    port = serve(ssl_context=certificate, server_hostname="localhost")
    with closing(SmtpTransport(f"smtps://localhost:{port}")) as transport:
        transport.send(mail("ben@example.com"))
    assert [to for to, _ in inbox.received] == ["ben@example.com"]


def test_a_certificate_nobody_trusts_gets_no_mail(
    serve: Callable[..., int],
    inbox: Inbox,
    certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = serve(tls_context=certificate)
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        closing(SmtpTransport(f"smtp://localhost:{port}")) as transport,
        pytest.raises(MailDeferred),
    ):
        transport.send(mail("ben@example.com"))
    assert inbox.received == []


def test_who_offers_no_encryption_is_spoken_to_on_this_machine_only(
    serve: Callable[..., int], inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve()
    elsewhere = SmtpTransport(f"smtp://mail.example.com:{port}")
    reach = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda place, *rest: reach(("127.0.0.1", place[1]), *rest)
    )
    with closing(elsewhere), pytest.raises(MailDeferred, match="no encryption"):
        elsewhere.send(mail("ben@example.com"))
    assert inbox.received == []


def test_while_the_server_is_down_a_batch_waits_for_it_once() -> None:
    with closing(SmtpTransport(f"smtp://127.0.0.1:{free_port()}")) as transport:
        began = time.monotonic()
        for _ in range(100):
            with pytest.raises(MailDeferred):
                transport.send(mail("ben@example.com"))
    assert time.monotonic() - began < 1


def test_a_server_that_hangs_up_gets_the_next_mail_on_a_new_connection(
    serve: Callable[..., int], inbox: Inbox
) -> None:
    with closing(SmtpTransport(f"smtp://127.0.0.1:{serve()}")) as transport:
        transport.send(mail("first@example.com"))
        assert transport._connection is not None
        assert transport._connection.sock is not None
        transport._connection.sock.shutdown(socket.SHUT_RDWR)
        with pytest.raises(MailDeferred):
            transport.send(mail("second@example.com"))
        transport.send(mail("third@example.com"))
    assert [to for to, _ in inbox.received] == ["first@example.com", "third@example.com"]
