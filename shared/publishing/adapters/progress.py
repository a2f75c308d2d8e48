"""Progress as the ledger keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.publishing.domain.progress import Progress


def written_progress(progress: Progress | None) -> dict[str, Any] | None:
    if progress is None:
        return None
    return {
        "words": dict(progress.words),
        "of": progress.of,
        "since": progress.since.isoformat(),
        "moved_at": progress.moved_at.isoformat(),
        "is_under_way": progress.is_under_way,
        "was_put_off": progress.was_put_off,
    }


def read_progress(kept: Mapping[str, Any] | None) -> Progress | None:
    if kept is None:
        return None
    return Progress(
        words=kept["words"],
        of=kept["of"],
        since=datetime.fromisoformat(kept["since"]),
        moved_at=datetime.fromisoformat(kept["moved_at"]),
        is_under_way=kept["is_under_way"],
        was_put_off=kept["was_put_off"],
    )
