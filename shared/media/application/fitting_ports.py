"""What looking into files and making them fit needs from outside, in media's words."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from shared.kernel.happenings import Happenings
from shared.media.application.ports import Assets
from shared.media.domain.facts import Facts
from shared.media.domain.plans import Plan
from shared.media.domain.preview import Preview
from shared.media.domain.rendition import Rendition
from shared.media.domain.signature import MediaFormat


class Renditions(Protocol):
    def get_for_update(self, asset_id: UUID, profile: str) -> Rendition | None: ...

    def pending(self, asset_id: UUID) -> Sequence[Rendition]:
        """Those that nobody has made yet, and that say what they are to be fitted to."""


class FitQueue(Protocol):
    def add(self, rendition: Rendition, *, at: datetime) -> None:
        """Have it made, soon after the commit."""


class FittingUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def assets(self) -> Assets: ...

    @property
    def renditions(self) -> Renditions: ...

    @property
    def queue(self) -> FitQueue: ...

    @property
    def happenings(self) -> Happenings: ...


BeginFitting = Callable[[], AbstractContextManager[FittingUnitOfWork]]


class Store(Protocol):
    """Files that go through this machine's disk, never through its memory.

    Each call raises `Unavailable`, `STORAGE_UNAVAILABLE`, where the store cannot be reached.
    """

    def fetch(self, key: str, path: Path) -> None:
        """Put it on the disk.

        Raises:
            FileGone: it is not there.
        """

    def keep(self, key: str, path: Path, *, mime_type: str) -> None: ...

    def keep_bytes(self, key: str, content: bytes, *, mime_type: str) -> None: ...

    def remove(self, key: str) -> None:
        """Also where it is gone."""


class Workshop(Protocol):
    """Where files are looked into and made anew; all of it raises `MediaRefused`."""

    def clean(self, source: Path, target: Path, format_: MediaFormat) -> None:
        """Write it as it is kept: upright, and with nothing in it but itself."""

    def inspect(self, path: Path, format_: MediaFormat) -> Facts: ...

    def preview(self, path: Path, facts: Facts) -> Preview | None:
        """What stands for it; nothing for a document."""

    def make(self, plan: Plan, source: Path, target: Path, facts: Facts) -> Facts:
        """Do as planned of what is not to stay as it is; answers what came of it."""
