"""Mail through an SMTP server: one connection for a batch, encrypted but on this machine."""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from ipaddress import ip_address
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from urllib.parse import unquote, urlsplit

from shared.infrastructure.mail import TIMEOUT, MailDeferred, MailRefused

_PORTS = {"smtp": 587, "smtps": 465}  # RFC 8314, section 3.3
_FOR_GOOD = 500
"""From this reply code on, trying again is pointless (RFC 5321, section 4.2.1)."""


class SmtpTransport:
    """``smtps://`` is encrypted from the start, ``smtp://`` by STARTTLS.

    A server that offers none is spoken to on the loopback interface only.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._host = self._url.hostname or "localhost"
        self._connection: SMTP | None = None
        self._down = ""

    def send(self, message: EmailMessage) -> None:
        try:
            self._connected().send_message(message)
        except SMTPRecipientsRefused as error:
            ((code, said),) = error.recipients.values()
            raise _ended(code, said) from error
        except SMTPDataError as error:
            raise _ended(error.smtp_code, error.smtp_error) from error
        except SMTPNotSupportedError as error:
            raise MailRefused(f"SMTP: {error}") from error
        except SMTPResponseException as error:  # our sender, our login: for us to mend
            self.close()
            raise MailDeferred(_words(error.smtp_code, error.smtp_error)) from error
        except (SMTPException, OSError) as error:
            self.close()
            raise MailDeferred(f"SMTP: {type(error).__name__}: {error}") from error

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> SMTP:
        """The batch's connection; where there was none to have, the rest of it need not wait."""
        if self._down:
            raise MailDeferred(self._down)
        if self._connection is None:
            try:
                self._connection = self._open()
            except (SMTPException, OSError, ValueError) as error:
                self._down = f"SMTP: {type(error).__name__}: {error}"
                raise MailDeferred(self._down) from error
        return self._connection

    def _open(self) -> SMTP:
        port = self._url.port or _PORTS[self._url.scheme]
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            connection: SMTP = SMTP_SSL(self._host, port, timeout=TIMEOUT, context=context)
        else:
            connection = SMTP(self._host, port, timeout=TIMEOUT)
        try:
            if self._url.scheme == "smtp":
                self._encrypt(connection, context)
            if self._url.username:
                connection.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            connection.close()
            raise
        return connection

    def _encrypt(self, connection: SMTP, context: ssl.SSLContext) -> None:
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif not _is_this_machine(self._host):
            raise SMTPException("the server offers no encryption")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ended(code: int, said: bytes | str) -> MailRefused | MailDeferred:
    return (MailRefused if code >= _FOR_GOOD else MailDeferred)(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"SMTP {code}: {' '.join(text.split())}"
