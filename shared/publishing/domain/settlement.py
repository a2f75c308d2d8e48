"""A person's word about a schedule whose outcome nobody else can find out."""

from dataclasses import dataclass
from uuid import UUID

NOT_PUBLISHED = "NOT_PUBLISHED"
NOT_PUBLISHED_WORDS = "A person has looked, and it is not there"


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Who says so, and where it was published: nowhere, without a `url`."""

    by: UUID
    url: str | None

    @property
    def is_published(self) -> bool:
        return self.url is not None
