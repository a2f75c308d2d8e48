"""Mails as messages: no value starts another header, and mail programs can read them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID

import pytest

from shared.notifications.adapters.outgoing import composed
from shared.notifications.domain.mail import Content, Mail

ID = UUID("0193f000-0000-7000-8000-000000000001")
SENDER = Address(display_name="Lüxaris", addr_spec="hello@luxaris.example")


def read(to: str = "ada@example.com", subject: str = "Hello") -> EmailMessage:
    """What arrives, after it was bytes."""
    mail = Mail(
        id=ID,
        to=to,
        written_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        content=Content(
            subject=subject, text="Grüße\n.\nFrom here", html="<p>Grüße</p>", language="de"
        ),
    )
    return message_from_bytes(composed(mail, SENDER).as_bytes(), policy=policy.default)


def test_it_is_what_it_was() -> None:
    message = read(subject="Grüße & Küsse 🎉 " + "lang " * 40)
    assert message["Subject"].split() == ["Grüße", "&", "Küsse", "🎉", *["lang"] * 40]
    assert message["From"].addresses[0] == SENDER
    assert message["To"] == "ada@example.com"
    assert message["Message-ID"] == f"<{ID}@luxaris.example>"
    assert message["Date"].datetime == datetime(2026, 11, 20, 12, tzinfo=UTC)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Grüße", ".", "From here"]
    assert html.get_content().splitlines() == ["<p>Grüße</p>"]


def test_lines_are_short_enough_for_every_server() -> None:
    """RFC 5322, section 2.1.1."""
    mail = Mail(
        id=ID,
        to="ada@example.com",
        written_at=datetime(2026, 11, 20, tzinfo=UTC),
        content=Content(subject="s" * 900, text="t" * 5000, html="h" * 5000, language="en"),
    )
    assert max(map(len, composed(mail, SENDER).as_bytes().splitlines())) <= 998


def test_a_domain_travels_in_ascii() -> None:
    assert read(to="ada@müller.example")["To"] == "ada@xn--mller-kva.example"


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@example.com", "Hello\nX: y"])
def test_a_subject_cannot_start_a_header(subject: str) -> None:
    with pytest.raises(ValueError, match="Header"):
        read(subject=subject)


@pytest.mark.parametrize("to", ["ada@a..example", f"ada@{'x' * 70}.example", "a\nb@c.de"])
def test_an_address_that_is_none_is_refused(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 several kinds, all of them this
        read(to=to)
