"""Media at Mastodon: what its server refuses, and what is gone on with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import ErrorClass, Pending, Refused
from shared.channels.domain import upload_time
from shared.channels.domain.mastodon.media import RULES
from shared.channels.domain.media import Attachment, MediaKind
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import Bytes, attachment
from tests.simulator.client import Simulator


@pytest.fixture
def mastodon(simulator: Simulator) -> Connected:
    return connected("mastodon", simulator)


def pictures(number: int) -> tuple[Attachment, ...]:
    return tuple(attachment(RULES, MediaKind.IMAGE, number=each) for each in range(number))


def attempt(mastodon: Connected, wanted: delivery.Publication) -> Any:
    return called(lambda http: delivery.publish(http, mastodon.opened, wanted))


def test_a_film_is_waited_for_and_not_uploaded_again(mastodon: Connected) -> None:
    film = attachment(RULES, MediaKind.VIDEO)
    wanted = replace(publication(), attachments=(film,))
    first = attempt(mastodon, wanted)
    assert isinstance(first, Pending)
    assert first.check_after.total_seconds() == 5
    second = attempt(mastodon, replace(wanted, progress=first.progress))
    assert second == first
    receipt = attempt(mastodon, replace(wanted, progress=first.progress))
    assert receipt.external_id == mastodon.receipts()[0]["id"]


def test_what_the_server_has_thrown_away_is_uploaded_anew(mastodon: Connected) -> None:
    wanted = replace(publication(), attachments=pictures(2), progress={"media_ids": "1,2"})
    mastodon.publish(wanted)
    (arrived,) = mastodon.receipts()
    assert len(arrived["media"]) == 2


def test_what_there_is_no_time_for_is_left_to_the_next_attempt(
    mastodon: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_time, "UPLOADING", timedelta(0))
    wanted = replace(publication(), attachments=pictures(2))
    answer = attempt(mastodon, wanted)
    assert isinstance(answer, Pending)
    assert answer.check_after == timedelta(0)
    assert "," not in answer.progress["media_ids"]
    monkeypatch.undo()
    again = replace(wanted, progress=answer.progress)
    assert attempt(mastodon, again).external_id == mastodon.receipts()[0]["id"]
    assert len(mastodon.receipts()[0]["media"]) == 2


def test_a_status_with_other_pictures_is_not_taken_for_it(mastodon: Connected) -> None:
    one, other = (replace(each, alt_text=f"{each.size}") for each in pictures(2))
    wanted = replace(publication("The same"), attachments=(one,))
    mastodon.publish(replace(publication("The same"), attachments=(one, other)))
    mastodon.publish(publication("The same"))
    assert mastodon.find(wanted) is None
    receipt = mastodon.publish(wanted)
    assert mastodon.find(wanted) == receipt


def test_thirty_files_in_half_an_hour_are_all_a_server_takes(mastodon: Connected) -> None:
    for _ in range(7):
        mastodon.publish(replace(publication(), attachments=pictures(4)))
    error = mastodon.refusal(replace(publication(), attachments=pictures(4)))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.RATE_LIMIT
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 1802


@pytest.mark.parametrize(
    "wrong",
    [
        {"alt_text": "x" * 1501},
        {"mime_type": "image/jpeg", "content": b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
        {"content": b"%PDF-1.4"},
        {"content": b""},
    ],
    ids=["words", "drawing", "document", "nothing"],
)
def test_files_the_server_does_not_take(mastodon: Connected, wrong: dict[str, Any]) -> None:
    [picture] = pictures(1)
    if "content" in wrong:
        wrong = {**wrong, "content": Bytes(wrong["content"]), "size": len(wrong["content"])}
    error = mastodon.refusal(replace(publication(), attachments=(replace(picture, **wrong),)))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.MEDIA, "MEDIA_REFUSED")
    assert mastodon.receipts() == []
