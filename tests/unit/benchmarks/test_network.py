"""The cheap network answers as Mastodon does and knows what came twice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from shared.channels.adapters.networks import networks
from shared.channels.api.delivery import Credentials, Publication, Receipt, publish
from shared.kernel.clock import utc_now
from tests.benchmarks.arrivals import Network, network

ONE, OTHER = (str(UUID(int=number)) for number in (1, 2))


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "true")
    with network(tmp_path, delay=0.0) as running:
        yield running


async def _post(url: str, keys: list[str]) -> list[str]:
    values = {"instance": url, "access_token": "t", "account_id": "1"}
    credentials = Credentials(channel="mastodon", values=values)
    async with networks() as http:
        answers = [await publish(http, credentials, publication(key)) for key in keys]
    return [answer.external_id for answer in answers if isinstance(answer, Receipt)]


def publication(key: str) -> Publication:
    return Publication(text="Good morning", key=key, first_tried_at=utc_now())


def test_provider_publishes_and_what_came_twice_is_known(there: Network) -> None:
    before = utc_now().timestamp()
    assert asyncio.run(_post(there.url, [ONE, OTHER, ONE])) == ["1", "2", "3"]
    receipts = there.receipts()
    assert {key: len(instants) for key, instants in receipts.items()} == {ONE: 2, OTHER: 1}
    assert before <= min(receipts[ONE]) <= receipts[OTHER][0] <= max(receipts[ONE])
    there.clear()
    assert there.receipts() == {}
