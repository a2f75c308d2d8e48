"""What is told and what goes on while services are down, in every combination of them.

They are servers of these tests' own, really stopped and started again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from migrations.upgrade import upgrade
from runner.gateway import Route
from runner.services.processes import free_port
from tests import container, stores
from tests.accounts import approved_user, root
from tests.api import Api, ApiAnswer, keep_loop
from tests.author import Author, in_future
from tests.faults.servers import Server, servers
from tests.functions.media.uploader import PNG, Uploader, arrive

SETTINGS = {
    "cache": "CACHE_URL",
    "storage": "STORAGE_URL",
    "database": "DATABASE_URL",
    "queue": "BROKER_URL",
}
SERVICES = tuple(SETTINGS)
"""A broker takes seconds to start, the first of them next to nothing."""


def combinations() -> Iterator[frozenset[str]]:
    """All there are, each but one service from the one before, the last as seldom as can be."""
    for number in range(2 ** len(SERVICES)):
        code = number ^ number >> 1
        yield frozenset(name for place, name in enumerate(SERVICES) if code >> place & 1)


def name(down: frozenset[str]) -> str:
    return "+".join(sorted(down)) or "nothing"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What whoever asked at one moment was answered."""

    alive: ApiAnswer
    looks: Sequence[ApiAnswer]
    read: ApiAnswer
    scheduled: ApiAnswer
    uploaded: ApiAnswer


class Asker:
    """Somebody at work, with a file on its way for each time they ask."""

    def __init__(self, api: Api) -> None:
        self._author = Author.of(approved_user(api, root(api)))
        _, self._variant = self._author.write()
        self._connection = self._author.connect()
        self._uploader = Uploader(self._author.api)
        self._files = [self._uploader.begin() for _ in range(2 ** len(SERVICES) + 1)]
        for file in self._files:
            arrive(file, PNG)

    def ask(self) -> Told:
        api = self._author.api
        return Told(
            alive=api.get("/ops/live"),
            looks=[api.get(f"/ops/{each}") for each in ("ready", "health", "status")],
            read=api.get("/posts"),
            # so soon that the scanner has to be told by the broker
            scheduled=self._author.try_to_schedule(
                self._variant, self._connection, run_at=in_future(seconds=20)
            ),
            uploaded=self._uploader.complete(self._files.pop()),
        )


@pytest.fixture(scope="module")
def told(
    environment: dict[str, str],
    all_routes: list[Route],
    services_folder: Path,
    simulator_url: str,
) -> Iterator[Mapping[frozenset[str] | None, Told]]:
    """By what was down; None: after all of them have been."""
    keep_loop()
    with _servers(services_folder / "outages") as by_name, pytest.MonkeyPatch.context() as patch:
        for service, setting in SETTINGS.items():
            patch.setenv(setting, by_name[service].url)
        for secret in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(secret, "testing")
        with container.of_its_own():
            upgrade()
            asker = Asker(Api(all_routes))
            found: dict[frozenset[str] | None, Told] = {}
            for down in combinations():
                for service, server in by_name.items():
                    server.stop() if service in down else server.start()
                found[down] = asker.ask()
            for server in by_name.values():
                server.start()
            found[None] = asker.ask()
            yield found


@contextmanager
def _servers(folder: Path) -> Iterator[Mapping[str, Server]]:
    folder.mkdir(mode=0o755)
    store = Server(partial(stores.bucket, port=free_port()))
    with servers(folder) as others, ExitStack() as stack:
        stack.callback(store.stop)
        store.start()
        yield {
            "cache": others.cache,
            "storage": store,
            "database": others.database,
            "queue": others.broker,
        }


@pytest.mark.parametrize("down", [*combinations()], ids=name)
class TestWhileTheyAreDown:
    def test_it_lives(self, told: Mapping[frozenset[str], Told], down: frozenset[str]) -> None:
        answer = told[down].alive
        assert (answer.status, answer.json) == (200, {"status": "alive"})

    def test_each_is_named(self, told: Mapping[frozenset[str], Told], down: frozenset[str]) -> None:
        lost = {*down, *(["scanner"] if "database" in down else [])}  # nobody knows of it then
        for answer in told[down].looks:
            assert answer.json["checks"] == {
                each: "error" if each in lost else "ok" for each in (*SERVICES, "scanner")
            }
            if "database" in down or len(down) > 1:
                assert (answer.status, answer.json["status"]) == (503, "unhealthy")
                assert answer.codes == ["UNHEALTHY"]
                assert answer.json["request_id"] == answer.headers["x-request-id"]
            else:
                verdict = "degraded" if down else "healthy"
                assert (answer.status, answer.json["status"]) == (200, verdict)
                assert "errors" not in answer.json

    def test_what_needs_none_of_them_goes_on(
        self, told: Mapping[frozenset[str], Told], down: frozenset[str]
    ) -> None:
        for answer, status in ((told[down].read, 200), (told[down].scheduled, 201)):
            if "database" in down:
                assert (answer.status, answer.codes) == (503, ["DATABASE_UNAVAILABLE"])
            else:
                assert answer.status == status, answer.content

    def test_no_file_is_taken_that_cannot_be_looked_at(
        self, told: Mapping[frozenset[str], Told], down: frozenset[str]
    ) -> None:
        answer = told[down].uploaded
        if missing := [each for each in ("database", "storage") if each in down]:
            code = f"{missing[0].upper()}_UNAVAILABLE"
            assert (answer.status, answer.codes) == (503, [code])
        else:
            assert answer.status == 200, answer.content


def test_afterwards_all_is_as_it_was(told: Mapping[None, Told]) -> None:
    again = told[None]
    assert {each.json["status"] for each in again.looks} == {"healthy"}
    assert [each.status for each in (again.read, again.scheduled, again.uploaded)] == [
        200,
        201,
        200,
    ]
