"""Which Luxaris this is."""

from dataclasses import dataclass

from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ReleaseSettings(Settings):
    """`version` is pyproject.toml's; `commit` is what was deployed, where somebody says so."""

    version: str = "0.1.0"
    commit: str = ""
