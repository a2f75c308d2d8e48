"""Faults, one after another, each chosen by the seed."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.api import Api
from tests.faults.passing_time import let_everything_lapse, let_waits_end
from tests.faults.population import ACCOUNTS
from tests.faults.scene import Scene
from tests.faults.workforce import Worker
from tests.refresher import make_renewal_due

_NEAR = 20.0
"""Seconds the clocks of two machines may differ by: a lease is longer than the work under it by
more than that."""
_FAR = 90.0
"""Seconds by which all clocks together may be set."""

_IS_SENT = text("SELECT EXISTS (SELECT FROM publish_events WHERE status = 'started')")

_FAULTS = (
    "refuse",
    "permission",
    "rate_limit",
    "server_error_before",
    "status_before_accepting",
    "status_after_accepting",
    "fail_after_accepting",
    "hang_after_accepting",
    "malformed",
)


@dataclass(kw_only=True)
class Storm:
    scene: Scene
    api: Api
    chance: random.Random
    posts: int
    told: list[str] = field(default_factory=list)
    cancelled: set[UUID] = field(default_factory=set)

    def blow(self, seconds: float) -> None:
        """Faults for about so many seconds; nearly each kind of outage at least once."""
        self._began = time.monotonic()
        self._runs_all = self.chance.random() < 0.4
        self._clocks_are_ahead = 0.0
        for _ in range(len(ACCOUNTS)):
            self._fail_network()
        self.scene.hire(runner=self._runs_all)
        coming = self._shuffled_faults(seconds)
        for at, fault in coming:
            time.sleep(max(0.0, self._began + at - time.monotonic()))
            fault()
            if self.chance.random() < 0.3:
                let_waits_end()

    def _shuffled_faults(self, seconds: float) -> list[tuple[float, Callable[[], None]]]:
        once = [
            self._kill_who_sends,
            *([self._restart_broker] * self.chance.randint(0, 1)),
            self._restart_database,
            self._power_cut,
            self._flush_cache,
            self._restart_cache,
            self._expire_tokens,
        ]
        often = {
            self._kill_one: 4,
            self._kill_who_sends: 5,
            self._cut_connections: 4,
            self._fail_network: 8,
            self._power_cut: 1,
            self._expire_tokens: 1,
            self._cancel_one: 3,
        }
        more = self.chance.choices(list(often), list(often.values()), k=int(seconds * 1.5))
        moments = sorted(self.chance.uniform(0, seconds) for _ in (*once, *more))
        faults = [*once, *more]
        self.chance.shuffle(faults)
        return list(zip(moments, faults, strict=True))

    def _tell(self, words: str) -> None:
        self.told.append(f"{time.monotonic() - self._began:6.2f} s  {words}")

    def _kill_one(self) -> None:
        self._replace(self.chance.choice(self.scene.workforce.workers))

    def _kill_who_sends(self) -> None:
        """A publisher, or all of them, at a moment when something is on its way."""
        publishers = [each for each in self.scene.workforce.workers if each.role == "publisher"]
        victims = self.chance.choice([publishers, [self.chance.choice(publishers)]])
        self._wait_until_something_is_sent()
        for victim in victims:
            self._replace(victim)

    @staticmethod
    def _wait_until_something_is_sent() -> None:
        give_up = time.monotonic() + 1.5
        with engine().connect() as connection:
            while time.monotonic() < give_up and not connection.scalar(_IS_SENT):
                time.sleep(0.02)

    def _replace(self, victim: Worker) -> None:
        step = self.chance.choice([0.0, 0.0, self.chance.uniform(-_NEAR, _NEAR)])
        ahead = self._clocks_are_ahead + step
        self._tell(f"kill a {victim.role}; the next one's clock is {ahead:+.0f} s ahead")
        self.scene.workforce.kill(victim)
        self.scene.workforce.hire(victim.role, clock_is_ahead=ahead)

    def _power_cut(self) -> None:
        ahead = self._clocks_are_ahead = self.chance.choice([0.0, 0.0, 0.0, _FAR, -_FAR])
        self._tell(f"kill everybody; all clocks are {ahead:+.0f} s ahead afterwards")
        self._wait_until_something_is_sent()
        self.scene.workforce.kill_all()
        time.sleep(0.3)  # what was on the wire arrives
        let_everything_lapse()
        self.scene.hire(runner=self._runs_all, clock_is_ahead=ahead)

    def _cut_connections(self) -> None:
        self._tell("cut all connections to PostgreSQL")
        with engine().begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )

    def _restart_database(self) -> None:
        database, crashes = self.scene.servers.database, self.chance.random() < 0.5
        away = self.chance.uniform(0.1, 1.5)
        self._tell(f"{'crash' if crashes else 'stop'} PostgreSQL for {away:.1f} s")
        if crashes:
            database.crash()
        else:
            database.stop()
        time.sleep(away)
        database.start()
        engine().dispose()

    def _restart_broker(self) -> None:
        away = self.chance.uniform(0.1, 1.5)
        self._tell(f"stop RabbitMQ for {away:.1f} s")
        self.scene.servers.broker.stop()
        time.sleep(away)
        self.scene.servers.broker.start()

    def _flush_cache(self) -> None:
        self._tell("flush Memcached")
        self.scene.flush_cache()

    def _restart_cache(self) -> None:
        self._tell("stop Memcached, and ask the API")
        self.scene.servers.cache.stop()
        answer = self.api.get("/schedules")
        assert answer.status == 200, answer.content
        self.scene.servers.cache.start()

    def _fail_network(self) -> None:
        network, kind = self.chance.choice(list(ACCOUNTS)), self.chance.choice(_FAULTS)
        times = self.chance.randint(1, max(2, self.posts // 20))
        self._tell(f"{network}: {kind}, {times} times")
        self.scene.simulator_of(network).fail(
            network, kind, times=times, retry_after=1, seconds=2.0, status=202
        )

    def _expire_tokens(self) -> None:
        self._tell("expire Bluesky's tokens")
        self.scene.simulator.expire_tokens()
        make_renewal_due()

    def _cancel_one(self) -> None:
        with engine().begin() as connection:
            query = "SELECT id FROM schedules WHERE status IN ('pending', 'queued') ORDER BY id"
            waiting = list(connection.scalars(text(query)))
        if not waiting:
            return
        chosen = self.chance.choice(waiting)
        answer = self.api.post(f"/schedules/{chosen}/cancel")
        assert answer.status in {200, 409}, answer.content
        if answer.status == 200:
            self._tell(f"cancel {chosen}")
            self.cancelled.add(chosen)
