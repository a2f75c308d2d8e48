"""Renew what connections sign in with, ahead of its expiry: called by the timer each minute.

It also lets go of what networks gave to somebody who has never come back to choose.
"""

from dataclasses import asdict
from typing import Any

from shared.channels.adapters.postgres import begin
from shared.channels.adapters.renewals import renewing
from shared.channels.adapters.vault import seal
from shared.channels.application.connecting.forget_journeys import forget_journeys
from shared.channels.application.refresh_credentials import refresh_credentials
from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    forget_journeys(begin, utc_now)
    return asdict(refresh_credentials(begin, renewing, seal, utc_now))
