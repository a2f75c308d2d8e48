"""Look into files that were taken in: called by the store for each that comes."""

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from shared.infrastructure.events import Event, stored_objects
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.media.adapters.disk_store import DiskStore
from shared.media.adapters.fitting import begin
from shared.media.adapters.settings import MediaSettings
from shared.media.adapters.workshop import LibraryWorkshop
from shared.media.application.process_asset import process_asset
from shared.operations.api.relay import wake_relay


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    workshop = LibraryWorkshop(pixels=MediaSettings.read().pixels, until=time.monotonic())
    ended: Counter[str] = Counter()
    for stored in stored_objects(event):
        with tempfile.TemporaryDirectory(prefix="process-") as folder:
            processed = process_asset(
                begin, DiskStore(), workshop, utc_now, key=stored.key, folder=Path(folder)
            )
        ended[processed.name.lower()] += 1
    if ended:  # somebody may wait for what networks are to be handed of it
        wake_relay()
    return dict(ended)
