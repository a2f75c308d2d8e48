"""A mail that is ready to leave, and how its sending may end."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a reader sees; both parts say the same. `language` is a BCP 47 tag."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`id` is the same each time the mail is sent, so that mail programs notice a repetition."""

    id: UUID
    to: str
    written_at: datetime
    content: Content


@dataclass(frozen=True)
class Sent:
    pass


@dataclass(frozen=True)
class Refused:
    """For good: nobody will take it."""

    reason: str


@dataclass(frozen=True)
class Deferred:
    """For now."""

    reason: str


Sending = Sent | Refused | Deferred
