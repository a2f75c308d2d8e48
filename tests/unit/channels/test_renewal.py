"""When credentials are renewed and tried again, and what becomes of their connection."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain.connection import Connection, RenewalClaim, Status
from shared.channels.domain.provider import Account, ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.renewal import (
    LEASE,
    only_a_person_helps,
    renewed_at,
    tried_again_at,
)
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

NOW = datetime(2027, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=70)
IN_TWO_HOURS = NOW + timedelta(hours=2)
FIRST, SECOND = Sealed(key_id="k", text=b"first"), Sealed(key_id="k", text=b"second")
ADA = Account(
    external_id="1",
    username="@ada",
    display_name="Ada",
    url="https://social.example/@ada",
    avatar_url=None,
    credentials={"access_token": "secret"},
    expires_at=IN_TWO_HOURS,
)
ACTOR = Actor(
    user_id=new_id(),
    organization_id=OrganizationId(new_id()),
    permissions=frozenset(),
    is_root=False,
    timezone="UTC",
)
NO_ANSWER = Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "words")
REVOKED = Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", "revoked")


def connected(account: Account = ADA) -> Connection:
    connection = Connection.new(actor=ACTOR, channel="x", external_account_id="1", now=NOW)
    connection.prove(account, FIRST, NOW)
    return connection


@pytest.mark.parametrize(
    ("life", "earliest", "latest"),
    [
        (timedelta(days=60), timedelta(days=30), timedelta(days=45)),
        (timedelta(hours=2), timedelta(minutes=60), timedelta(minutes=90)),
        (timedelta(minutes=30), timedelta(minutes=15), timedelta(minutes=20)),
        (timedelta(minutes=20), timedelta(minutes=10), timedelta(minutes=10)),
        (timedelta(minutes=4), timedelta(minutes=2), timedelta(minutes=2)),
        (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=1)),
        (timedelta(days=-1), timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
def test_credentials_are_renewed_well_ahead(
    life: timedelta, earliest: timedelta, latest: timedelta
) -> None:
    moments = [
        renewed_at(NOW + life, now=NOW, connection_id=UUID(int=number)) - NOW
        for number in range(1000)
    ]
    assert min(moments) == earliest
    assert latest - (latest - earliest) / 500 <= max(moments) <= latest


@given(st.uuids(), st.timedeltas(min_value=timedelta(minutes=2), max_value=timedelta(days=9000)))
def test_they_are_always_renewed_before_they_expire(key: UUID, life: timedelta) -> None:
    moment = renewed_at(NOW + life, now=NOW, connection_id=key)
    assert NOW < moment < NOW + life
    assert moment == renewed_at(NOW + life, now=NOW, connection_id=key)


@pytest.mark.parametrize(
    ("failed", "wish", "minutes"),
    [
        (1, None, 1),
        (2, None, 5),
        (3, None, 15),
        (4, None, 60),
        (5, None, 60),
        (1000, None, 60),
        (1, 30.0, 1),
        (1, 600.0, 10),
        (4, 600.0, 60),
        (1, 1e12, 24 * 60),
        (1, -5.0, 1),
        (1, float("nan"), 1),
    ],
)
def test_what_failed_is_tried_again(failed: int, wish: float | None, minutes: int) -> None:
    error = Refused(ErrorClass.RATE_LIMIT, "CODE", "words", retry_after=wish)
    assert tried_again_at(failed, error, now=NOW) == NOW + timedelta(minutes=minutes)


def test_silence_wishes_nothing() -> None:
    assert tried_again_at(1, NO_ANSWER, now=NOW) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("error_class", ErrorClass)
def test_only_the_network_itself_says_no(error_class: ErrorClass) -> None:
    judging = error_class in {ErrorClass.AUTHENTICATION, ErrorClass.PERMISSION}
    assert only_a_person_helps(Refused(error_class, "CODE", "words")) is judging
    assert not only_a_person_helps(Unanswered(error_class, "CODE", "words"))


def test_a_connection_knows_when_it_expires() -> None:
    connection = connected()
    assert connection.token_expires_at == IN_TWO_HOURS
    assert connection.next_refresh_at is not None
    assert NOW < connection.next_refresh_at < IN_TWO_HOURS


def test_credentials_that_last_are_never_renewed() -> None:
    connection = connected(replace(ADA, expires_at=None))
    assert (connection.token_expires_at, connection.next_refresh_at) == (None, None)
    with pytest.raises(Conflict) as refused:
        connection.claim_renewal(NOW)
    assert refused.value.code == "CONNECTION_NOT_REFRESHABLE"


ONLY_BY_A_PERSON = replace(ADA, renewable=False)


def test_what_only_a_person_renews_is_left_alone_until_it_expires() -> None:
    connection = connected(ONLY_BY_A_PERSON)
    assert connection.awaits_person
    assert connection.next_refresh_at == connection.token_expires_at == IN_TWO_HOURS
    with pytest.raises(Conflict) as refused:
        connection.claim_renewal(IN_TWO_HOURS - timedelta(seconds=1))
    assert refused.value.code == "CONNECTION_NOT_REFRESHABLE"
    assert connection.status is Status.CONNECTED


def test_when_it_has_expired_the_person_is_told_once() -> None:
    connection = connected(ONLY_BY_A_PERSON)
    connection.claim_renewal(IN_TWO_HOURS)
    connection.miss_renewal(REVOKED, IN_TWO_HOURS)
    assert (connection.status, connection.next_refresh_at) == (Status.ERROR, None)
    assert not connection.awaits_person


def test_connected_again_it_may_be_renewable() -> None:
    connection = connected(ONLY_BY_A_PERSON)
    connection.prove(ADA, SECOND, LATER)
    assert not connection.awaits_person


def test_what_lasts_awaits_nobody() -> None:
    assert not connected(replace(ADA, expires_at=None, renewable=False)).awaits_person


def test_a_renewal_is_one_workers_alone_until_its_lease_lapses() -> None:
    connection = connected()
    first = connection.claim_renewal(LATER)
    with pytest.raises(Conflict) as refused:
        connection.claim_renewal(LATER + LEASE - timedelta(seconds=1))
    assert refused.value.code == "CONNECTION_REFRESH_IN_PROGRESS"
    assert connection.honours(first)
    second = connection.claim_renewal(LATER + LEASE)
    assert connection.honours(second)
    assert not connection.honours(first)


def test_a_renewal_makes_all_well_again() -> None:
    connection = connected()
    for _ in range(3):
        connection.claim_renewal(LATER)
        connection.miss_renewal(NO_ANSWER, LATER)
    claim = connection.claim_renewal(LATER)
    connection.renew(SECOND, LATER + timedelta(hours=2), LATER)
    assert connection.sealed() == SECOND
    assert (connection.refresh_attempts, connection.refresh_lease_until) == (0, None)
    assert connection.token_expires_at == LATER + timedelta(hours=2)
    assert not connection.honours(claim)


def test_a_network_in_trouble_disconnects_nobody() -> None:
    connection = connected()
    waits = []
    for _ in range(6):
        connection.claim_renewal(LATER)
        connection.miss_renewal(NO_ANSWER, LATER)
        assert connection.next_refresh_at is not None
        waits.append((connection.next_refresh_at - LATER) / timedelta(minutes=1))
    assert waits == [1, 5, 15, 60, 60, 60]
    assert (connection.status, connection.error_message) == (Status.CONNECTED, None)
    assert connection.sealed() == FIRST
    assert connection.token_expires_at == IN_TWO_HOURS


def test_a_refusal_waits_for_a_person() -> None:
    connection = connected()
    connection.claim_renewal(LATER)
    connection.miss_renewal(REVOKED, LATER)
    assert (connection.status, connection.error_message) == (Status.ERROR, "revoked")
    assert (connection.next_refresh_at, connection.refresh_lease_until) == (None, None)
    assert connection.sealed() == FIRST


@pytest.mark.parametrize("error", [NO_ANSWER, REVOKED])
def test_what_is_in_error_is_renewed_by_a_person_alone(error: ProviderError) -> None:
    connection = connected()
    connection.fail("no more", NOW)
    connection.claim_renewal(LATER)
    connection.miss_renewal(error, LATER)
    assert (connection.status, connection.next_refresh_at) == (Status.ERROR, None)
    connection.claim_renewal(LATER)
    connection.renew(SECOND, LATER + timedelta(hours=2), LATER)
    assert (connection.status, connection.error_message) == (Status.CONNECTED, None)


def disconnect(connection: Connection) -> None:
    connection.disconnect(LATER)


def connect_again(connection: Connection) -> None:
    connection.disconnect(LATER)
    connection.prove(ADA, SECOND, LATER)


def prove_with_the_same(connection: Connection) -> None:
    connection.prove(ADA, FIRST, LATER)


def find_refused(connection: Connection) -> None:
    connection.fail("no more", LATER)


@pytest.mark.parametrize(
    "meanwhile", [disconnect, connect_again, prove_with_the_same, find_refused]
)
def test_what_a_person_does_meanwhile_wins(meanwhile: Callable[[Connection], None]) -> None:
    connection = connected()
    claim: RenewalClaim = connection.claim_renewal(LATER)
    meanwhile(connection)
    assert not connection.honours(claim)


def test_what_is_disconnected_does_not_expire() -> None:
    connection = connected()
    connection.disconnect(LATER)
    assert (connection.token_expires_at, connection.next_refresh_at) == (None, None)
    with pytest.raises(Conflict) as refused:
        connection.claim_renewal(LATER)
    assert refused.value.code == "CONNECTION_DISCONNECTED"


def test_a_claim_does_not_show_what_it_renews() -> None:
    assert "first" not in repr(connected().claim_renewal(NOW))
