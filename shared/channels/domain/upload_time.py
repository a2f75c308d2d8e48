"""How long one attempt may go on uploading."""

from dataclasses import dataclass, field
from time import monotonic

from shared.channels.domain.media import UPLOADING


@dataclass(frozen=True)
class UploadTime:
    """It begins when this is made; whoever finds it over leaves the rest to the next attempt."""

    _began: float = field(default_factory=monotonic)

    @property
    def is_over(self) -> bool:
        return monotonic() - self._began > UPLOADING.total_seconds()
