"""API keys, made and kept somewhere."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.identity.domain.api_key import ApiKey, NewKey
from shared.kernel.ids import OrganizationId


class ApiKeys(Protocol):
    """Whoever adds one has locked the user it acts as."""

    def add(self, key: ApiKey) -> None: ...

    def get(self, key_id: UUID) -> ApiKey | None: ...

    def get_for_update(self, key_id: UUID) -> ApiKey | None:
        """A key, good or not, of whatever organization, locked until the unit of work ends."""

    def good_ones(self, user_id: UUID, *, now: datetime) -> list[ApiKey]:
        """Those that act as the user and are neither revoked nor expired, locked."""

    def good_ones_made_by(
        self, user_id: UUID, organization_id: OrganizationId, *, now: datetime
    ) -> list[ApiKey]:
        """Those of an organization that the user was shown and that act as somebody else."""


class KeyMaker(Protocol):
    def new(self) -> NewKey: ...


class Channels(Protocol):
    def unknown(self, slugs: Collection[str]) -> list[str]:
        """Those that no channel has."""
