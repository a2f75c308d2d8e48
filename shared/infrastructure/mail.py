"""Mail leaves by SES, by SMTP, or into a folder: `MAIL_URL` says which."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from typing import Protocol
from urllib.parse import urlsplit

from shared.infrastructure.settings import InvalidSetting, Settings

TIMEOUT = 10.0
"""Seconds a mail server may take for each of its answers."""


@dataclass(frozen=True, kw_only=True)
class MailSettings(Settings):
    """`url` is ``ses://region``, ``smtp(s)://user:password@host:port`` or ``maildir:///folder``.

    `sender` is whom mails come from, ``Luxaris <hello@luxaris.example>``.
    """

    url: str = field(repr=False)
    sender: str

    def __post_init__(self) -> None:
        if self.url.partition("://")[0] not in _SCHEMES:
            raise InvalidSetting(
                "MAIL_URL must start with " + " or ".join(f"{name}://" for name in _SCHEMES)
            )
        if parseaddr(self.sender)[1].count("@") != 1 or "\n" in self.sender:
            raise InvalidSetting("MAIL_SENDER must be an address, with a name in front or without")

    @property
    def from_address(self) -> Address:
        name, address = parseaddr(self.sender)
        return Address(display_name=name, addr_spec=address)


class MailRefused(Exception):
    """Nobody will ever take this mail: a bad address, or a text that a server will not have."""


class MailDeferred(Exception):
    """It did not leave now; later it may."""


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand a mail over to whoever delivers it; it has one recipient.

        Raises:
            MailRefused: for good.
            MailDeferred: for now.
        """

    def close(self) -> None: ...


@cache
def _ses(url: str) -> Transport:
    """The container's: to make another takes a hundred milliseconds."""
    from shared.infrastructure.ses import SesTransport

    return SesTransport(url)


def _smtp(url: str) -> Transport:
    from shared.infrastructure.smtp import SmtpTransport

    return SmtpTransport(url)


def _maildir(url: str) -> Transport:
    from shared.infrastructure.maildir import MaildirTransport

    return MaildirTransport(url)


_SCHEMES: dict[str, Callable[[str], Transport]] = {
    "ses": _ses,
    "smtp": _smtp,
    "smtps": _smtp,
    "maildir": _maildir,
}


@contextmanager
def mail_transport() -> Iterator[Transport]:
    """The one the settings choose; what it has open is closed when the block ends."""
    url = mail_settings().url
    with closing(_SCHEMES[urlsplit(url).scheme](url)) as transport:
        yield transport


@cache
def mail_settings() -> MailSettings:
    return MailSettings.read()
