"""Why a deployment failed is told to whoever deploys, and nothing that is secret."""

import json

import pytest

from shared.infrastructure.custom_resource import asked_of, fail
from tests.custom_resource import cloudformation

MOST = 4096
"""Bytes of an answer, by CloudFormation."""


def test_a_reason_holds_no_secret() -> None:
    with cloudformation() as waiting:
        fail(asked_of(waiting.event()), "away: postgresql://luxaris:s3cr3t@db:5432/luxaris")
        [told] = waiting.told
    assert told["Status"] == "FAILED"
    assert "@db:5432/luxaris" in told["Reason"]
    assert "s3cr3t" not in json.dumps(told)


@pytest.mark.parametrize("said", ["x", "ü", '"', "\n", "\\", "\x01", "😀", 'a"ü\n😀'])
def test_a_long_reason_is_cut_to_what_is_taken(said: str) -> None:
    with cloudformation() as waiting:
        fail(asked_of(waiting.event()), said * 100_000)
        [told] = waiting.told
    assert MOST - 100 < waiting.sizes[-1] <= MOST
    assert (said * 100_000).startswith(told["Reason"])


def test_a_short_reason_is_told_whole() -> None:
    with cloudformation() as waiting:
        fail(asked_of(waiting.event()), 'Nö: "away"\n')
        [told] = waiting.told
    assert told["Reason"] == 'Nö: "away"\n'


def test_where_to_answer_is_not_shown() -> None:
    """Whoever has the address may answer in our place."""
    with cloudformation() as waiting:
        asked = asked_of(waiting.event())
    assert waiting.url not in repr(asked)
