"""Docker, as far as it can be told without an engine: a program in its place notes its orders."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from runner import settings
from runner.folder import new_secrets
from runner.refused import Refused
from runner.services import docker
from runner.services.choice import choose
from runner.services.start import started
from runner.template import PATH
from shared.infrastructure.s3_addresses import Bucket

ROOT = Path(__file__).parents[3]

PROGRAM = """#!/bin/sh
echo "$*" >> "{notes}"
case "$*" in
  version*) exit {engine} ;;
  *" port postgres 5432") echo 127.0.0.1:15432 ;;
  *" port rabbitmq 5672") echo 127.0.0.1:15672 ;;
  *" port memcached 11211") echo 127.0.0.1:11212 ;;
  *" up "*) echo "no such image" >&2; exit {up} ;;
esac
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def place(folder: Path, patch: pytest.MonkeyPatch, *, engine: int = 0, up: int = 0) -> None:
    program = folder / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(notes=folder / "notes", engine=engine, up=up))
    program.chmod(0o755)
    patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def orders(notes: Path) -> list[str]:
    """What was asked of ``docker compose``, without project and file."""
    lines = [line for line in notes.read_text().splitlines() if "--file" in line]
    return [line.partition("compose.yaml ")[2] for line in lines]


def test_engine_that_answers_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(tmp_path, monkeypatch)
    assert choose("auto", given=()) == "docker"


def test_client_without_an_engine_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(tmp_path, monkeypatch, engine=1)
    assert choose("auto", given=()) in {"system", "embedded"}
    with pytest.raises(Refused, match="no engine answers"):
        choose("docker", given=())


def test_containers_are_started_asked_for_and_taken_down(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, monkeypatch)
    with started("docker", tmp_path, {}, keep=True) as urls:
        assert urls == {
            "DATABASE_URL": "postgresql://postgres@127.0.0.1:15432/postgres",
            "BROKER_URL": "amqp://guest:guest@127.0.0.1:15672/%2F",
            "CACHE_URL": "memcached://127.0.0.1:11212",
        }
    first, *_, last = orders(notes)
    assert first == "up --detach --wait postgres rabbitmq memcached"
    assert last == "down --timeout 10"


def test_given_service_is_not_started(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, monkeypatch)
    given = {"DATABASE_URL": "postgresql://elsewhere"}
    with started("docker", tmp_path, given, keep=False) as urls:
        assert urls["DATABASE_URL"] == "postgresql://elsewhere"
    first, *_, last = orders(notes)
    assert first == "up --detach --wait rabbitmq memcached"
    assert last == "down --timeout 10 --volumes"


def test_failure_says_what_docker_said_and_leaves_nothing(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, monkeypatch, up=1)
    with pytest.raises(Refused, match="no such image"), docker.compose(tmp_path):
        pass
    assert orders(notes)[-1] == "down --timeout 10"


def test_each_folder_has_its_own_project(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, monkeypatch)
    for name in ("a", "b", "a"):
        with docker.compose(tmp_path / name):
            pass
    ups = [line for line in notes.read_text().splitlines() if " up " in line]
    assert ups[0] == ups[2] != ups[1]


COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


@pytest.mark.parametrize("name", sorted(COMPOSE.keys() - {"luxaris"}))
def test_a_service_is_healthy_before_use_and_reachable_from_here_only(name: str) -> None:
    assert COMPOSE[name]["healthcheck"]["test"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE[name]["ports"])


def test_the_broker_is_the_version_that_is_deployed() -> None:
    (deployed,) = re.findall(r'EngineVersion: "(3\..+)"', (ROOT / "stores.yaml").read_text())
    assert COMPOSE["rabbitmq"]["image"] == f"rabbitmq:{deployed}-alpine"


@pytest.mark.parametrize("name", ["postgres", "rabbitmq", "memcached"])
def test_ports_of_what_the_runner_starts_are_any_that_are_free(name: str) -> None:
    assert all(port.startswith("127.0.0.1::") for port in COMPOSE[name]["ports"])


def test_the_container_writes_nowhere_but_on_volumes_and_waits_for_all_others() -> None:
    """Its own health check is the image's."""
    told = COMPOSE["luxaris"]
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert [port.split(":")[0] for port in told["ports"]] == ["127.0.0.1"]
    assert {volume.split(":")[1] for volume in told["volumes"]} == {"/data", "/tmp"}
    others = COMPOSE.keys() - {"luxaris"}
    assert told["depends_on"] == {name: {"condition": "service_healthy"} for name in others}


def _settings(**chosen: str) -> dict[str, str]:
    """What the container is told, with `${NAME:-default}` as Compose has it."""

    def put(found: re.Match[str]) -> str:
        return chosen.get(found[1], found[2])

    told = COMPOSE["luxaris"]["environment"]
    values = {name: re.sub(r"\$\{(\w+):-(.*?)\}", put, each) for name, each in told.items()}
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize("place", ["development", "production"])
def test_the_container_is_told_settings_that_there_are(place: str) -> None:
    values = _settings(ENVIRONMENT=place)
    every = {**settings.STAND_INS, **new_secrets(), **settings.defaults(values), **values}
    told = settings.environment_of(settings.resolve(PATH.read_text(), every))
    assert told["ENVIRONMENT"] == place
    assert told["BROKER_URL"] == "amqp://guest:guest@rabbitmq/%2F"
    assert Bucket(told["STORAGE_URL"]).address_of("a") == "http://s3.localhost:8333/media/a"


def test_the_store_is_reached_by_one_name_from_inside_and_outside() -> None:
    store = COMPOSE["s3"]
    address = urlsplit(Bucket(_settings()["STORAGE_URL"]).address_of("a"))
    assert store["networks"]["default"]["aliases"] == [address.hostname]
    assert store["ports"] == [f"127.0.0.1:{address.port}:{address.port}"]
    assert store["environment"]["S3_BUCKET"] == address.path.split("/")[1]
