"""Write a letter and send it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.notifications.application.ports import Outgoing, Templates
from shared.notifications.domain.letter import Unwritable, read_letter
from shared.notifications.domain.mail import Mail, Refused, Sending


def send_letter(
    templates: Templates,
    outgoing: Outgoing,
    *,
    letter_id: UUID,
    body: Mapping[str, Any],
    written_at: datetime,
) -> Sending:
    """What can never become a mail is refused, as is what no mail server will ever take."""
    try:
        letter = read_letter(body)
        content = templates.write(letter)
    except Unwritable as error:
        return Refused(f"unwritable: {error}")
    return outgoing.send(Mail(id=letter_id, to=letter.to, written_at=written_at, content=content))
