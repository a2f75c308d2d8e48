"""What passkeys need from outside, in their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from shared.identity.domain.passkey import Passkey
from shared.identity.domain.user import User


class Passkeys(Protocol):
    """Whoever changes one has locked its owner's row."""

    def add(self, passkey: Passkey) -> None:
        """Keep a new one.

        Raises:
            Conflict: `PASSKEY_ALREADY_REGISTERED`.
        """

    def of(self, user_id: UUID) -> list[Passkey]:
        """Oldest first."""

    def by_credential(self, user_id: UUID, credential_id: bytes) -> Passkey | None:
        """The user's, locked until the unit of work ends."""

    def get_for_update(self, passkey_id: UUID) -> Passkey | None:
        """Anybody's, locked until the unit of work ends."""

    def remove(self, passkey: Passkey) -> None: ...

    def remove_all(self, user_id: UUID) -> None: ...


class InvalidCeremony(Exception):
    """What a browser sent is not the answer to what it was asked; the reason is for logs."""


@dataclass(frozen=True, kw_only=True)
class NewCredential:
    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: list[str]


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """A proven signature; `sign_count` is still to be compared with the one we know."""

    credential_id: bytes
    sign_count: int


Answered = Mapping[str, Any]
"""What `PublicKeyCredential.toJSON()` gives in a browser."""


class Ceremonies(Protocol):
    """The two ceremonies of WebAuthn Level 3, sections 7.1 and 7.2.

    Challenges are 256 random bits in base64url, good for one answer each.
    """

    def creation_options(
        self, challenge: str, *, user: User, known: Sequence[Passkey]
    ) -> dict[str, Any]:
        """What `PublicKeyCredential.parseCreationOptionsFromJSON()` takes."""

    def request_options(self, challenge: str) -> dict[str, Any]:
        """What `PublicKeyCredential.parseRequestOptionsFromJSON()` takes."""

    def challenge_of(self, answered: Answered) -> str:
        """The challenge an answer says it answers.

        Raises:
            InvalidCeremony: it says none.
        """

    def credential_of(self, answered: Answered) -> tuple[bytes, UUID]:
        """The credential that signed, and whose its device says it is; nothing is proved yet.

        Raises:
            InvalidCeremony: it does not say.
        """

    def verify_creation(self, answered: Answered, *, challenge: str) -> NewCredential:
        """Prove the answer to `creation_options`.

        Raises:
            InvalidCeremony: anything is not as it must be.
        """

    def verify_assertion(
        self, answered: Answered, *, challenge: str, public_key: bytes
    ) -> Assertion:
        """Prove the answer to `request_options`.

        Raises:
            InvalidCeremony: anything is not as it must be.
        """
