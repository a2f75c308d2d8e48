"""What is kept encrypted."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Encrypted credentials, and the key that opens them."""

    key_id: str
    text: bytes = field(repr=False)
