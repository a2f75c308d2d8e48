"""Whatever workers, networks and people do to a connection, its renewal stays in order."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from shared.channels.domain.connection import Connection, RenewalClaim, Status
from shared.channels.domain.provider import Account, ErrorClass, Refused, Unanswered
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

LIVES = timedelta(hours=2)
ACTOR = Actor(
    user_id=new_id(),
    organization_id=OrganizationId(new_id()),
    permissions=frozenset(),
    is_root=False,
    timezone="UTC",
)


class Renewals(RuleBasedStateMachine):
    """The network gives numbered credentials; a claim remembers those it began with."""

    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2027, 1, 1, tzinfo=UTC)
        self.given = 0
        self.connection = Connection.new(
            actor=ACTOR, channel="x", external_account_id="1", now=self.now
        )
        self.connect()

    @rule(minutes=st.integers(1, 200))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def connect(self) -> None:
        account = Account(
            external_id="1",
            username="@ada",
            display_name="Ada",
            url="https://social.example/@ada",
            avatar_url=None,
            credentials={},
            expires_at=self.now + LIVES,
        )
        self.connection.prove(account, self.sealed(), self.now)

    @rule()
    def disconnect(self) -> None:
        self.connection.disconnect(self.now)

    @precondition(lambda self: self.connection.status is not Status.DISCONNECTED)
    @rule()
    def find_refused(self) -> None:
        self.connection.fail("no more", self.now)

    @precondition(lambda self: self.connection.status is not Status.DISCONNECTED)
    @rule(target=claims)
    def claim(self) -> RenewalClaim | None:
        leased_until = self.connection.refresh_lease_until
        try:
            claim = self.connection.claim_renewal(self.now)
        except Conflict:
            assert leased_until is not None
            assert leased_until > self.now
            return None
        assert leased_until is None or leased_until <= self.now
        assert self.connection.honours(claim)
        return claim

    @rule(
        claim=consumes(claims),
        ending=st.sampled_from(["renewed", "silence", "busy", "refused", "dead"]),
    )
    def end(self, claim: RenewalClaim | None, ending: str) -> None:
        if claim is None or not self.connection.honours(claim):
            return
        before = self.connection.sealed()
        assert before == claim.sealed
        match ending:
            case "renewed":
                self.connection.renew(self.sealed(), self.now + LIVES, self.now)
                assert self.connection.status is Status.CONNECTED
            case "silence":
                error = Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "")
                self.connection.miss_renewal(error, self.now)
            case "busy":
                busy = Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", "", retry_after=600)
                self.connection.miss_renewal(busy, self.now)
            case "refused":
                no = Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", "no")
                self.connection.miss_renewal(no, self.now)
                assert self.connection.status is Status.ERROR
        if ending != "dead":
            assert not self.connection.honours(claim)
        if ending != "renewed":
            assert self.connection.sealed() == before

    def sealed(self) -> Sealed:
        self.given += 1
        return Sealed(key_id="k", text=str(self.given).encode())

    @invariant()
    def only_what_is_connected_is_renewed_by_itself(self) -> None:
        is_connected = self.connection.status is Status.CONNECTED
        assert (self.connection.next_refresh_at is not None) is is_connected

    @invariant()
    def what_is_disconnected_has_nothing_left_to_renew(self) -> None:
        if self.connection.status is Status.DISCONNECTED:
            assert self.connection.credentials is None
            assert self.connection.token_expires_at is None
            assert self.connection.refresh_lease_until is None

    @invariant()
    def the_newest_credentials_are_kept(self) -> None:
        if self.connection.status is not Status.DISCONNECTED:
            assert self.connection.sealed().text == str(self.given).encode()


TestRenewals = Renewals.TestCase
