"""How long a network asks us to wait, in whichever of the usual ways it says so."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EARLIEST_INSTANT = 1_000_000_000
"""A greater number of seconds is an instant since 1970, a lesser one a delay."""


def wait_asked_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from `now`, by `Retry-After` or else by the instant at which the limit is reset.

    `RateLimit-Reset` is an instant since 1970 with Bluesky and a delay in the IETF's draft;
    `X-RateLimit-Reset` is an ISO 8601 instant with Mastodon.
    """
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        seconds = _seconds(headers.get(name, ""), now)
        if seconds is not None:
            return max(0.0, seconds)
    return None


def _seconds(value: str, now: datetime) -> float | None:
    try:
        number = float(value)
    except ValueError:
        instant = _instant(value)
        return None if instant is None else (instant - now).total_seconds()
    if not 0 <= number < float("inf"):
        return None
    return number - now.timestamp() if number > _EARLIEST_INSTANT else number


def _instant(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(value)
        except ValueError:
            continue
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return None
