"""The simulated networks beside the runner, from one run to the next."""

import socket
from pathlib import Path

import pytest

from runner.simulator import simulator
from tests.providers.account import connect
from tests.simulator.client import Simulator


def test_a_simulated_account_outlives_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", "5")
    with simulator(tmp_path) as url:
        fields = Simulator(url).account("mastodon")
        known = connect("mastodon", fields)
    with simulator(tmp_path) as again:
        assert again == url
        assert connect("mastodon", fields) == known


def test_a_port_that_is_taken_is_left_to_whoever_has_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        (tmp_path / "simulator.port").write_text(str(port))
        with simulator(tmp_path) as url:
            assert not url.endswith(f":{port}")
            assert Simulator(url).networks()
