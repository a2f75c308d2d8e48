"""Passwords hashed with Argon2id (RFC 9106)."""

import base64
import os
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class PasswordsSettings(Settings):
    """`memory_kib` in KiB, `iterations` are passes over it by `parallelism` lanes."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    parallelism: int = 4


class Argon2Passwords:
    def __init__(self, settings: PasswordsSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.iterations,
            memory_cost=settings.memory_kib,
            parallelism=settings.parallelism,
        )
        self._nobodys_hash = _unmatchable_hash(settings)

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, password: str, password_hash: str | None) -> bool:
        try:
            return self._hasher.verify(password_hash or self._nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)


def _unmatchable_hash(settings: PasswordsSettings) -> str:
    """Random bytes in place of a hash: as much work to compare with, and free to make."""
    salt, digest = (
        base64.b64encode(os.urandom(length)).decode().rstrip("=") for length in (16, 32)
    )
    cost = f"m={settings.memory_kib},t={settings.iterations},p={settings.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


@cache
def passwords() -> Argon2Passwords:
    return Argon2Passwords(PasswordsSettings.read())
