"""How many organizations a person may have, as a setting."""

from dataclasses import dataclass

from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class OrganizationsSettings(Settings):
    """`owned`: who owns as many makes no more; the one everybody starts with is among them."""

    owned: int = 20
