"""Where services come from: what was asked for, what was given, and what a person is told."""

import pytest

from runner.refused import Refused
from runner.services.choice import choose, describe

EVERY = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")


@pytest.mark.parametrize(
    ("chosen", "given", "words"),
    [
        (
            "embedded",
            (),
            "embedded: PostgreSQL from its wheel, queues in memory and a cache in memory",
        ),
        (
            "embedded",
            ("BROKER_URL",),
            "embedded: PostgreSQL from its wheel and a cache in memory; as given: BROKER_URL",
        ),
        (
            "system",
            ("CACHE_URL", "DATABASE_URL"),
            (
                "system: RabbitMQ of this machine, started privately;"
                " as given: DATABASE_URL, CACHE_URL"
            ),
        ),
        ("docker", (), "docker: PostgreSQL, RabbitMQ and Memcached in containers"),
        ("embedded", EVERY, "as given: DATABASE_URL, BROKER_URL, CACHE_URL"),
        ("docker", EVERY, "as given: DATABASE_URL, BROKER_URL, CACHE_URL"),
    ],
)
def test_only_what_is_used_is_described(chosen: str, given: tuple[str, ...], words: str) -> None:
    assert describe(chosen, given) == words


def test_nothing_has_to_be_installed_where_all_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="not installed"):
        choose("docker", given=EVERY[1:])
    for asked in ("auto", "docker", "system", "embedded"):
        assert choose(asked, given=EVERY) in {asked, "embedded"}
