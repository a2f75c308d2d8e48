"""The publisher's use case with a clock, limits, and neighbours of the test's own."""

from collections.abc import Sequence

from shared.kernel.clock import Clock, utc_now
from shared.publishing.adapters.networks import ChannelsNetworks, begin_delivering
from shared.publishing.application.delivery_ports import BeginDelivering, Networks
from shared.publishing.application.publish_due import publish_due
from shared.publishing.domain.attempt import Claim
from shared.publishing.domain.schedule import LEASE


def publish(
    claims: Sequence[Claim],
    *,
    begin: BeginDelivering = begin_delivering,
    networks: Networks | None = None,
    clock: Clock = utc_now,
    in_flight: int = 5,
    **limits: float,
) -> int:
    """Answers how many attempts it made."""
    return publish_due(
        begin,
        networks or ChannelsNetworks(),
        clock,
        lambda: None,
        claims=claims,
        lease=LEASE,
        in_flight=in_flight,
        **limits,
    )
