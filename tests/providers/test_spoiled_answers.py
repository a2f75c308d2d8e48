"""A success that says something else: whichever call gets it, nothing is made up of it.

A 200 with an error inside is one of them.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from shared.channels.api.delivery import Http, ProviderError, Publication, Receipt, Unanswered
from shared.channels.domain.provider import Answer
from tests.providers.account import Connected, called, connected, publication
from tests.simulator.client import Simulator
from tests.simulator.imitation import habits

ERROR = {"message": "It was not done", "code": "NOT_DONE", "type": "NotDone", "status": 500}
BODIES = {
    "an error inside": json.dumps({"error": ERROR}).encode(),
    "a list": b"[]",
    "nothing": b"",
}


@dataclass(kw_only=True)
class Spoiling:
    """The client, but that one call is answered with another `body`, if it has succeeded."""

    http: Http
    body: bytes
    place: int | None = None
    calls: int = 0

    async def request(self, method: str, url: str, **arguments: Any) -> Answer:
        answer: Any = await self.http.request(method, url, **arguments)
        place, self.calls = self.calls, self.calls + 1
        if place != self.place or answer.status >= 300:
            whole: Answer = answer
            return whole
        spoiled: Answer = replace(answer, body=self.body)
        return spoiled


@pytest.fixture
def account(slug: str, simulator: Simulator) -> Connected:
    return connected(slug, simulator, **({"posts_allowed": 1000} if habits(slug).limits else {}))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_receipt_is_made_up_and_no_refusal_is_of_what_was_published(
    account: Connected, body: bytes
) -> None:
    for place in range(_calls(account)):
        wanted = publication(f"Spoiled at call {place}, {len(body)}")
        ending = _ending(account, wanted, place, body)
        arrived = [one for one in account.receipts() if one["text"] == wanted.text]
        if isinstance(ending, Receipt):
            assert [one["id"] for one in arrived] == [ending.external_id]
            continue
        assert isinstance(ending, Unanswered) or not arrived, (place, ending)
        assert not [secret for secret in account.secrets if secret in str(ending)]


def _calls(account: Connected) -> int:
    """How many calls it takes to publish, with what must be attached."""

    async def count(http: Http) -> int:
        counting = Spoiling(http=http, body=b"")
        await account.publishing(counting, publication("Counted"))
        return counting.calls

    return called(count)


def _ending(
    account: Connected, wanted: Publication, place: int, body: bytes
) -> Receipt | ProviderError:
    async def publish(http: Http) -> Receipt | ProviderError:
        try:
            return await account.publishing(Spoiling(http=http, body=body, place=place), wanted)
        except ProviderError as error:
            return error

    return called(publish)
