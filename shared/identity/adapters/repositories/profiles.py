"""Which users are to be forgotten by the cache after the commit."""

from collections.abc import Collection
from uuid import UUID


class ChangedProfiles:
    def __init__(self) -> None:
        self.user_ids: set[UUID] = set()

    def changed(self, user_ids: Collection[UUID]) -> None:
        self.user_ids.update(user_ids)
