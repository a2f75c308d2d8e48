"""Turn claims into attempts, and each into what can be sent or into its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening
from shared.publishing.application.ports import (
    BeginDelivering,
    Connection,
    DeliveringUnitOfWork,
    Delivery,
    Words,
)
from shared.publishing.domain.attempt import Attempt, Claim, Ending
from shared.publishing.domain.outcome import Deferred, Failure, Rejected, Unsettled

TWIN = timedelta(minutes=10)
"""How long before an attempt another may have begun and still be found in its stead."""


def prepare_attempts(
    begin: BeginDelivering, clock: Clock, *, claims: Sequence[Claim], lease: timedelta
) -> list[Delivery | Ending]:
    """Start what can be started; a stale or repeated claim starts nothing."""
    now = clock()
    with begin() as work:
        attempts = work.schedules.start(claims, now=now, lease=lease)
        if not attempts:
            return []
        work.happenings.record(*[_happened(attempt) for attempt in attempts])
        ground = _ground(work, attempts, now)
    return [ground.prepare(attempt) for attempt in attempts]


def _happened(attempt: Attempt) -> Happened:
    return Happened(
        what=Happening.SCHEDULE_PUBLISHING,
        subject_id=attempt.schedule_id,
        organization_id=attempt.organization_id,
        post_id=attempt.post_id,
        request_id=attempt.request_id,
        at=attempt.started_at,
        details={"attempt": attempt.number},
    )


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What a batch of attempts stands on, as it is at its start."""

    now: datetime
    words: Mapping[UUID, Words]
    connections: Mapping[UUID, Connection]
    secrets: Mapping[UUID, object]
    owners: frozenset[UUID]
    taken: Mapping[UUID, frozenset[str]]

    def prepare(self, attempt: Attempt) -> Delivery | Ending:
        """What is to be done at the network, or the end where nothing can be done there.

        One that may have been sent is looked for, whatever has changed since.
        """
        words = self.words.get(attempt.post_variant_id)
        secrets = self.secrets.get(attempt.channel_connection_id)
        if attempt.is_hopeless:
            return _ended(attempt, "TOO_MANY_ATTEMPTS")
        if words is None or attempt.part >= len(words.texts):
            return _ended(attempt, "POST_DELETED")
        if secrets is None:
            return _ended(attempt, "CONNECTION_DISCONNECTED")
        must_not_send = self._why_not_to_send(attempt)
        if attempt.unsettled_since is None:
            if must_not_send:
                return _ended(attempt, must_not_send)
            if not self.connections[attempt.channel_connection_id].is_connected:
                return _put_off(attempt)
        return Delivery(
            attempt=attempt,
            content=words.texts[attempt.part],
            settings=words.settings,
            must_not_send=must_not_send,
            taken=self.taken.get(attempt.channel_connection_id, frozenset()),
            secrets=secrets,
        )

    def _why_not_to_send(self, attempt: Attempt) -> str | None:
        if attempt.only_looks:
            return "TOO_MANY_ATTEMPTS"
        if attempt.created_by not in self.owners:
            return "OWNER_DISABLED"
        lateness = self.connections[attempt.channel_connection_id].lateness
        if attempt.wanted_at < self.now - lateness:
            return "TOO_LATE"
        if attempt.part and attempt.place is None:
            return "PREVIOUS_PART_NOT_FOUND"
        return None


def _ground(work: DeliveringUnitOfWork, attempts: Sequence[Attempt], now: datetime) -> _Ground:
    """Ids that were given are asked for only where something will be looked for."""
    connections = {each.channel_connection_id for each in attempts}
    unsettled = [each.unsettled_since for each in attempts if each.unsettled_since is not None]
    return _Ground(
        now=now,
        words=work.posts.live_words({each.post_variant_id for each in attempts}),
        connections=work.connections.connections(connections),
        secrets=work.credentials.open(connections),
        owners=frozenset(work.owners.active({each.created_by for each in attempts})),
        taken=work.schedules.ids_given(connections, since=min(unsettled) - TWIN)
        if unsettled
        else {},
    )


def _ended(attempt: Attempt, code: str) -> Ending:
    failure = Failure(error_class="permission", code=code, words="Nothing was sent")
    if attempt.unsettled_since is None:
        return Ending(attempt=attempt, outcome=Rejected(failure=failure))
    return Ending(attempt=attempt, outcome=Unsettled(failure=failure, recoverable=False))


def _put_off(attempt: Attempt) -> Ending:
    """The network has just refused the account: the scanner will say that it waits for that."""
    failure = Failure(
        error_class="network", code="CONNECTION_ERROR", words="The account must be connected again"
    )
    return Ending(attempt=attempt, outcome=Deferred(failure=failure, is_spent=False))
