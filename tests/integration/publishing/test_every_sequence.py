"""No sequence of calls, deliveries, deaths and network faults reaches a forbidden state."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

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

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import begin_delivering
from shared.publishing.application.record_endings import record_endings
from shared.publishing.domain.attempt import Ending
from shared.publishing.domain.retry import ATTEMPTS
from shared.publishing.domain.schedule import TRANSITIONS, Status
from tests.accounts import root
from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.faults.passing_time import let_everything_lapse
from tests.integration.publishing.slow_publisher import prepare, send
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.workshop.works import open_workshop

SETTLED = {"success", "failed", "unknown", "skipped", "cancelled"}
ROUNDS = 12  # more than a schedule has attempts

# What a step does in one statement after another is seen one by one.
_WATCH = """
    CREATE SCHEMA watched;
    CREATE TABLE watched.moves (number serial, schedule_id uuid, before text, after text);
    CREATE FUNCTION watched.move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO watched.moves (schedule_id, before, after)
        VALUES (NEW.id, OLD.status, NEW.status);
        RETURN NEW;
    END $$;
    CREATE TRIGGER watched AFTER UPDATE ON schedules FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION watched.move();
"""

_NO_MORE = "DROP TRIGGER watched ON schedules; DROP SCHEMA watched CASCADE"


@pytest.fixture
def line(database: None, environment: dict[str, str]) -> Iterator[Line]:
    driven = Line(environment["BROKER_URL"])
    yield driven
    driven.close()


@pytest.fixture
def simulator(simulator_url: str) -> Iterator[Simulator]:
    """With two networks besides, where publishing takes several attempts."""
    with open_workshop() as url:
        yield Simulator(url)


@pytest.fixture
def _watched(database: None) -> Iterator[None]:
    with engine().begin() as connection:
        connection.execute(text(_WATCH))
    yield
    with engine().begin() as connection:
        connection.execute(text(_NO_MORE))


any_of = st.integers(0, 5)  # counted round what there is; of messages, 0 is the newest

WISHES = (
    *("retry", "say it is there", "say it is not there", "prove the connection", "move") * 2,
    *("cancel", "cancel all", "delete the post", "disconnect", "disconnect and cancel"),
)
"""What people ask for; what ends a schedule for good is asked for less often."""


CHANNELS = ["mastodon", "bluesky", "workbench", "conveyor"]

HOW = ["deliver", "deliver twice", "start and die", "send and stall", "send and stall"]
"""What becomes of messages."""

FAULTS = (
    *[None] * 6,
    "refuse",
    "permission",
    "rate_limit",
    "expired_token",
    "server_error_before",
    "status_before_accepting",
    "status_after_accepting",
    "fail_after_accepting",
    "malformed",
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

    @initialize(channel=st.sampled_from(CHANNELS), seed=st.integers(0, 2**64))
    def connect(self, channel: str, seed: int) -> None:
        self.dice = Random(seed)  # drawn values would be much alike from step to step
        self.simulator.clear()
        self.line.taken()
        self.channel = channel
        self.connection = self.author.connect(channel)
        with engine().begin() as connection:
            connection.execute(text("TRUNCATE watched.moves"))
        self.create()
        self.fall_due(0, late=1)

    @precondition(lambda self: len(self.posts) < 2)
    @rule()
    def create(self) -> None:
        words = f"Number {len(self.posts)}"
        post, variant = self.author.write(words, self.channel)
        answer = self.author.try_to_schedule(variant, self.connection)
        assert answer.status in {201, 400, 409}, answer.content
        if answer.status == 201:
            self.posts.append((answer.json["data"]["id"], post, words))

    @rule(which=any_of, late=st.sampled_from([1, 1, 1, 120]))
    def fall_due(self, which: int, late: int) -> None:
        """So many minutes ago; a post that is two hours late is not sent any more."""
        make_due(self._schedule(which), late=timedelta(minutes=late))

    @rule()
    def attempt(self) -> None:
        """Scan, perhaps after all leases have lapsed, and let publishers have some messages.

        They come in any order. One that stalls may record what it did much later, or never.
        """
        dice = self.dice
        how, fault = dice.choice(HOW), dice.choice(FAULTS)
        which = [dice.randint(0, 5) for _ in range(dice.randint(1, 3))]
        lapsed, late = dice.random() < 0.5, dice.random() < 0.5
        self.scan(lapsed=lapsed)
        if self.messages:
            if fault is not None:
                call = dice.choice(["publish", "publish", "upload"])
                self.simulator.fail(self.channel, fault, call=call)
            bodies = self._taken(which, again=how == "deliver twice")
            match how:
                case "deliver" | "deliver twice":
                    self.line.publish(bodies)
                case "start and die":
                    prepare(bodies)
                case "send and stall":
                    self.endings += filter(None, [send(prepare(bodies))])
        if late and self.endings:
            endings = self.endings.pop(which[0] % len(self.endings))
            record_endings(begin_delivering, utc_now, lambda: None, endings=endings)

    def scan(self, *, lapsed: bool) -> None:
        if lapsed:
            let_everything_lapse()
        self.line.scan()
        self.messages += self.line.taken()

    @rule(which=any_of, wish=st.sampled_from(WISHES))
    def ask(self, which: int, wish: str) -> None:
        schedule, post, _ = self.posts[which % len(self.posts)]
        everything = {"schedule_ids": [schedule for schedule, _, _ in self.posts]}
        found = {"outcome": "published", "url": "https://example.social/@ada/1"}
        connection = f"/channels/connections/{self.connection}"
        api = self.author.api
        requests: dict[str, Callable[[], ApiAnswer]] = {
            "cancel": lambda: api.post(f"/schedules/{schedule}/cancel"),
            "cancel all": lambda: api.post("/schedules/bulk-cancel", everything),
            "move": lambda: api.patch(f"/schedules/{schedule}", {"run_at": in_future(hours=2)}),
            "retry": lambda: api.post(f"/schedules/{schedule}/retry"),
            "say it is there": lambda: api.post(f"/schedules/{schedule}/resolve", found),
            "say it is not there": lambda: api.post(
                f"/schedules/{schedule}/resolve", {"outcome": "not_published"}
            ),
            "delete the post": lambda: api.delete(f"/posts/{post}"),
            "disconnect": lambda: api.delete(connection),
            "disconnect and cancel": lambda: api.delete(connection, cancel_schedules="true"),
            "prove the connection": lambda: api.post(f"{connection}/test"),
        }
        answer = requests[wish]()
        assert answer.status < 500, answer.content
        if wish.startswith("say") and answer.status == 200:
            self.settled_by_hand.add(schedule)

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
    def what_is_worked_on_is_asked_about(self) -> None:
        """Its schedule is in processing, and no attempt was spent."""
        query = """
            SELECT s.status, s.lease_expires_at, s.attempts_allowed - (
                SELECT count(*) FROM publish_events AS e
                WHERE e.schedule_id = s.id AND e.status = 'pending'
            ) AS allowed, last.progress
            FROM schedules AS s JOIN publish_events AS last
              ON last.schedule_id = s.id AND last.attempt = s.attempt_count
            WHERE last.status = 'pending'"""
        with engine().connect() as connection:
            for row in connection.execute(text(query)):
                assert row.status == "processing"
                assert row.lease_expires_at is not None
                assert row.progress["words"]
                assert row.allowed >= ATTEMPTS

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
        assert self.line.taken() == []
        assert set(self._statuses().values()) <= SETTLED
        self.only_allowed_moves()
        self.never_twice()
        self.states_tell_the_truth()

    def _schedule(self, which: int) -> str:
        return self.posts[which % len(self.posts)][0]

    def _taken(self, which: list[int], *, again: bool) -> list[bytes]:
        last = len(self.messages) - 1
        places = [last - each % (last + 1) for each in which]
        taken = [self.messages[place] for place in places]
        if not again:
            self.messages = [
                body for place, body in enumerate(self.messages) if place not in places
            ]
        return taken

    def _statuses(self) -> dict[str, str]:
        with engine().connect() as connection:
            rows = connection.execute(text("SELECT id, status FROM schedules"))
            return {str(row.id): row.status for row in rows}


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
    try_out(author, line, simulator, examples=20, steps=15)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_watched")
def test_no_long_sequence_reaches_a_forbidden_state(
    author: Author, line: Line, simulator: Simulator
) -> None:
    try_out(author, line, simulator, examples=200, steps=30)
