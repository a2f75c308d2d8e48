"""What is kept encrypted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Encrypted credentials, and the key that opens them."""

    key_id: str
    text: bytes = field(repr=False)


Seal = Callable[[UUID, Mapping[str, str]], Sealed]
"""Encrypt credentials for whatever has that id."""

Unseal = Callable[[UUID, Sealed], Mapping[str, str]]
