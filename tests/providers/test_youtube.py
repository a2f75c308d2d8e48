"""YouTube: sessions that are gone on with, what stands in for a title, how it refuses."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.channels.adapters.providers.youtube import provider
from shared.channels.api import delivery
from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Pending,
    Publication,
    Receipt,
    Refused,
    Unanswered,
)
from shared.channels.domain.media import Attachment
from shared.channels.domain.provider import Answer
from shared.channels.domain.youtube import upload
from shared.channels.domain.youtube.answers import error_of
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import Bytes, film
from tests.providers.fakes import Said
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

QUARTER = 256 * 1024
SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture
def slug() -> str:
    return "youtube"


def long_film(size: int = 5 * QUARTER + 77) -> Attachment:
    """With a box at its end that players skip, so that it takes several pieces."""
    rules = provider.media_rules({}).videos
    assert rules
    made = film(rules)
    assert isinstance(made.content, Bytes)
    rest = size - made.size
    data = made.content.data + rest.to_bytes(4, "big") + b"free" + bytes(rest - 8)
    return replace(made, content=Bytes(data), size=len(data))


def of(one: Attachment, text: str = "A film") -> Publication:
    return replace(publication(text), attachments=(one,))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "PIECE", QUARTER)


class Cut:
    """Loses the answer to the call of this number, which arrives all the same."""

    def __init__(self, http: Http, at: int) -> None:
        self.http, self.left, self.ranges = http, at, list[str]()

    async def request(self, *call: Any, **body: Any) -> Answer:
        if "Content-Range" in (body.get("headers") or {}):
            self.ranges.append(body["headers"]["Content-Range"])
        answer = await self.http.request(*call, **body)
        self.left -= 1
        if not self.left:
            raise Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "cut")
        return answer


@pytest.mark.usefixtures("small_pieces")
def test_an_upload_that_was_cut_goes_on_where_it_was(account: Connected) -> None:
    wanted = of(long_film())

    async def run(http: Http) -> tuple[Receipt, list[str]]:
        begun = await delivery.publish(http, account.opened, wanted)
        assert isinstance(begun, Pending)
        known = replace(wanted, progress=begun.progress)
        with pytest.raises(Refused) as caught:
            await delivery.publish(Cut(http, at=2), account.opened, known)
        assert caught.value.error_class is ErrorClass.NETWORK
        kept = await delivery.publish(Cut(http, at=3), account.opened, known)
        assert isinstance(kept, Pending), "a piece has arrived meanwhile"
        assert kept.progress == begun.progress
        assert await delivery.find(http, account.opened, known) is None
        second = Cut(http, at=0)
        receipt = await delivery.publish(second, account.opened, known)
        assert isinstance(receipt, Receipt)
        return receipt, second.ranges

    receipt, ranges = called(run)
    size = wanted.attachments[0].size
    assert ranges[:2] == [f"bytes */{size}", f"bytes {3 * QUARTER}-{4 * QUARTER - 1}/{size}"]
    (arrived,) = account.receipts()
    assert (arrived["id"], arrived["media"][0]["size"]) == (receipt.external_id, size)


@pytest.mark.usefixtures("small_pieces")
def test_what_there_is_no_time_for_is_left_to_the_next_attempt(
    account: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.channels.domain.upload_time.UPLOADING", timedelta())
    wanted = of(long_film())

    async def run(http: Http) -> Any:
        begun = await delivery.publish(http, account.opened, wanted)
        assert isinstance(begun, Pending)
        return begun, await delivery.publish(
            http, account.opened, replace(wanted, progress=begun.progress)
        )

    begun, later = called(run)
    assert isinstance(later, Pending)
    assert later.progress == begun.progress
    assert account.receipts() == []


def test_a_session_that_is_gone_is_begun_anew(account: Connected) -> None:
    gone = f"{account.credentials['server']}{upload.PATH}?upload_id=forgotten"
    wanted = replace(of(long_film()), progress={"session": gone})
    assert account.find(wanted) is None
    receipt = account.publish(wanted)
    assert [one["id"] for one in account.receipts()] == [receipt.external_id]


def test_what_a_lost_session_published_is_found_among_the_uploads(account: Connected) -> None:
    wanted = of(long_film(), "Is it there? <b>")
    receipt = account.publish(wanted)
    gone = f"{account.credentials['server']}{upload.PATH}?upload_id=forgotten"
    lost = replace(wanted, progress={"session": gone})
    assert account.find(lost) == receipt
    assert account.publish(lost) == receipt
    assert len(account.receipts()) == 1
    assert account.find(replace(lost, taken=frozenset({receipt.external_id}))) is None


@pytest.mark.parametrize(
    ("text", "settings", "title"),
    [
        ("First line\nsecond", {}, "First line"),
        ("  \n First line  \nsecond", {}, "First line"),
        ("x" * 150, {}, "x" * 100),
        ("", {}, "Untitled"),
        ("a > b", {}, "a \u203a b"),
        ("First line", {"title": "Of its own"}, "Of its own"),
    ],
)
def test_a_title_is_chosen_or_the_first_line(
    text: str, settings: dict[str, Any], title: str
) -> None:
    wanted = replace(publication(text), settings=settings)
    assert provider.preview(wanted).body["snippet"]["title"] == title


def test_settings_go_along(account: Connected) -> None:
    settings = {
        "title": "A title",
        "type": "unlisted",
        "selfDeclaredMadeForKids": True,
        "tags": ["two words", "one"],
        "containsSyntheticMedia": True,
    }
    body = provider.preview(replace(publication("Text"), settings=settings)).body
    assert body["snippet"] == {"title": "A title", "description": "Text", "tags": settings["tags"]}
    assert body["status"] == {
        "privacyStatus": "unlisted",
        "selfDeclaredMadeForKids": True,
        "containsSyntheticMedia": True,
    }
    account.publish(replace(of(long_film()), settings=settings))


def test_too_many_tags_are_refused_as_content(account: Connected) -> None:
    settings = {"tags": [f"{number:02} " + "x" * 46 for number in range(10)]}
    error = account.refusal(replace(of(long_film()), settings=settings))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


@pytest.mark.parametrize(
    ("status", "reason", "error_class", "code"),
    [
        (403, "quotaExceeded", ErrorClass.QUOTA, "QUOTA_EXCEEDED"),
        (400, "uploadLimitExceeded", ErrorClass.RATE_LIMIT, "UPLOAD_LIMIT"),
        (403, "userRateLimitExceeded", ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (400, "invalidTags", ErrorClass.CONTENT, "CONTENT_REFUSED"),
        (400, "mediaBodyRequired", ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (401, "youtubeSignupRequired", ErrorClass.AUTHENTICATION, "CREDENTIALS_EXPIRED"),
        (403, "channelSuspended", ErrorClass.PERMISSION, "NOT_PERMITTED"),
        (403, "accessNotConfigured", ErrorClass.PLATFORM, "APPLICATION_REFUSED"),
        (418, "somethingNew", ErrorClass.UNKNOWN, "REFUSED"),
    ],
)
def test_each_reason_has_its_class(
    status: int, reason: str, error_class: ErrorClass, code: str
) -> None:
    body = {"error": {"message": "Words", "errors": [{"reason": reason}]}}
    error = error_of(Said(status, body), renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code, error.words) == (error_class, code, "Words")


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 1, 15, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 1, 15, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 7, 15, 6, 0, tzinfo=UTC), 1),
    ],
)
def test_a_quota_begins_anew_at_midnight_in_california(now: datetime, hours: int) -> None:
    body = {"error": {"errors": [{"reason": "quotaExceeded"}]}}
    error = error_of(Said(403, body, received_at=now), renewable=True)
    assert isinstance(error, Refused)
    assert error.retry_after == hours * 3600


def test_it_counts_an_account_and_a_video(account: Connected) -> None:
    receipt = account.publish(of(long_film()))
    metrics = called(lambda http: provider.account_metrics(http, account.credentials))
    assert metrics == {"followers": 12, "posts": 1, "views": 0}
    for known_by in (receipt.external_id, receipt.url):
        told = called(partial(_post_metrics, account, known_by))
        assert told == {"views": 7, "likes": 3, "replies": 1}
    with pytest.raises(Refused):
        called(lambda http: provider.post_metrics(http, account.credentials, "nothing"))


async def _post_metrics(account: Connected, known_by: str, http: Http) -> Mapping[str, int]:
    return await provider.post_metrics(http, account.credentials, known_by)


@pytest.mark.parametrize(
    ("wrong", "headers", "reason"),
    [
        ({"snippet": {"title": "a < b", "description": ""}}, {}, "invalidTitle"),
        ({"snippet": {"title": "x" * 101, "description": ""}}, {}, "invalidTitle"),
        ({"snippet": {"title": "x", "description": "é" * 2501}}, {}, "invalidDescription"),
        ({"snippet": {"title": "x", "description": "", "tags": ["a b"] * 84}}, {}, "invalidTags"),
        ({"status": {"privacyStatus": "friends"}}, {}, "invalidVideoMetadata"),
        ({}, {"X-Upload-Content-Length": "0"}, "mediaBodyRequired"),
        ({}, {"X-Upload-Content-Type": "image/png"}, "mediaBodyRequired"),
    ],
)
def test_the_imitation_refuses_malformed_videos(
    simulator: Simulator, wrong: dict[str, Any], headers: Mapping[str, str], reason: str
) -> None:
    fields = simulator.account("youtube")
    wish = {**provider.preview(publication("Text")).body, **wrong}
    url = f"{fields['server']}{upload.PATH}?uploadType=resumable&part=snippet,status"
    whole = {
        "Authorization": f"Bearer {fields['access_token']}",
        "X-Upload-Content-Length": "9",
        "X-Upload-Content-Type": "video/mp4",
        **headers,
    }
    status, answer, _ = call(url, wish, whole)
    assert (status, answer["error"]["errors"][0]["reason"]) == (400, reason)


def test_another_channel_has_its_own_uploads(simulator: Simulator, account: Connected) -> None:
    wanted = of(long_film(), "Mine")
    account.publish(wanted)
    other = connected("youtube", simulator)
    gone = f"{other.credentials['server']}{upload.PATH}?upload_id=forgotten"
    assert other.find(replace(wanted, progress={"session": gone})) is None
