"""Mails as messages of RFC 5322, handed to the transport of the settings."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from shared.infrastructure.mail import MailDeferred, MailRefused, Transport
from shared.notifications.domain.mail import Deferred, Mail, Refused, Sending, Sent


@dataclass(frozen=True)
class TransportedMail:
    transport: Transport
    sender: Address

    def send(self, mail: Mail) -> Sending:
        try:
            message = composed(mail, self.sender)
        except ValueError as error:  # also of a domain that has no ASCII form
            return Refused(f"no such address: {type(error).__name__}")
        try:
            self.transport.send(message)
        except MailRefused as error:
            return Refused(str(error))
        except MailDeferred as error:
            return Deferred(str(error))
        return Sent()


def composed(mail: Mail, sender: Address) -> EmailMessage:
    """The message; its headers are structured, so that no value can start another header.

    Raises:
        ValueError: the address is none.
    """
    local, _, domain = mail.to.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(username=local, domain=domain.encode("idna").decode())
    message["Subject"] = mail.content.subject
    message["Date"] = mail.written_at
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["Content-Language"] = mail.content.language
    message.set_content(mail.content.text)
    message.add_alternative(mail.content.html, subtype="html")
    return message
