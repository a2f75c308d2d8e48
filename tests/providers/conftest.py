"""Each test of the conformance suite runs for every provider found."""

import pytest

from shared.channels.adapters.registry import slugs
from tests.providers.account import Connected, connected
from tests.simulator.client import Simulator


@pytest.fixture(params=sorted(slugs()))
def slug(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


HANGING = {"hang_after_accepting", "slow_body"}


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    """Seconds for a call: waited out where a network hangs, and nowhere else."""
    told = getattr(request.node, "callspec", None)
    return 1.0 if told is not None and told.params.get("kind") in HANGING else 1.5


@pytest.fixture
def account(
    slug: str, simulator: Simulator, patience: float, monkeypatch: pytest.MonkeyPatch
) -> Connected:
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", str(patience))
    assert slug in simulator.networks(), f"write tests/simulator/networks/{slug}.py"
    return connected(slug, simulator)
