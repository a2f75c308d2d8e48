"""Secrets at rest: AES-256-GCM, bound to the row they belong to."""

import base64
import os
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.infrastructure.settings import InvalidSetting, Settings

_KEY_BYTES = 32  # AES-256
_NONCE_BYTES = 12  # NIST SP 800-38D, section 8.2


@dataclass(frozen=True, kw_only=True)
class EncryptionSettings(Settings):
    """`keys` is ``id:base64,id:base64``, 32 bytes each; the first one encrypts, all decrypt."""

    keys: str = field(repr=False)

    def __post_init__(self) -> None:
        parse_keys(self.keys)


class Undecipherable(Exception):
    """The text was not encrypted for this row, or its key is gone."""


class Encryption:
    """`current` is the id of the key that encrypts."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = next(iter(keys))

    def encrypt(self, plain: bytes, *, row_id: UUID) -> tuple[str, bytes]:
        """Answer the id of the key used and the sealed text, its nonce in front."""
        nonce = os.urandom(_NONCE_BYTES)
        return self.current, nonce + self._ciphers[self.current].encrypt(nonce, plain, row_id.bytes)

    def decrypt(self, sealed: bytes, *, key_id: str, row_id: UUID) -> bytes:
        """Open a sealed text.

        Raises:
            Undecipherable: another row's text, an unknown key, or a changed byte.
        """
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._ciphers[key_id].decrypt(nonce, text, row_id.bytes)
        except (InvalidTag, KeyError, ValueError) as error:  # ValueError: not even a nonce
            raise Undecipherable(f"row {row_id}, key {key_id}") from error


def parse_keys(text: str) -> dict[str, bytes]:
    """Read ``id:base64,id:base64``.

    Raises:
        InvalidSetting: naming the part that is not of that form by its position, because what
            stands where an id should may be a key.
    """
    keys = {}
    for number, part in enumerate(text.split(","), start=1):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:  # binascii's, or of a letter that is not ASCII
            key = b""
        if not key_id or len(key) != _KEY_BYTES:
            raise InvalidSetting(
                f"ENCRYPTION_KEYS: part {number} is not id:base64 with a key of 32 bytes"
            )
        keys[key_id] = key
    return keys


@cache
def encryption() -> Encryption:
    return Encryption(parse_keys(EncryptionSettings.read().keys))
