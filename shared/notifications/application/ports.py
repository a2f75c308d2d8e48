"""What sending mail needs from the world."""

from typing import Protocol

from shared.notifications.domain.letter import Letter
from shared.notifications.domain.mail import Content, Mail, Sending


class Templates(Protocol):
    def write(self, letter: Letter) -> Content:
        """Put a letter into words, in its language or the nearest there is.

        Raises:
            Unwritable: there is no such template, or it needs a parameter that is not there.
        """


class Outgoing(Protocol):
    def send(self, mail: Mail) -> Sending: ...
