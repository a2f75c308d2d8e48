"""Plan the next occurrences of series: called by the timer."""

from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.adapters.series import begin_series
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.plan_series import plan_series


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    horizon = PublishingSettings.read().horizon
    return {"series": plan_series(begin_series, wake_scanner, utc_now, horizon=horizon)}
