"""Codes of authenticator apps (RFC 6238) with pyotp: SHA-1, six digits, steps of 30 s.

Those are the values every app has; many ignore any other.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hmac import compare_digest
from uuid import UUID

import pyotp

from shared.identity.domain.totp_secret import TotpSecret
from shared.infrastructure.encryption import Encryption, encryption
from shared.infrastructure.settings import Settings
from shared.kernel.ids import new_id

_STEPS = (-1, 0, 1)
"""Clocks differ, and people type slowly (RFC 6238, section 5.2)."""
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class SecondFactorSettings(Settings):
    """`issuer` is the name that authenticator apps show beside the account."""

    issuer: str = "Luxaris"


class PyotpCodes:
    def __init__(self, settings: SecondFactorSettings, encryption: Encryption) -> None:
        self._issuer = settings.issuer
        self._encryption = encryption

    def new(self, user_id: UUID, *, now: datetime) -> tuple[TotpSecret, str]:
        """160 random bits, as many as the hash has (RFC 4226, section 4)."""
        secret, row_id = pyotp.random_base32(), new_id()
        key_id, sealed = self._encryption.encrypt(secret.encode(), row_id=row_id)
        kept = TotpSecret(
            id=row_id, user_id=user_id, key_id=key_id, sealed_secret=sealed, created_at=now
        )
        return kept, secret

    def uri(self, secret: str, *, account: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=self._issuer)

    def matching_step(self, code: str, secret: TotpSecret, *, now: datetime) -> int | None:
        """Every step is compared, whichever fits, so that the time taken tells nothing."""
        typed = "".join(code.split())
        if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
            return None
        opened = self._encryption.decrypt(
            secret.sealed_secret, key_id=secret.key_id, row_id=secret.id
        )
        totp = pyotp.TOTP(opened.decode(), digits=_DIGITS)
        present = totp.timecode(now)
        fitting = [
            present + step
            for step in _STEPS
            if compare_digest(totp.generate_otp(present + step), typed)
        ]
        return max(fitting, default=None)


@cache
def totp_codes() -> PyotpCodes:
    return PyotpCodes(SecondFactorSettings.read(), encryption())
