"""How a connection is doing, and whether and when a person will have to do something about it.

Sources are the connection's own columns: nobody is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.channels.domain.connection import Status

SOON = timedelta(days=7)
"""People are told so long before credentials expire that nobody but them can renew."""


class ConnectionHealth(StrEnum):
    HEALTHY = "healthy"
    EXPIRING = "expiring"
    """Soon, and only a person can help."""
    EXPIRED = "expired"
    """So it has, and only a person can help."""
    REFRESHING = "refreshing"
    """Its credentials are being renewed, or were not at the last try and are tried again."""
    ERROR = "error"
    """The network refuses its credentials."""
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """`expires_in_days` are whole ones, 0 on the last; nothing where the credentials last.

    `person_needed_at` is nothing where we renew the credentials ourselves, or nobody has to.
    """

    health: ConnectionHealth
    expires_in_days: int | None
    person_needed: bool
    person_needed_at: datetime | None


def forecast(
    *,
    status: Status,
    token_expires_at: datetime | None,
    next_refresh_at: datetime | None,
    refresh_attempts: int,
    refresh_lease_until: datetime | None,
    now: datetime,
) -> Forecast:
    """What to say of a connection that is in this state now."""
    left = None if token_expires_at is None else token_expires_at - now
    days = None if left is None else max(0, left.days)
    if status is not Status.CONNECTED:
        is_wrong = status is Status.ERROR
        return Forecast(
            health=ConnectionHealth.ERROR if is_wrong else ConnectionHealth.DISCONNECTED,
            expires_in_days=days,
            person_needed=is_wrong,
            person_needed_at=now if is_wrong else None,
        )
    if left is None:
        return _calm(ConnectionHealth.HEALTHY, None)
    awaits_person = left > timedelta() and next_refresh_at == token_expires_at
    if next_refresh_at is not None and not awaits_person:
        is_leased = refresh_lease_until is not None and refresh_lease_until > now
        is_late = left <= timedelta()
        busy = is_leased or is_late or refresh_attempts > 0
        return _calm(ConnectionHealth.REFRESHING if busy else ConnectionHealth.HEALTHY, days)
    health = ConnectionHealth.HEALTHY
    if left <= SOON:
        health = ConnectionHealth.EXPIRING if left > timedelta() else ConnectionHealth.EXPIRED
    return Forecast(
        health=health,
        expires_in_days=days,
        person_needed=health is not ConnectionHealth.HEALTHY,
        person_needed_at=token_expires_at,
    )


def _calm(health: ConnectionHealth, days: int | None) -> Forecast:
    return Forecast(health=health, expires_in_days=days, person_needed=False, person_needed_at=None)
