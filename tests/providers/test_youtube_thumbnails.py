"""YouTube: the cover of a film becomes its thumbnail, and never stands in the film's way."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from shared.channels.adapters.providers import youtube
from shared.channels.api.delivery import Http
from shared.channels.domain.media import ImageRules
from shared.channels.domain.provider import Answer
from tests.providers.account import Connected, called
from tests.providers.attachments import picture
from tests.providers.test_youtube import long_film, of


@pytest.fixture
def slug() -> str:
    return "youtube"


def test_the_cover_becomes_the_thumbnail(account: Connected) -> None:
    cover = picture(ImageRules(max_bytes=2**21))
    account.publish(of(replace(long_film(), cover=cover)))
    (arrived,) = account.receipts()
    assert arrived["media"][0]["cover"]["size"] == cover.size


@pytest.mark.parametrize("wrong", [{"mime_type": "image/png"}, {"size": 2**21 + 1}])
def test_a_thumbnail_that_is_not_taken_keeps_no_film_back(
    account: Connected, wrong: dict[str, Any]
) -> None:
    cover = replace(picture(ImageRules(max_bytes=2**21)), **wrong)
    account.publish(of(replace(long_film(), cover=cover)))
    (arrived,) = account.receipts()
    assert "cover" not in arrived["media"][0]


@pytest.mark.parametrize("seconds", [0.2, 0.0, -1.0])
def test_a_thumbnail_that_takes_long_keeps_no_receipt_back(
    account: Connected, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """Nor is it waited for where the film has taken all the time that there was."""
    monkeypatch.setattr(youtube, "_COVERED_BY", timedelta(seconds=seconds))
    wanted = of(replace(long_film(), cover=picture(ImageRules(max_bytes=2**21))))
    began = time.monotonic()
    receipt = called(lambda http: account.publishing(Hanging(http, "thumbnails/set"), wanted))
    assert time.monotonic() - began < Hanging.seconds / 2
    (arrived,) = account.receipts()
    assert arrived["id"] == receipt.external_id
    assert account.find(wanted) == receipt


@dataclass(frozen=True)
class Hanging:
    """A client that one kind of call never comes back from."""

    http: Http
    path: str
    seconds: ClassVar[float] = 20.0

    async def request(self, method: str, url: str, **call: Any) -> Answer:
        if url.endswith(self.path):
            await asyncio.sleep(self.seconds)
        return await self.http.request(method, url, **call)
