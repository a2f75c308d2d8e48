"""How a person who signs in has shown who they are."""

from enum import StrEnum


class ProvedBy(StrEnum):
    PASSWORD = "password"  # noqa: S105 a word
    EXTERNAL = "external"
    """By an identity provider."""
    PASSKEY = "passkey"
    """On a device that verified its user, which is two factors in one."""
    SECOND_FACTOR = "second_factor"
    """By a code, after one of the first two."""

    @property
    def is_enough(self) -> bool:
        """Whether nothing more is asked, even of somebody with a second factor."""
        return self in {ProvedBy.PASSKEY, ProvedBy.SECOND_FACTOR}
