"""An invitation into an organization, sent to one e-mail address and good for whoever has it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.identity.domain.roles import Role
from shared.kernel.errors import Conflict, PermissionDenied
from shared.kernel.ids import OrganizationId, new_id

LIFETIME = timedelta(days=7)
MAXIMUM_GOOD = 100
"""Those an organization may have open at a time: more would be a list of addresses, not people."""


@dataclass(kw_only=True, eq=False)
class Invitation:
    """`email` is normalised; `token_hash` is of the secret in the mail that was sent last."""

    id: UUID
    organization_id: OrganizationId
    email: str
    role: Role
    custom_role_id: UUID | None
    token_hash: str = field(repr=False)
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: UUID | None = None
    revoked_at: datetime | None = None

    @classmethod
    def send(
        cls,
        *,
        organization_id: OrganizationId,
        email: str,
        role: Role,
        custom_role_id: UUID | None,
        token_hash: str,
        invited_by: UUID,
        now: datetime,
    ) -> "Invitation":
        return cls(
            id=new_id(),
            organization_id=organization_id,
            email=email,
            role=role,
            custom_role_id=custom_role_id,
            token_hash=token_hash,
            invited_by=invited_by,
            created_at=now,
            expires_at=now + LIFETIME,
        )

    def demand_open(self) -> None:
        """Refuse what was accepted or revoked; what has expired can still be sent again.

        Raises:
            Conflict: `INVITATION_ALREADY_ACCEPTED` or `INVITATION_REVOKED`.
        """
        if self.accepted_at is not None:
            raise Conflict("INVITATION_ALREADY_ACCEPTED", "This invitation was accepted already")
        if self.revoked_at is not None:
            raise Conflict("INVITATION_REVOKED", "This invitation was revoked")

    def demand_good(self, now: datetime) -> None:
        """Refuse what cannot be accepted.

        Raises:
            Conflict: `INVITATION_EXPIRED`, or see `demand_open`.
        """
        self.demand_open()
        if now >= self.expires_at:
            raise Conflict("INVITATION_EXPIRED", "This invitation has expired, ask for a new one")

    def demand_for(self, email: str, now: datetime) -> None:
        """Refuse what somebody with that address cannot accept.

        Raises:
            PermissionDenied: `INVITATION_FOR_ANOTHER_EMAIL`.
            Conflict: see `demand_good`.
        """
        self.demand_good(now)
        if email != self.email:
            raise PermissionDenied(
                "INVITATION_FOR_ANOTHER_EMAIL", "This invitation was sent to another address"
            )

    def accept(self, *, user_id: UUID, email: str, now: datetime) -> None:
        """Only the address it was sent to accepts it, which proves that the address is theirs.

        Raises:
            PermissionDenied, Conflict: see `demand_for`.
        """
        self.demand_for(email, now)
        self.accepted_at = now
        self.accepted_by = user_id

    def send_again(self, *, token_hash: str, by: UUID, now: datetime) -> None:
        """The secret in older mails is worth nothing, and it is theirs who has sent it last.

        Raises:
            Conflict: see `demand_open`.
        """
        self.demand_open()
        self.token_hash = token_hash
        self.invited_by = by
        self.expires_at = now + LIFETIME

    def revoke(self, now: datetime) -> None:
        """Make it worth nothing.

        Raises:
            Conflict: see `demand_open`.
        """
        self.demand_open()
        self.revoked_at = now
