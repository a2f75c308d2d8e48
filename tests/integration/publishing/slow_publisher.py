"""A publisher that can be stopped between its steps: started, sent, and not recorded."""

import asyncio
from collections.abc import Sequence

from shared.infrastructure.events import Message
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import ChannelsNetworks, begin_delivering
from shared.publishing.adapters.rabbitmq import DUE, read_claims
from shared.publishing.application.delivery_ports import Delivery
from shared.publishing.application.prepare_attempts import prepare_attempts
from shared.publishing.domain.attempt import Ending
from shared.publishing.domain.schedule import LEASE


def prepare(bodies: Sequence[bytes]) -> list[Delivery | Ending]:
    """Start the attempts of these messages."""
    claims, _ = read_claims(Message(queue=DUE[0], body=body) for body in bodies)
    return prepare_attempts(begin_delivering, utc_now, claims=claims, lease=LEASE)


def send(prepared: Sequence[Delivery | Ending]) -> list[Ending]:
    """Call the networks; whether anybody ever records it is the caller's choice."""

    async def send_all() -> list[Ending]:
        async with ChannelsNetworks().connect() as deliver:
            return [
                await deliver(each) if isinstance(each, Delivery) else each for each in prepared
            ]

    return asyncio.run(send_all())
