"""What an operator may say of reference data."""

from dataclasses import dataclass

from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class AppDataSettings(Settings):
    """`max_age` is for how many seconds whoever has asked need not ask again."""

    max_age: int = 900
