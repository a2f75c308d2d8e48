"""The settings of mail: what is taken, and what is refused before anything is sent."""

import pytest

from shared.infrastructure.mail import MailSettings
from shared.infrastructure.settings import InvalidSetting

SENDER = "Luxaris <hello@luxaris.example>"


@pytest.mark.parametrize(
    "url",
    ["ses://eu-central-1", "smtp://127.0.0.1:1025", "smtps://a:b@mail.example", "maildir:///x"],
)
def test_every_kind_of_transport_can_be_chosen(url: str) -> None:
    assert MailSettings.read({"MAIL_URL": url, "MAIL_SENDER": SENDER}).url == url


@pytest.mark.parametrize(
    "url", ["http://s3cr3t@mail.example", "s3cr3t", "smtp:s3cr3t", "://s3cr3t"]
)
def test_any_other_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(InvalidSetting, match="MAIL_URL") as refused:
        MailSettings.read({"MAIL_URL": url, "MAIL_SENDER": SENDER})
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("sender", ["Luxaris", "a@b@c", "Luxaris <>", "a@b.c\nBcc: d@e.f"])
def test_a_sender_has_an_address(sender: str) -> None:
    with pytest.raises(InvalidSetting, match="MAIL_SENDER"):
        MailSettings.read({"MAIL_URL": "ses://eu-central-1", "MAIL_SENDER": sender})


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        (SENDER, "Luxaris", "hello@luxaris.example"),
        ("hello@luxaris.example", "", "hello@luxaris.example"),
        ('"Luxaris, Ltd." <hello@luxaris.example>', "Luxaris, Ltd.", "hello@luxaris.example"),
    ],
)
def test_a_sender_may_have_a_name(sender: str, name: str, address: str) -> None:
    read = MailSettings(url="ses://eu-central-1", sender=sender).from_address
    assert (read.display_name, read.addr_spec) == (name, address)


def test_a_password_is_not_shown() -> None:
    assert "s3cr3t" not in repr(MailSettings(url="smtp://a:s3cr3t@mail.example", sender=SENDER))
