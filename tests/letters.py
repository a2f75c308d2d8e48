"""What waits in the outbox to be mailed."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

QUEUE = "notifications.mail"


def letters(template: str, *, to: str | None = None) -> list[dict[str, Any]]:
    """The mails of one kind, perhaps to one address, the oldest first."""
    from shared.infrastructure.database import transaction
    from shared.infrastructure.encryption import encryption
    from shared.operations.adapters.tables import outbox_messages as messages

    wanted = select(messages).where(messages.c.queue == QUEUE).order_by(messages.c.created_at)
    with transaction() as session:
        rows = session.execute(wanted).all()
    opened = [
        json.loads(encryption().decrypt(row.sealed_body, key_id=row.key_id, row_id=row.id))
        for row in rows
    ]
    return [
        letter for letter in opened if letter["template"] == template and to in {None, letter["to"]}
    ]


def secret_in(letter: dict[str, Any]) -> str:
    """What its link carries in the fragment, where no server sees it."""
    link = urlsplit(letter["parameters"]["link"])
    assert not link.query
    secret: str = parse_qs(link.fragment)["token"][0]
    return secret
