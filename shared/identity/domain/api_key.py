"""A key with which a program acts for a user: for the person who made it, or a service account."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.identity.domain.name import plain_name
from shared.identity.domain.permissions import OWN, demand_known, is_held
from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.ids import OrganizationId, new_id

WRITTEN = re.compile(r"lux_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")
"""How a key looks: what it is known by, then 256 random bits."""
MAXIMUM_KEYS = 50
"""Good ones that act for one user: more would be a mistake or mischief."""
LONGEST = timedelta(days=3653)
"""Ten years, whatever leap days are in them; who needs a longer one makes one that does not end."""


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """`text` is shown once; `prefix` is its beginning, by which people tell keys apart."""

    text: str = field(repr=False)
    prefix: str
    hash: str = field(repr=False)


@dataclass(kw_only=True, eq=False)
class ApiKey:
    """It acts as `user_id`, who need not be the person that made it.

    What it may do is what its `scopes` and the user's permissions both say at that moment.
    `channels` are the only ones it may use; None: all.
    """

    id: UUID
    organization_id: OrganizationId
    user_id: UUID
    name: str
    prefix: str
    key_hash: str = field(repr=False)
    scopes: list[str]
    channels: list[str] | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = None
    last_used_address: str | None = None
    revoked_at: datetime | None = None
    revoked_by: UUID | None = None

    @classmethod
    def make(
        cls,
        new: NewKey,
        *,
        organization_id: OrganizationId,
        user_id: UUID,
        name: str,
        scopes: Collection[str],
        channels: Collection[str] | None,
        expires_at: datetime | None,
        created_by: UUID,
        now: datetime,
    ) -> "ApiKey":
        """A key that is good from now on.

        Raises:
            RuleViolation: `VALIDATION_ERROR`, `UNKNOWN_PERMISSION`, `EXPIRY_IN_THE_PAST` or
                `EXPIRY_TOO_FAR`.
        """
        demand_known(scopes, field="scopes")
        return cls(
            id=new_id(),
            organization_id=organization_id,
            user_id=user_id,
            name=plain_name(name),
            prefix=new.prefix,
            key_hash=new.hash,
            scopes=sorted(set(scopes)),
            channels=None if channels is None else sorted(set(channels)),
            created_by=created_by,
            created_at=now,
            expires_at=expires_at and _expiry(expires_at, now),
        )

    def replace(self, new: NewKey, *, by: UUID, now: datetime) -> "ApiKey":
        """Another one for the same purpose; this one is worth nothing from now on.

        Raises:
            Conflict: `API_KEY_REVOKED` or `API_KEY_EXPIRED`.
        """
        if self.revoked_at is not None:
            raise Conflict("API_KEY_REVOKED", "This key was revoked: make a new one")
        if self.expires_at is not None and self.expires_at <= now:
            raise Conflict("API_KEY_EXPIRED", "This key has expired: make a new one")
        self.revoke(by=by, now=now)
        return ApiKey.make(
            new,
            organization_id=self.organization_id,
            user_id=self.user_id,
            name=self.name,
            scopes=self.scopes,
            channels=self.channels,
            expires_at=self.expires_at,
            created_by=by,
            now=now,
        )

    def revoke(self, *, by: UUID, now: datetime) -> None:
        """Make it worth nothing; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = now
            self.revoked_by = by


def _expiry(wanted: datetime, now: datetime) -> datetime:
    """In UTC, which an instant of the year 9999 need not have; so it is compared first."""
    if wanted <= now:
        raise RuleViolation(
            "EXPIRY_IN_THE_PAST", "A key cannot have expired already", field="expires_at"
        )
    if wanted - now > LONGEST:
        raise RuleViolation(
            "EXPIRY_TOO_FAR", "A key that expires does so within ten years", field="expires_at"
        )
    return wanted.astimezone(UTC)


def effective(scopes: Collection[str], held: Collection[str]) -> frozenset[str]:
    """What a key may do: of scope and permission the narrower one, where there are both."""
    wide = {scope for scope in scopes if is_held(scope, held)}
    narrowed = {scope + OWN for scope in scopes if scope not in wide and scope + OWN in held}
    return frozenset(wide | narrowed)
