"""Turn claims into attempts, and each into what can be sent or into its end."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening
from shared.publishing.application.delivery_ports import (
    BeginDelivering,
    DeliveringUnitOfWork,
    Delivery,
)
from shared.publishing.application.media_ports import Enclosed, NotYet, Showing, Unfit
from shared.publishing.application.ports import Connection, Words
from shared.publishing.domain.attempt import Attempt, Claim, Ending
from shared.publishing.domain.outcome import (
    MEDIA_PROCESSING,
    Deferred,
    Failure,
    Rejected,
    Unsettled,
)

SOON, LATER = timedelta(seconds=15), timedelta(minutes=5)
"""How long what shows something waits for it at least and at most, until it is looked at again."""

TWIN = timedelta(minutes=10)
"""How long before an attempt another may have begun and still be found in its stead."""


_NOTHING = Enclosed(enclosures=())


def prepare_attempts(
    begin: BeginDelivering, clock: Clock, *, claims: Sequence[Claim], lease: timedelta
) -> list[Delivery | Ending]:
    """Start what can be started; a stale or repeated claim starts nothing."""
    now = clock()
    with begin() as work:
        attempts = work.schedules.start(claims, now=now, lease=lease)
        if not attempts:
            return []
        work.happenings.record(*[_happened(each) for each in attempts if each.progress is None])
        ground = _ground(work, attempts, now)
    return [ground.prepare(attempt) for attempt in attempts]


def _happened(attempt: Attempt) -> Happened:
    return Happened(
        what=Happening.SCHEDULE_PUBLISHING,
        subject_id=attempt.schedule_id,
        organization_id=attempt.organization_id,
        post_id=attempt.post_id,
        request_id=attempt.request_id,
        at=attempt.read_at,
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
    media: Mapping[UUID, Enclosed | NotYet | Unfit]

    def prepare(self, attempt: Attempt) -> Delivery | Ending:
        """What is to be done at the network, or the end where nothing can be done there.

        One that may have been sent is looked for, whatever has changed since. What an attempt has
        left at the network is gone on with unless something else is to be published by now.
        """
        words = self.words.get(attempt.post_variant_id)
        secrets = self.secrets.get(attempt.channel_connection_id)
        if attempt.is_hopeless:
            return _ended(attempt, "TOO_MANY_ATTEMPTS")
        if words is None or attempt.part >= len(words.texts):
            return _ended(attempt, "POST_DELETED")
        if secrets is None:
            return _ended(attempt, "CONNECTION_DISCONNECTED")
        of = _digest(words, attempt.part)
        if attempt.progress is not None and attempt.progress.of != of and not attempt.is_open:
            attempt = replace(attempt, progress=None)
        must_not_send = self._why_not_to_send(attempt)
        shown = self.media.get(attempt.schedule_id, _NOTHING)
        end = self._end_of_what_is_not_open(attempt, shown, must_not_send)
        if end is not None:
            return end
        if isinstance(shown, NotYet):
            return _until_it_is_ready(attempt, self.now)
        unfit = shown.code if isinstance(shown, Unfit) else None
        return Delivery(
            attempt=attempt,
            of=of,
            content=words.texts[attempt.part],
            settings=words.settings,
            must_not_send=must_not_send or unfit,
            taken=self.taken.get(attempt.channel_connection_id, frozenset()),
            enclosures=shown.enclosures,
            secrets=secrets,
        )

    def _end_of_what_is_not_open(
        self, attempt: Attempt, shown: Enclosed | NotYet | Unfit, must_not_send: str | None
    ) -> Ending | None:
        if attempt.is_open:
            return None
        if must_not_send:
            return _ended(attempt, must_not_send)
        if not self.connections[attempt.channel_connection_id].is_connected:
            return _put_off(attempt)
        return _unfit(attempt, shown) if isinstance(shown, Unfit) else None

    def _why_not_to_send(self, attempt: Attempt) -> str | None:
        if attempt.only_looks:
            return "TOO_MANY_ATTEMPTS"
        if attempt.created_by not in self.owners:
            return "OWNER_DISABLED"
        lateness = self.connections[attempt.channel_connection_id].lateness
        is_in_time = attempt.progress is not None and not attempt.progress.was_put_off
        if not is_in_time and attempt.wanted_at < self.now - lateness:
            return "TOO_LATE"
        if attempt.part and attempt.place is None:
            return "PREVIOUS_PART_NOT_FOUND"
        return None


def _digest(words: Words, part: int) -> str:
    """The same as long as the same is to be published."""
    said = [words.texts[part], words.settings, [str(each) for each in words.shown(part)]]
    return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()


def _ground(work: DeliveringUnitOfWork, attempts: Sequence[Attempt], now: datetime) -> _Ground:
    """Ids that were given are asked for only where something will be looked for."""
    connections = {each.channel_connection_id for each in attempts}
    words = work.posts.live_words({each.post_variant_id for each in attempts})
    accounts = work.connections.connections(connections)
    showings = _showings(attempts, words, accounts)
    unsettled = [each.unsettled_since for each in attempts if each.unsettled_since is not None]
    return _Ground(
        now=now,
        words=words,
        connections=accounts,
        secrets=work.credentials.open(connections),
        owners=frozenset(work.owners.active({each.created_by for each in attempts})),
        taken=work.schedules.ids_given(connections, since=min(unsettled) - TWIN)
        if unsettled
        else {},
        media=work.media.enclosures(showings, at=now) if showings else {},
    )


def _showings(
    attempts: Sequence[Attempt], words: Mapping[UUID, Words], accounts: Mapping[UUID, Connection]
) -> dict[UUID, Showing]:
    """By their schedules; of those that show anything on a network that there still is."""
    return {
        attempt.schedule_id: Showing(
            organization_id=attempt.organization_id,
            channel=attempt.channel,
            settings=said.settings,
            limits=account.limits,
            replies=attempt.part > 0,
            items=items,
        )
        for attempt in attempts
        if (said := words.get(attempt.post_variant_id))
        and attempt.part < len(said.texts)
        and (items := said.shown(attempt.part))
        and (account := accounts[attempt.channel_connection_id]).is_supported
    }


def _ended(attempt: Attempt, code: str) -> Ending:
    failure = Failure(error_class="permission", code=code, words="Nothing was sent")
    if not attempt.is_open:
        return Ending(attempt=attempt, outcome=Rejected(failure=failure))
    return Ending(attempt=attempt, outcome=Unsettled(failure=failure, recoverable=False))


def _unfit(attempt: Attempt, shown: Unfit) -> Ending:
    failure = Failure(error_class="media", code=shown.code, words=shown.words)
    return Ending(attempt=attempt, outcome=Rejected(failure=failure))


def _until_it_is_ready(attempt: Attempt, now: datetime) -> Ending:
    """Look again soon, and less often the longer it takes."""
    failure = Failure(
        error_class="platform",
        code=MEDIA_PROCESSING,
        words="What it shows is being made ready for its network",
    )
    if attempt.is_open:
        return Ending(attempt=attempt, outcome=Unsettled(failure=failure, recoverable=True))
    wait = min(max(SOON, (now - attempt.wanted_at) / 4), LATER)
    outcome = Deferred(failure=failure, retry_after=wait, is_spent=False)
    return Ending(attempt=attempt, outcome=outcome)


def _put_off(attempt: Attempt) -> Ending:
    """The network has just refused the account: the scanner will say that it waits for that."""
    failure = Failure(
        error_class="network", code="CONNECTION_ERROR", words="The account must be connected again"
    )
    return Ending(attempt=attempt, outcome=Deferred(failure=failure, is_spent=False))
