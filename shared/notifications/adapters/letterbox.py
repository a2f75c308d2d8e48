"""Letters out of operations' outbox."""

from shared.notifications.application.ports import Outgoing, Templates
from shared.notifications.application.send_letter import send_letter
from shared.notifications.domain.mail import Deferred, Refused, Sent
from shared.operations.api.consuming import Done, Ending, GiveUp, OutboxMessage, TryAgain


def post(templates: Templates, outgoing: Outgoing, message: OutboxMessage) -> Ending:
    """Send what a message of the outbox asks for.

    Whoever dies after this and before the ending is recorded sends it again: a mail twice is
    better than none, and both have one Message-ID.
    """
    sending = send_letter(
        templates,
        outgoing,
        letter_id=message.id,
        body=message.body,
        written_at=message.created_at,
    )
    match sending:
        case Sent():
            return Done()
        case Refused(reason):
            return GiveUp(reason)
        case Deferred(reason):
            return TryAgain(reason)
