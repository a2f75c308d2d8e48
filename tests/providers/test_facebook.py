"""What is Facebook's alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import ErrorClass, Http, Pending, Publication, Receipt, Refused
from shared.channels.domain import upload_time
from shared.channels.domain.facebook.media import rules
from shared.channels.domain.facebook.post import SETTINGS, feed_of
from shared.channels.domain.media import MediaKind
from shared.channels.domain.provider import Answer
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import attachment
from tests.providers.authorizing import Person
from tests.simulator.client import Simulator


@pytest.fixture
def facebook(simulator: Simulator) -> Connected:
    return connected("facebook", simulator)


def with_one(kind: MediaKind, **settings: Any) -> Publication:
    one = attachment(rules(settings), kind)
    return replace(publication("Look"), settings=settings, attachments=(one,))


def test_the_pages_that_a_person_may_post_for_are_offered(simulator: Simulator) -> None:
    fields = simulator.account(
        "facebook", pages={"Bakery": ["CREATE_CONTENT"], "Read": ["ANALYZE"], "Bar": ["MANAGE"]}
    )
    page = connect("facebook", fields).external_id
    person = Person.at("facebook", simulator)
    accounts = person.exchange(person.code(account=f"owner-of-{page}"))
    assert [one.display_name.split()[0] for one in accounts] == ["Bakery", "Bar"]
    assert {one.kind for one in accounts} == {"organization"}
    for one in accounts:
        person.connected(one).publish(publication(f"From {one.display_name}"))
    assert [one["account"] for one in simulator.receipts("facebook")] == [
        one.external_id for one in accounts
    ]


@pytest.mark.parametrize(
    "settings",
    [{"url": "https://example.com/a"}, {"text_format_preset_id": "106018623298955"}],
)
def test_what_can_be_set_is_sent(facebook: Connected, settings: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SETTINGS).validate(settings)
    wanted = replace(publication("Look"), settings=settings)
    assert set(feed_of(wanted)) - {"message"} == ({"link"} if "url" in settings else {*settings})
    facebook.publish(wanted)


@pytest.mark.parametrize(
    "settings", [{"post_type": "note"}, {"url": "ftp://a"}, {"x": 1}, {"text_format_preset_id": 1}]
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_a_background_is_for_short_words(facebook: Connected) -> None:
    wanted = replace(publication("x" * 131), settings={"text_format_preset_id": "1"})
    error = facebook.refusal(wanted)
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


def test_a_film_goes_on_where_the_page_says(facebook: Connected) -> None:
    """Whoever died in the middle has told where it began, not how far it came."""
    wanted = with_one(MediaKind.VIDEO)
    (film,) = wanted.attachments
    assert film.size > 2 * 1024, "it needs several pieces"
    opened = _step(facebook, wanted)
    assert isinstance(opened, Pending)
    assert opened.progress.keys() == {"video", "session", "start", "end"}
    wanted = replace(wanted, progress=opened.progress)

    class Dying:
        def __init__(self, http: Http) -> None:
            self.http, self.pieces = http, 0

        async def request(self, method: str, url: str, **body: Any) -> Answer:
            self.pieces += "files" in body and body["files"] is not None
            if self.pieces > 2:
                raise Refused(ErrorClass.NETWORK, "NETWORK_UNREACHABLE", "gone")
            return await self.http.request(method, url, **body)

    with pytest.raises(Refused):
        called(lambda http: delivery.publish(Dying(http), facebook.opened, wanted))
    assert facebook.find(wanted) is None
    receipt = facebook.publish(wanted)
    (arrived,) = facebook.receipts()
    assert arrived["id"] == receipt.external_id == opened.progress["video"]
    assert arrived["media"][0]["size"] == film.size


def test_a_film_goes_up_as_long_as_there_is_time(
    facebook: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_time, "UPLOADING", timedelta(0))
    wanted = with_one(MediaKind.VIDEO)
    starts = []
    while isinstance(answer := _step(facebook, wanted), Pending):
        starts.append(int(answer.progress["start"]))
        wanted = replace(wanted, progress=answer.progress)
    assert starts[:3] == [0, 1024, 2048]
    assert [one["id"] for one in facebook.receipts()] == [answer.external_id]


@pytest.mark.parametrize("kind", ["fail_after_accepting", "malformed", "status_after_accepting"])
@pytest.mark.parametrize("settings", [{}, {"post_type": "reel"}])
def test_a_film_that_may_have_been_published_is_asked(
    facebook: Connected, kind: str, settings: dict[str, Any]
) -> None:
    wanted = with_one(MediaKind.VIDEO, **settings)
    facebook.fail(kind)
    facebook.refusal(wanted)
    found = facebook.find(wanted)
    assert found is not None
    assert [one["id"] for one in facebook.receipts()] == [found.external_id]


def test_a_photo_story_that_may_have_been_published_is_found(facebook: Connected) -> None:
    wanted = replace(with_one(MediaKind.IMAGE, post_type="story"), text="")
    facebook.fail("fail_after_accepting")
    facebook.refusal(wanted)
    found = facebook.find(wanted)
    assert found is not None
    assert [one["id"] for one in facebook.receipts()] == [found.external_id]


def test_the_same_words_with_other_photos_are_another_post(facebook: Connected) -> None:
    first, second = with_one(MediaKind.IMAGE), with_one(MediaKind.IMAGE)
    facebook.publish(first)
    facebook.fail("server_error_before")
    facebook.refusal(second)
    assert facebook.find(second) is None
    facebook.publish(second)
    assert len(facebook.receipts()) == 2


def test_a_link_is_known_by_its_address(facebook: Connected) -> None:
    receipt = facebook.publish(publication("Count me"))
    provider: Any = facebook.provider
    post = called(lambda http: provider.post_metrics(http, facebook.credentials, receipt.url))
    assert {"views", "clicks", "likes"} <= post.keys()
    account = called(lambda http: provider.account_metrics(http, facebook.credentials))
    assert account["followers"] == 12


def _step(facebook: Connected, wanted: Publication) -> Receipt | Pending:
    return called(lambda http: delivery.publish(http, facebook.opened, wanted))


def test_a_persons_token_is_good_for_no_page(simulator: Simulator) -> None:
    with pytest.raises(Refused) as caught:
        connect("facebook", simulator.account("facebook", of_person=True))
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.AUTHENTICATION,
        "NOT_A_PAGE",
    )
