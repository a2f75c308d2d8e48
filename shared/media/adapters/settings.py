"""How much is taken."""

from dataclasses import dataclass

from shared.infrastructure.settings import Settings
from shared.media.domain.limits import Limits


@dataclass(frozen=True, kw_only=True)
class MediaSettings(Limits, Settings):
    """See `Limits`."""
