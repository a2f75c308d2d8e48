"""Send mail: a batch of the outbox's messages."""

from functools import partial
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.mail import mail_settings, mail_transport
from shared.infrastructure.recording import recorded
from shared.notifications.adapters.letterbox import post
from shared.notifications.adapters.outgoing import TransportedMail
from shared.notifications.adapters.templates import FileTemplates
from shared.operations.api.consuming import consume


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    with mail_transport() as transport:
        outgoing = TransportedMail(transport, mail_settings().from_address)
        return consume(event, partial(post, FileTemplates(), outgoing))
