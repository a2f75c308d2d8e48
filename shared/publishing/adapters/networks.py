"""The networks as publishing sees them: outcomes are values, whatever happens out there."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import delivery as channels
from shared.infrastructure.database import transaction
from shared.infrastructure.logging import going_back_to
from shared.infrastructure.metrics import measure
from shared.kernel.clock import utc_now
from shared.kernel.errors import NotFound
from shared.publishing.adapters.attaching import Attaching
from shared.publishing.adapters.media import LibraryMedia
from shared.publishing.adapters.postgres import PostgresPublishing
from shared.publishing.application.delivery_ports import Deliver, Delivery
from shared.publishing.domain.attempt import Attempt, Ending
from shared.publishing.domain.budget import Allowance
from shared.publishing.domain.outcome import (
    CREDENTIALS_EXPIRED,
    TRANSIENT,
    Deferred,
    Failure,
    Outcome,
    Pending,
    Published,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.retry import LONGEST_WISH

logger = logging.getLogger(__name__)

LONGEST_WORD = 500
"""Of an id or a link that a network gives."""

PATIENCE = timedelta(seconds=60)
"""For a whole delivery, with its looking and its signing in; shorter than the publisher lives."""


class ChannelsNetworks:
    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Deliver]:
        found: defaultdict[UUID, set[str]] = defaultdict(set)
        async with channels.networks() as http, AsyncExitStack() as stack:
            attaching = Attaching(stack)

            async def deliver(delivery: Delivery) -> Ending:
                attempt = delivery.attempt
                others = found[attempt.channel_connection_id]
                with going_back_to(attempt.request_id):
                    return await _deliver(http, attaching, delivery, others)

            yield deliver


async def _deliver(
    http: channels.Http, attaching: Attaching, delivery: Delivery, found: set[str]
) -> Ending:
    """Whatever a network does, or our own code for it, is an ending of this attempt alone.

    `found` are the ids that others of this batch and connection have found, which grow meanwhile.
    """
    began, attempt = time.monotonic(), delivery.attempt
    if attempt.progress is None and not attempt.is_open:
        late = (utc_now() - attempt.wanted_at).total_seconds()
        measure("Lateness", max(0.0, late), "Seconds", Channel=attempt.channel)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            attachments = await attaching.attached(delivery.enclosures)
            ending = await _look_and_send(http, delivery, attachments, found)
        return replace(ending, took=timedelta(seconds=time.monotonic() - began))
    except TimeoutError:
        failure = Failure(
            error_class="network", code="NO_ANSWER", words="The network took too long"
        )
    except Exception:
        logger.exception("delivery_failed", extra={"channel": attempt.channel})
        failure = Failure(
            error_class="unknown", code="DELIVERY_FAILED", words="Something went wrong on our side"
        )
    outcome = Unsettled(failure=failure, recoverable=_is_recoverable(attempt))
    return Ending(attempt=attempt, outcome=outcome)


async def _look_and_send(
    http: channels.Http,
    delivery: Delivery,
    attachments: tuple[channels.Attachment, ...],
    found: set[str],
) -> Ending:
    attempt = delivery.attempt
    publication = channels.Publication(
        text=delivery.content,
        key=attempt.key,
        first_tried_at=attempt.first_tried_at,
        reply_to=_reply_to(attempt),
        settings=delivery.settings,
        attachments=attachments,
        progress=attempt.progress.words if attempt.progress else {},
    )
    credentials = cast(channels.Credentials, delivery.secrets)
    must_not_send = delivery.must_not_send is not None
    looks = attempt.unsettled_since is not None or (attempt.is_under_way and must_not_send)
    if looks:
        try:
            receipt = await _find(http, credentials, publication, delivery.taken, found)
        except channels.ProviderError as error:
            return Ending(attempt=attempt, outcome=_unsettled(error, attempt))
        if receipt is not None:
            return Ending(attempt=attempt, outcome=_published(receipt, attempt))
    if delivery.must_not_send is not None:
        failure = Failure(
            error_class="permission", code=delivery.must_not_send, words="Nothing was sent"
        )
        return Ending(attempt=attempt, outcome=Rejected(failure=failure), nothing_before=looks)
    said: channels.Allowance | None = None
    try:
        answer = await channels.publish(http, credentials, publication)
    except channels.Refused as refusal:
        outcome, said = _refused(refusal), refusal.allowance
    except channels.ProviderError as error:
        outcome = _unsettled(error, attempt)
    else:
        outcome, said = _answered(answer, delivery), answer.allowance
    return Ending(
        attempt=attempt, outcome=outcome, nothing_before=looks, allowance=_allowance(said)
    )


def _reply_to(attempt: Attempt) -> channels.ReplyTo | None:
    if attempt.place is None:
        return None
    return channels.ReplyTo(root_id=attempt.place.root_id, parent_id=attempt.place.parent_id)


async def _find(
    http: channels.Http,
    credentials: channels.Credentials,
    publication: channels.Publication,
    taken: frozenset[str],
    found: set[str],
) -> channels.Receipt | None:
    """Look again where a twin, the same text on the same account, has found it first."""
    while True:
        known = taken | found
        receipt = await channels.find(http, credentials, replace(publication, taken=known))
        if receipt is None or receipt.external_id not in found - known:
            break
    if receipt is not None:
        found.add(receipt.external_id)
    return receipt


def _answered(answer: channels.Receipt | channels.Pending, delivery: Delivery) -> Outcome:
    if isinstance(answer, channels.Receipt):
        return _published(answer, delivery.attempt)
    return Pending(
        words=answer.progress,
        of=delivery.of,
        check_after=answer.check_after,
        is_under_way=answer.is_under_way,
        patience=answer.patience,
    )


def _published(receipt: channels.Receipt, attempt: Attempt) -> Outcome:
    """Believe a receipt that can be kept; whatever else was answered, something was done."""
    words = (receipt.external_id, receipt.url)
    if all(word.isprintable() and 0 < len(word) <= LONGEST_WORD for word in words):
        return Published(external_id=receipt.external_id, url=receipt.url)
    failure = Failure(
        error_class="platform", code="MALFORMED_ANSWER", words="The receipt cannot be understood"
    )
    return Unsettled(failure=failure, recoverable=_is_recoverable(attempt))


def _allowance(said: channels.Allowance | None) -> Allowance | None:
    if said is None:
        return None
    return Allowance(
        remaining=said.remaining, observed_at=said.observed_at, resets_at=said.resets_at
    )


def _refused(refusal: channels.Refused) -> Outcome:
    failure = _failure(refusal)
    if failure.error_class not in TRANSIENT and failure.code != CREDENTIALS_EXPIRED:
        return Rejected(failure=failure)
    seconds = refusal.retry_after
    if seconds is None or not seconds > 0:
        return Deferred(failure=failure)
    wish = timedelta(seconds=min(seconds, LONGEST_WISH.total_seconds()))
    return Deferred(failure=failure, retry_after=wish)


def _unsettled(error: channels.ProviderError, attempt: Attempt) -> Unsettled:
    return Unsettled(failure=_failure(error), recoverable=_is_recoverable(attempt))


def _is_recoverable(attempt: Attempt) -> bool:
    """A network that is no longer in the catalogue can be asked nothing.

    What it is at work on can be asked for wherever it said that it is.
    """
    try:
        return channels.recovery(attempt.channel) != "none" or attempt.is_under_way
    except (KeyError, NotFound):
        return False


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
        self.media = LibraryMedia(session)


@contextmanager
def begin_delivering() -> Iterator[PostgresDelivering]:
    with transaction() as session:
        yield PostgresDelivering(session)
