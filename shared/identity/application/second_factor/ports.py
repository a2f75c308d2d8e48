"""What the second factor needs from outside, in its own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.identity.domain.recovery_code import RecoveryCode
from shared.identity.domain.second_factor import FactorMethod
from shared.identity.domain.totp_secret import TotpSecret


class SecondFactors(Protocol):
    """Whoever asks has locked the user's row."""

    def methods(self, user_id: UUID) -> Sequence[FactorMethod]:
        """By what the user can show a second factor; empty where none is enabled."""

    def totp(self, user_id: UUID) -> TotpSecret | None:
        """Confirmed or not, locked until the unit of work ends."""

    def begin_totp(self, secret: TotpSecret) -> None:
        """Keep a secret, in place of one that was never confirmed."""

    def recovery_code(self, user_id: UUID, code_hash: str) -> RecoveryCode | None:
        """One that was not used, locked until the unit of work ends."""

    def replace_recovery_codes(self, user_id: UUID, codes: Sequence[RecoveryCode]) -> None: ...

    def disable(self, user_id: UUID) -> None:
        """Forget the secret and the recovery codes."""


class TotpCodes(Protocol):
    """Codes of authenticator apps (RFC 6238)."""

    def new(self, user_id: UUID, *, now: datetime) -> tuple[TotpSecret, str]:
        """A secret, sealed and in base32 as apps take it."""

    def uri(self, secret: str, *, account: str) -> str:
        """What apps read from a QR code."""

    def matching_step(self, code: str, secret: TotpSecret, *, now: datetime) -> int | None:
        """The time step the code is of: the present one, the one before or the one after."""


class RecoveryCodes(Protocol):
    def new(self, user_id: UUID, *, now: datetime) -> tuple[list[str], list[RecoveryCode]]:
        """Ten codes, as they are shown and as they are kept."""

    def hash(self, user_id: UUID, code: str) -> str:
        """Of what somebody typed."""
