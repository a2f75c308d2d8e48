"""No sequence of calls, deliveries, deaths and network faults reaches a forbidden state."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from runner.template import PATH, Template
from shared.infrastructure.database import engine
from shared.infrastructure.events import Message
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import ChannelsNetworks, begin_delivering
from shared.publishing.adapters.rabbitmq import DUE, read_claims
from shared.publishing.application.ports import Delivery
from shared.publishing.application.prepare_attempts import prepare_attempts
from shared.publishing.application.record_endings import record_endings
from shared.publishing.domain.attempt import Ending
from shared.publishing.domain.schedule import LEASE, TRANSITIONS, Status
from tests.accounts import root
from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.faults.passing_time import let_everything_lapse
from tests.line import Line, make_due
from tests.simulator.client import Simulator

SETTLED = {"success", "failed", "unknown", "skipped", "cancelled"}
ROUNDS = 12
"""More than a schedule has attempts."""

# What a step does in one statement after another is seen one by one.
_WATCH = """
    CREATE SCHEMA watched;
    CREATE TABLE watched.moves (number serial, schedule_id uuid, before text, after text);
    CREATE FUNCTION watched.move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO watched.moves (schedule_id, before, after)
        VALUES (NEW.id, OLD.status, NEW.status);
        RETURN NEW;
    END $$;
    CREATE TRIGGER watched AFTER UPDATE ON schedules FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION watched.move();
"""

_NOBODY_ELSE = "DROP TRIGGER watched ON schedules; DROP SCHEMA watched CASCADE"


@pytest.fixture
def line(database: None, environment: dict[str, str]) -> Iterator[Line]:
    driven = Line(Template(PATH.read_text(), os.environ), environment["BROKER_URL"])
    yield driven
    driven.close()


@pytest.fixture
def _watched(database: None) -> Iterator[None]:
    with engine().begin() as connection:
        connection.execute(text(_WATCH))
    yield
    with engine().begin() as connection:
        connection.execute(text(_NOBODY_ELSE))


any_of = st.integers(0, 99)
"""Which one, counted round what there is."""


faults_of_networks = st.none() | st.sampled_from(
    [
        "refuse",
        "permission",
        "rate_limit",
        "expired_token",
        "server_error_before",
        "status_before_accepting",
        "status_after_accepting",
        "fail_after_accepting",
        "malformed",
    ]
)
"""Of the next call that publishes."""


class Sequence(RuleBasedStateMachine):
    def __init__(self, author: Author, line: Line, simulator: Simulator) -> None:
        super().__init__()
        self.author, self.line, self.simulator = author, line, simulator
        self.posts: list[tuple[str, str, str]] = []
        self.messages: list[bytes] = []
        self.endings: list[list[Ending]] = []
        self.settled_by_hand: set[str] = set()

    @initialize(channel=st.sampled_from(["mastodon", "bluesky"]))
    def connect(self, channel: str) -> None:
        self.simulator.clear()
        self.line.taken()
        self.channel = channel
        self.connection = self.author.connect(channel)
        with engine().begin() as connection:
            connection.execute(text("TRUNCATE watched.moves"))
        self.create()
        self.fall_due(0)
        self.scan(lapsed=False)

    @precondition(lambda self: len(self.posts) < 3)
    @rule()
    def create(self) -> None:
        words = f"Number {len(self.posts)}"
        post, variant = self.author.write(words, self.channel)
        answer = self.author.try_to_schedule(variant, self.connection)
        assert answer.status in {201, 400, 409}, answer.content
        if answer.status == 201:
            self.posts.append((answer.json["data"]["id"], post, words))

    @rule(which=any_of)
    def fall_due(self, which: int) -> None:
        make_due(self._schedule(which))

    @rule()
    def long_time_passes(self) -> None:
        make_due(self._schedule(0), late=timedelta(hours=2))

    @rule(lapsed=st.booleans())
    def scan(self, lapsed: bool) -> None:  # noqa: FBT001
        """At once, or after all leases have lapsed and all waits are over."""
        if lapsed:
            let_everything_lapse()
        self.line.scan()
        self.messages += self.line.taken()

    @rule(
        which=st.lists(any_of, min_size=1, max_size=4),
        again=st.booleans(),
        fault=faults_of_networks,
    )
    def deliver(self, which: list[int], again: bool, fault: str | None) -> None:  # noqa: FBT001
        """In any order, some of them twice; what is not kept is never seen again."""
        self._fail_next(fault)
        self.line.publish(self._taken(which, again=again))

    @rule()
    def lose_all_messages(self) -> None:
        self.messages.clear()

    @rule(which=st.lists(any_of, min_size=1, max_size=3))
    def start_and_die(self, which: list[int]) -> None:
        self._prepare(which)

    @rule(which=st.lists(any_of, min_size=1, max_size=3), fault=faults_of_networks)
    def send_and_stall(self, which: list[int], fault: str | None) -> None:
        """Whether it ever comes to record what it did is another rule's choice."""
        self._fail_next(fault)
        prepared = self._prepare(which)

        async def send_all() -> list[Ending]:
            async with ChannelsNetworks().connect() as deliver:
                return [
                    await deliver(each) if isinstance(each, Delivery) else each for each in prepared
                ]

        self.endings.append(asyncio.run(send_all()))

    @precondition(lambda self: self.endings)
    @rule(which=any_of)
    def record_late(self, which: int) -> None:
        endings = self.endings.pop(which % len(self.endings))
        if endings:
            record_endings(begin_delivering, utc_now, lambda: None, endings=endings)

    @rule(which=any_of)
    def cancel(self, which: int) -> None:
        self._ask(self.author.api.post(f"/schedules/{self._schedule(which)}/cancel"))

    @rule()
    def cancel_all(self) -> None:
        ids = [schedule for schedule, _, _ in self.posts]
        self._ask(self.author.api.post("/schedules/bulk-cancel", {"schedule_ids": ids}))

    @rule(which=any_of)
    def move(self, which: int) -> None:
        moved = {"run_at": in_future(hours=2)}
        self._ask(self.author.api.patch(f"/schedules/{self._schedule(which)}", moved))

    @rule(which=any_of)
    def retry(self, which: int) -> None:
        self._ask(self.author.api.post(f"/schedules/{self._schedule(which)}/retry"))

    @rule(which=any_of, arrived=st.booleans())
    def resolve(self, which: int, arrived: bool) -> None:  # noqa: FBT001
        schedule = self._schedule(which)
        word = (
            {"outcome": "published", "url": "https://example.social/@ada/1"}
            if arrived
            else {"outcome": "not_published"}
        )
        answer = self._ask(self.author.api.post(f"/schedules/{schedule}/resolve", word))
        if answer.status == 200:
            self.settled_by_hand.add(schedule)

    @rule(which=any_of)
    def delete_post(self, which: int) -> None:
        _, post, _ = self.posts[which % len(self.posts)]
        self._ask(self.author.api.delete(f"/posts/{post}"))

    @rule(cancelling=st.booleans())
    def disconnect(self, cancelling: bool) -> None:  # noqa: FBT001
        path = f"/channels/connections/{self.connection}"
        self._ask(self.author.api.delete(path, cancel_schedules=str(cancelling).lower()))

    @rule()
    def prove_connection(self) -> None:
        self._ask(self.author.api.post(f"/channels/connections/{self.connection}/test"))

    @invariant()
    def only_allowed_moves(self) -> None:
        with engine().connect() as connection:
            moves = connection.execute(text("SELECT before, after FROM watched.moves")).all()
        for before, after in moves:
            assert Status(after) in TRANSITIONS[Status(before)], f"{before} became {after}"

    @invariant()
    def never_twice(self) -> None:
        arrived = Counter(receipt["text"] for receipt in self.simulator.receipts())
        assert all(count == 1 for count in arrived.values()), arrived

    @invariant()
    def states_tell_the_truth(self) -> None:
        """A person's word counts, whatever the network would say."""
        arrived = {receipt["text"] for receipt in self.simulator.receipts()}
        statuses = self._statuses()
        for schedule, _, words in self.posts:
            status = statuses[schedule]
            if schedule in self.settled_by_hand:
                continue
            assert words in arrived or status != "success", "success, and it never arrived"
            assert words not in arrived or status not in {
                "pending",
                "queued",
                "failed",
                "cancelled",
                "skipped",
            }, f"it arrived, and is {status}"

    @invariant()
    def one_open_attempt_at_most(self) -> None:
        query = "SELECT count(*) FROM publish_events WHERE status = 'started' GROUP BY schedule_id"
        with engine().connect() as connection:
            assert set(connection.scalars(text(query))) <= {1}

    def teardown(self) -> None:
        """Where nothing more goes wrong, everything settles."""
        if not self.posts:
            return
        self.simulator.forgive()
        self.author.api.post(f"/channels/connections/{self.connection}/test")
        for schedule, _, _ in self.posts:
            make_due(schedule)
        for _ in range(ROUNDS):
            let_everything_lapse()
            self.line.run()
        assert set(self._statuses().values()) <= SETTLED
        self.only_allowed_moves()
        self.never_twice()
        self.states_tell_the_truth()

    def _fail_next(self, fault: str | None) -> None:
        if fault is not None:
            self.simulator.fail(self.channel, fault)

    def _schedule(self, which: int) -> str:
        return self.posts[which % len(self.posts)][0]

    def _taken(self, which: list[int], *, again: bool) -> list[bytes]:
        if not self.messages:
            return []
        places = [each % len(self.messages) for each in which]
        taken = [self.messages[place] for place in places]
        if not again:
            self.messages = [
                body for place, body in enumerate(self.messages) if place not in places
            ]
        return taken

    def _prepare(self, which: list[int]) -> list[Delivery | Ending]:
        bodies = self._taken(which, again=False)
        claims, _ = read_claims(Message(queue=DUE[0], body=body) for body in bodies)
        if not claims:
            return []
        return prepare_attempts(begin_delivering, utc_now, claims=claims, lease=LEASE)

    def _statuses(self) -> dict[str, str]:
        with engine().connect() as connection:
            rows = connection.execute(text("SELECT id, status FROM schedules"))
            return {str(row.id): row.status for row in rows}

    @staticmethod
    def _ask(answer: ApiAnswer) -> ApiAnswer:
        assert answer.status < 500, answer.content
        return answer


def try_out(author: Author, line: Line, simulator: Simulator, *, examples: int, steps: int) -> None:
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )

    class Here(Sequence):
        def __init__(self) -> None:
            super().__init__(author, line, simulator)

    run_state_machine_as_test(Here, settings=profile)


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


@pytest.mark.usefixtures("_watched")
def test_no_sequence_reaches_a_forbidden_state(
    author: Author, line: Line, simulator: Simulator
) -> None:
    try_out(author, line, simulator, examples=12, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_watched")
def test_no_long_sequence_reaches_a_forbidden_state(
    author: Author, line: Line, simulator: Simulator
) -> None:
    try_out(author, line, simulator, examples=150, steps=40)
