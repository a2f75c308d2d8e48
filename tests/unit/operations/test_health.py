"""What services that are down make of the whole."""

import tomllib

import pytest

from shared.infrastructure.release import ReleaseSettings
from shared.operations.domain.health import Health, ServiceCheck, health
from tests.architecture.tree import ROOT


@pytest.mark.parametrize(
    ("down", "verdict"),
    [
        (set(), Health.HEALTHY),
        ({"cache"}, Health.DEGRADED),
        ({"queue"}, Health.DEGRADED),
        ({"database"}, Health.UNHEALTHY),
        ({"cache", "queue"}, Health.UNHEALTHY),
        ({"database", "cache", "queue"}, Health.UNHEALTHY),
        ({"scanner"}, Health.DEGRADED),
        ({"scanner", "queue"}, Health.DEGRADED),
    ],
)
def test_the_verdict(down: set[str], verdict: Health) -> None:
    services = ("database", "cache", "queue", "scanner")
    checks = {name: ServiceCheck.ERROR if name in down else ServiceCheck.OK for name in services}
    assert health(checks) is verdict


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert ReleaseSettings().version == project["version"]
