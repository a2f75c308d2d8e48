"""Which state of a schedule somebody has seen, so that nobody changes another unseen."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_of(updated_at: datetime) -> str:
    """A word that differs after each change, and means nothing else to anybody."""
    return f"{(updated_at - _EPOCH) // timedelta(microseconds=1):x}"
