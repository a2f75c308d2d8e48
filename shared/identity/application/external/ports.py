"""What signing in elsewhere needs from outside, in its own words."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from shared.identity.domain.external_identity import ExternalClaims, ExternalIdentity


class ExternalIdentities(Protocol):
    """Of live users only; whoever writes has locked the user's row."""

    def owner(self, issuer: str, subject: str) -> UUID | None:
        """Whose it is, to lock them before it."""

    def of(self, user_id: UUID) -> list[ExternalIdentity]:
        """All of a user, oldest first."""

    def add(self, identity: ExternalIdentity) -> None:
        """Keep it; a deleted user who had it loses it.

        Raises:
            Conflict: `IDENTITY_ALREADY_LINKED`, to another user or, of this provider, to this one.
        """

    def remove(self, identity: ExternalIdentity) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a browser brought back from a provider; `issuer` is that of RFC 9207."""

    state: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    error: str | None = None
    issuer: str | None = None


class IdentityProvider(Protocol):
    """One issuer we are a client of.

    Each method raises Unavailable, `OAUTH_PROVIDER_UNAVAILABLE`, where it is down, and
    FaultyService, `OAUTH_DISCOVERY_FAILED`, where what it says of itself makes no sense.
    """

    @property
    def name(self) -> str: ...

    @property
    def issuer(self) -> str: ...

    def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_verifier: str
    ) -> str:
        """Where to send a person."""

    def demand_issuer(self, said: str | None) -> None:
        """Refuse an answer that says it is another issuer's, or does not say whose it is.

        Raises:
            RuleViolation: `OAUTH_ISSUER_MISMATCH` (RFC 9207, section 2.4).
        """

    def redeem(
        self, code: str, *, redirect_uri: str, nonce: str, code_verifier: str
    ) -> ExternalClaims:
        """Change a code for what the provider says of the person.

        Raises:
            RuleViolation: `INVALID_AUTHORIZATION_CODE`; the provider does not take it.
            FaultyService: `OAUTH_TOKEN_EXCHANGE_FAILED` or `INVALID_ID_TOKEN`.
        """
