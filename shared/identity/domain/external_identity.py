"""An account somewhere else that a person signs in with, and what is said of them there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.domain.email import local_part
from shared.identity.domain.name import MAXIMUM_NAME, plain_name
from shared.kernel.errors import PermissionDenied, RuleViolation


@dataclass(kw_only=True, eq=False)
class ExternalIdentity:
    """`issuer` and `subject` together name the person for ever; an e-mail address may move on."""

    id: UUID
    user_id: UUID
    provider: str
    issuer: str
    subject: str
    email: str
    name: str | None
    created_at: datetime
    last_used_at: datetime | None = None

    def is_of(self, claims: "ExternalClaims") -> bool:
        return (self.issuer, self.subject) == (claims.issuer, claims.subject)

    def note_use(self, claims: "ExternalClaims", *, now: datetime) -> None:
        """Somebody signed in with it; name and address are what the provider says by now."""
        self.last_used_at = now
        self.email = claims.email or self.email
        self.name = claims.name or self.name


@dataclass(frozen=True, kw_only=True)
class ExternalClaims:
    """What an identity provider has said, and proved to have said, of a person.

    `email` is normalised; `avatar_url` is https. What made no sense is `None`.
    """

    issuer: str
    subject: str
    email: str | None
    is_email_verified: bool
    name: str | None = None
    avatar_url: str | None = None
    timezone: str | None = None
    locale: str | None = None

    @property
    def verified_email(self) -> str:
        """The address that decides which account the person gets.

        Raises:
            PermissionDenied: `EMAIL_NOT_VERIFIED`; the provider does not vouch for any.
        """
        if self.email is None or not self.is_email_verified:
            raise PermissionDenied(
                "EMAIL_NOT_VERIFIED", "The identity provider has not verified the e-mail address"
            )
        return self.email

    @property
    def display_name(self) -> str:
        """A name for the account; where the provider tells no good one, from the address."""
        for told in (self.name, local_part(self.verified_email)):
            try:
                return plain_name(told or "")
            except RuleViolation:
                continue
        return self.verified_email[:MAXIMUM_NAME]
