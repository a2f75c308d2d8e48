"""What is X's alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import jsonschema
import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Pending,
    Publication,
    Receipt,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain import upload_time
from shared.channels.domain.media import MediaKind
from shared.channels.domain.provider import Answer
from shared.channels.domain.x import media
from shared.channels.domain.x.post import SETTINGS, comparable, post_of, shown_text
from shared.kernel.ids import new_id
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import attachment
from tests.simulator.client import Simulator

LINKS = (
    "See https://example.com/a_(b)/ and Example.com, “ü” & <b>5 > 4</b>\n\n\nhttps://example.org"
)


@pytest.fixture
def x(simulator: Simulator) -> Connected:
    return connected("x", simulator)


def chosen(text: str = "With settings", **settings: Any) -> Publication:
    return replace(publication(text), settings=settings)


def test_what_is_sent_is_what_is_previewed(x: Connected) -> None:
    wanted = chosen(reply_settings="following", made_with_ai=True, community_id="12")
    preview = x.provider.preview(wanted)
    assert (preview.method, preview.path) == ("POST", "/2/tweets")
    assert preview.body == {
        "text": "With settings",
        "reply_settings": "following",
        "made_with_ai": True,
        "community_id": "12",
    }
    watching = Watching()
    called(lambda http: x.publishing(watching.over(http), wanted))
    assert watching.bodies == [preview.body]


@pytest.mark.parametrize(
    "settings",
    [
        *({}, {"reply_settings": "everyone"}, {"made_with_ai": False, "paid_partnership": False}),
        *({"reply_settings": one} for one in ("mentionedUsers", "subscribers", "verified")),
        {"quote_tweet_id": "1", "paid_partnership": True},
    ],
)
def test_x_takes_all_that_can_be_set(x: Connected, settings: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SETTINGS).validate(settings)
    x.publish(chosen(**settings))


@pytest.mark.parametrize(
    "settings",
    [{"reply_settings": "nobody"}, {"community_id": "x"}, {"made_with_ai": "yes"}, {"poll": {}}],
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_a_reply_has_no_settings_but_its_labels() -> None:
    wanted = replace(
        chosen(reply_settings="verified", quote_tweet_id="1", community_id="1", made_with_ai=True),
        reply_to=ReplyTo(root_id="7", parent_id="https://x.com/ada/status/8?s=20"),
    )
    assert post_of(wanted, []) == {
        "text": "With settings",
        "reply": {"in_reply_to_tweet_id": "8"},
        "made_with_ai": True,
    }


def test_a_link_counts_23_at_x_too(x: Connected) -> None:
    text = "x" * (280 - 24) + " https://example.com/" + "long" * 50
    assert x.provider.count(text) == 280
    x.publish(publication(text))
    error = x.refusal(publication("x" + text))
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "CONTENT_REFUSED")


def test_what_x_does_not_permit_is_content_only_where_it_is_too_long(x: Connected) -> None:
    x.fail("permission")
    assert x.refusal(publication()).error_class is ErrorClass.PERMISSION


def test_subscribers_may_write_more(simulator: Simulator) -> None:
    fields = simulator.account("x", premium=True)
    account = connect("x", fields)
    assert account.limits == {"max_length": 25_000}
    premium = replace(connected("x", simulator), credentials=account.credentials)
    wanted = publication(f"{LINKS} {'word ' * 1000}")
    premium.fail("fail_after_accepting")
    premium.refusal(wanted)
    assert premium.find(wanted) is not None


def test_others_have_no_limit_of_their_own(simulator: Simulator) -> None:
    assert connect("x", simulator.account("x")).limits == {}


@pytest.mark.parametrize(
    "text", [LINKS, "bare www.example.de/ü", " padded \n", "&amp; &lt;", "e\u0301"]
)
def test_a_post_is_found_whatever_x_makes_of_its_text(x: Connected, text: str) -> None:
    wanted = publication(text)
    receipt = x.publish(wanted)
    assert x.find(wanted) == replace(receipt, allowance=None)


def test_a_post_is_found_among_many_newer_ones(simulator: Simulator) -> None:
    x = connected("x", simulator, posts_allowed=300)
    wanted = publication("The one looked for")
    receipt = x.publish(wanted)
    for number in range(120):
        x.publish(publication(f"Newer, {number}"))
    assert x.find(wanted) == receipt


def test_one_of_another_publication_is_never_this_one(x: Connected) -> None:
    wanted = publication()
    receipt = x.publish(wanted)
    assert x.find(replace(wanted, taken=frozenset({receipt.external_id}))) is None


def test_an_older_post_of_the_same_text_is_not_taken_for_it(x: Connected) -> None:
    x.publish(publication("Every day the same"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    wanted = Publication(text="Every day the same", key=str(new_id()), first_tried_at=tomorrow)
    assert x.find(wanted) is None


def test_another_accounts_post_is_not_taken_for_it(simulator: Simulator) -> None:
    one, other = connected("x", simulator), connected("x", simulator)
    wanted = publication("Said by one")
    one.publish(wanted)
    assert other.find(wanted) is None


@pytest.mark.parametrize(
    "page",
    [
        *(b"", b"[]", b"{}", b'{"meta": 5}', b'{"data": [5], "meta": {}}'),
        *(b'{"data": [{"id": "1"}], "meta": {}}', b'{"data": 5, "meta": {}}'),
    ],
)
def test_a_list_that_cannot_be_understood_promises_nothing(x: Connected, page: bytes) -> None:
    with pytest.raises(Unanswered):
        called(lambda http: x.provider.find(Saying(http, page), x.credentials, publication()))


def test_a_list_without_end_promises_nothing(x: Connected) -> None:
    page = b'{"meta": {"next_token": "1"}}'
    with pytest.raises(Unanswered) as caught:
        called(lambda http: x.provider.find(Saying(http, page), x.credentials, publication()))
    assert caught.value.code == "TOO_MANY_TO_SEARCH"


@pytest.mark.parametrize("page", [b"", b"[]", b'{"data": []}', b'{"data": {"id": "1"}}'])
def test_an_answer_about_the_account_that_cannot_be_understood(x: Connected, page: bytes) -> None:
    with pytest.raises(Unanswered):
        called(lambda http: x.provider.connect(Saying(http, page), x.fields))


def test_texts_are_compared_as_x_may_change_them() -> None:
    assert comparable("A  https://Example.com/ b\n") == comparable("a http://example.com b")
    assert comparable("one") != comparable("two")
    post = {
        "text": "5 &lt; 6 https://t.co/1",
        "entities": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://example.com"}]},
    }
    assert shown_text(post) == "5 < 6 https://example.com"


def test_a_token_alone_connects_until_it_expires(simulator: Simulator) -> None:
    fields = simulator.account("x", renews=False)
    account = connect("x", {name: fields[name] for name in ("server", "access_token")})
    assert not account.renewable
    assert account.expires_at is not None
    simulator.expire_tokens()
    with pytest.raises(Refused) as caught:
        connect("x", account.credentials)
    assert caught.value.code == "CREDENTIALS_REFUSED"


def test_a_proof_uses_no_refresh_token_that_is_not_needed(x: Connected) -> None:
    connect("x", x.credentials)
    connect("x", x.credentials)
    x.renew()


class Watching:
    """Keeps what is sent through a client."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    def over(self, http: Http) -> Http:
        kept = self.bodies

        class Client:
            async def request(self, method: str, url: str, **arguments: Any) -> Answer:
                kept.append(arguments.get("json"))
                return await http.request(method, url, **arguments)

        return Client()


class Saying:
    """A client that is told the same whatever it asks."""

    def __init__(self, http: Http, body: bytes) -> None:
        self._http = http
        self._body = body

    async def request(self, method: str, url: str, **arguments: Any) -> Answer:
        answer: Any = await self._http.request(method, url, **arguments)
        said: Answer = replace(answer, body=self._body)
        return said


def test_a_film_goes_up_in_segments_and_goes_on_after_the_time_is_over(
    x: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "_SEGMENT", 1024)
    monkeypatch.setattr(upload_time, "UPLOADING", timedelta(0))
    film = attachment(media.RULES, MediaKind.VIDEO)
    wanted = replace(publication("A film"), attachments=(film,))
    told: list[str] = []
    while isinstance(answer := _published(x, wanted), Pending):
        told.append(answer.progress.get("segment", "-"))
        wanted = replace(wanted, progress=answer.progress)
        sleep(0.03)
    assert told[:2] == ["1", "2"]
    (arrived,) = x.receipts()
    assert arrived["id"] == answer.external_id
    assert arrived["media"][0]["size"] == film.size


def test_what_leads_to_media_is_not_taken_for_words(x: Connected) -> None:
    picture = attachment(media.RULES, MediaKind.IMAGE)
    wanted = replace(publication("See https://example.com/a"), attachments=(picture, picture))
    x.fail("fail_after_accepting")
    x.refusal(wanted)
    found = x.find(wanted)
    assert found is not None
    assert [one["id"] for one in x.receipts()] == [found.external_id]


def test_what_x_counts_is_told_under_our_names(x: Connected) -> None:
    receipt = x.publish(publication("Count me"))
    provider: Any = x.provider
    account = called(lambda http: provider.account_metrics(http, x.credentials))
    assert account == {"followers": 4, "following": 2, "posts": 7}
    for known in (receipt.external_id, receipt.url):
        post = called(lambda http: provider.post_metrics(http, x.credentials, known))  # noqa: B023
        assert post.items() >= {"impressions": 9, "likes": 3, "reposts": 2, "quotes": 1}.items()
    with pytest.raises(Refused):
        called(lambda http: provider.post_metrics(http, x.credentials, "1"))


def _published(x: Connected, wanted: Publication) -> Receipt | Pending:
    return called(lambda http: delivery.publish(http, x.opened, wanted))
