"""Each test of the conformance suite runs for every provider found."""

import pytest

from shared.channels.adapters.registry import slugs
from tests.providers.account import Connected, connected
from tests.simulator.client import Simulator


@pytest.fixture(params=sorted(slugs()))
def slug(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def account(slug: str, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Connected:
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", "1.5")  # which a test of one that hangs waits for
    assert slug in simulator.networks(), f"write tests/simulator/networks/{slug}.py"
    return connected(slug, simulator)
