"""The networks as publishing sees them: outcomes are values, whatever happens out there."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import delivery as channels
from shared.infrastructure.database import transaction
from shared.publishing.adapters.postgres import PostgresPublishing
from shared.publishing.application.ports import Deliver, Delivery
from shared.publishing.domain.outcome import (
    TRANSIENT,
    Deferred,
    Failure,
    Outcome,
    Published,
    Rejected,
    Unsettled,
)

PATIENCE = timedelta(seconds=60)
"""For a whole delivery, with its looking and its signing in; shorter than the publisher lives."""


class ChannelsNetworks:
    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Deliver]:
        async with channels.networks() as http:

            async def deliver(delivery: Delivery) -> Outcome:
                return await _deliver(http, delivery)

            yield deliver


async def _deliver(http: channels.Http, delivery: Delivery) -> Outcome:
    attempt = delivery.attempt
    recoverable = channels.recovery(attempt.channel) != "none"
    looked = attempt.unsettled_since is None
    publication = channels.Publication(
        text=delivery.content,
        key=attempt.key,
        first_tried_at=attempt.unsettled_since or attempt.started_at,
    )
    credentials = cast(channels.Credentials, delivery.secrets)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            if not looked:
                found = await channels.find(http, credentials, publication)
                if found is not None:
                    return _published(found)
                looked = True
            return _published(await channels.publish(http, credentials, publication))
    except channels.Refused as refusal:
        if not looked:
            return Unsettled(failure=_failure(refusal), recoverable=recoverable)
        return _refused(refusal)
    except channels.Unanswered as silence:
        return Unsettled(failure=_failure(silence), recoverable=recoverable)
    except TimeoutError:
        return Unsettled(
            failure=Failure(
                error_class="network", code="NO_ANSWER", words="The network took too long"
            ),
            recoverable=recoverable,
        )


def _published(receipt: channels.Receipt) -> Published:
    return Published(external_id=receipt.external_id, url=receipt.url)


def _refused(refusal: channels.Refused) -> Outcome:
    failure = _failure(refusal)
    if failure.error_class not in TRANSIENT:
        return Rejected(failure=failure)
    seconds = refusal.retry_after
    return Deferred(
        failure=failure, retry_after=None if seconds is None else timedelta(seconds=seconds)
    )


def _failure(error: channels.ProviderError) -> Failure:
    return Failure(error_class=error.error_class, code=error.code, words=error.words)


class ChannelsVault:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, connection_ids: Collection[UUID]) -> Mapping[UUID, object]:
        return channels.credentials(self._session, connection_ids)


class PostgresDelivering(PostgresPublishing):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.credentials = ChannelsVault(session)


@contextmanager
def begin_delivering() -> Iterator[PostgresDelivering]:
    with transaction() as session:
        yield PostgresDelivering(session)
