"""Docker, as far as it can be told without an engine: a program in its place notes its orders."""

from pathlib import Path

import pytest
import yaml

from runner.refused import Refused
from runner.services import docker
from runner.services.choice import choose
from runner.services.start import started

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


def test_services_are_healthy_before_use_and_reachable_from_here_only() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"postgres", "rabbitmq", "memcached"}
    for service in services.values():
        assert service["healthcheck"]["test"]
        assert all(port.startswith("127.0.0.1::") for port in service["ports"])
