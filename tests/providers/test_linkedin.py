"""What is LinkedIn's alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Publication,
    Receipt,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain import upload_time
from shared.channels.domain.linkedin import media
from shared.channels.domain.linkedin.post import SETTINGS
from shared.channels.domain.media import MediaKind
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import Answer, follow_up_length
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import Bytes, attachment
from tests.providers.authorizing import Person
from tests.simulator.client import Simulator
from tests.small_files import document

ROLES = {
    "First Works": "ADMINISTRATOR",
    "Second Works": "CONTENT_ADMINISTRATOR",
    "Only Read": "ANALYST",
}


@pytest.fixture
def linkedin(simulator: Simulator) -> Connected:
    return connected("linkedin", simulator)


def chosen(**settings: Any) -> Publication:
    return replace(publication("With settings"), settings=settings)


def pages(simulator: Simulator, roles: dict[str, str]) -> list[Connected]:
    """The accounts of somebody who runs pages: themselves first."""
    fields = simulator.account("linkedin", organizations=roles)
    member = connect("linkedin", fields).external_id.rpartition(":")[2]
    person = Person.at("linkedin", simulator)
    return [person.connected(one) for one in person.exchange(person.code(account=member))]


def test_a_person_comes_before_the_pages_they_may_post_for(simulator: Simulator) -> None:
    fields = simulator.account("linkedin", organizations=ROLES)
    member = connect("linkedin", fields)
    person = Person.at("linkedin", simulator)
    code = person.code(account=member.external_id.rpartition(":")[2])
    accounts = person.exchange(code)
    assert [one.display_name for one in accounts] == [
        member.display_name,
        "First Works",
        "Second Works",
    ]
    assert accounts[0].external_id == member.external_id
    assert [one.kind for one in accounts] == ["person", "organization", "organization"]
    for one in accounts[1:]:
        assert one.external_id.startswith("urn:li:organization:")
        assert one.url.endswith(f"/company/{one.username}")


def test_each_page_posts_as_itself(simulator: Simulator) -> None:
    accounts = pages(simulator, ROLES)
    for one in accounts:
        one.publish(publication())
    assert [each["account"] for each in accounts[0].receipts()] == [
        one.credentials["author"] for one in accounts
    ]


def test_a_page_can_be_proved_again(simulator: Simulator) -> None:
    _, first, _ = pages(simulator, ROLES)
    account = connect("linkedin", first.credentials)
    assert account.external_id == first.credentials["author"]
    assert account.username == "first-works"


def test_a_page_that_somebody_else_runs_is_refused(simulator: Simulator) -> None:
    _, theirs = pages(simulator, {"Theirs": "ADMINISTRATOR"})
    own = connected("linkedin", simulator)
    stolen = {**own.credentials, "author": theirs.credentials["author"]}
    with pytest.raises(Refused) as caught:
        connect("linkedin", stolen)
    assert caught.value.error_class is ErrorClass.PERMISSION
    error = replace(own, credentials=stolen).refusal(publication())
    assert error.error_class is ErrorClass.PERMISSION


def test_more_pages_than_one_list_holds_are_found(simulator: Simulator) -> None:
    roles = {f"Page {number}": "ANALYST" for number in range(101)}
    assert len(pages(simulator, {**roles, **ROLES})) == 3


def test_so_many_pages_are_offered_and_no_more(simulator: Simulator) -> None:
    roles = {f"Page {number}": "ADMINISTRATOR" for number in range(52)}
    assert len(pages(simulator, roles)) == 51


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_that_is_not_shown_is_left_out(simulator: Simulator, status: int) -> None:
    """The person is, and the others are: their consent is spent."""
    member = connect("linkedin", simulator.account("linkedin", organizations=ROLES))
    person = Person.at("linkedin", simulator)
    code = person.code(account=member.external_id.rpartition(":")[2])

    class Hiding:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            answer: Any = await self._http.request(method, url, **arguments)
            is_hidden = "/rest/organizations/" in url and b"First Works" in answer.body
            said: Answer = replace(answer, status=status, body=b"{}") if is_hidden else answer
            return said

    accounts = called(
        lambda http: person.provider.exchange(
            Hiding(http), person.application, person.authorization, code
        )
    )
    assert [one.display_name for one in accounts] == [member.display_name, "Second Works"]


def test_what_is_sent_is_what_is_previewed_and_its_author(linkedin: Connected) -> None:
    wanted = chosen(visibility="CONNECTIONS", disable_reshare=True)
    preview = linkedin.provider.preview(wanted)
    assert (preview.method, preview.path) == ("POST", "/rest/posts")
    assert preview.body["visibility"] == "CONNECTIONS"
    assert preview.body["isReshareDisabledByAuthor"] is True
    sent: list[Any] = []

    class Client:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            sent.append(arguments["json"])
            assert arguments["headers"]["X-Restli-Protocol-Version"] == "2.0.0"
            return await self._http.request(method, url, **arguments)

    called(lambda http: linkedin.publishing(Client(http), wanted))
    assert sent == [{"author": linkedin.credentials["author"], **preview.body}]


@pytest.mark.parametrize(
    "settings",
    [{}, {"visibility": "PUBLIC"}, {"visibility": "CONNECTIONS"}, {"disable_reshare": True}],
)
def test_linkedin_takes_all_that_can_be_set(linkedin: Connected, settings: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SETTINGS).validate(settings)
    linkedin.publish(chosen(**settings))


@pytest.mark.parametrize(
    "settings", [{"visibility": "LOGGED_IN"}, {"disable_reshare": 1}, {"x": 1}]
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_a_page_has_no_connections_to_post_to(simulator: Simulator) -> None:
    _, page = pages(simulator, {"Works": "ADMINISTRATOR"})
    error = page.refusal(chosen(visibility="CONNECTIONS"))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


def test_the_link_is_of_the_feed(linkedin: Connected) -> None:
    receipt = linkedin.publish(publication())
    assert receipt.external_id.startswith("urn:li:share:")
    assert receipt.url == f"{linkedin.credentials['server']}/feed/update/{receipt.external_id}"


def test_a_days_limit_ends_the_day(simulator: Simulator) -> None:
    linkedin = connected("linkedin", simulator, posts_allowed=1)
    linkedin.publish(publication("One"))
    allowance = linkedin.refusal(publication("Two")).allowance
    assert allowance is not None
    assert (allowance.remaining, allowance.resets_at.hour, allowance.resets_at.minute) == (0, 0, 0)


def test_a_token_alone_connects_until_it_expires(simulator: Simulator) -> None:
    fields = simulator.account("linkedin", renews=False)
    account = connect("linkedin", {name: fields[name] for name in ("server", "access_token")})
    assert not account.renewable
    simulator.expire_tokens()
    with pytest.raises(Refused) as caught:
        connect("linkedin", account.credentials)
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.AUTHENTICATION,
        "CREDENTIALS_REFUSED",
    )


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"sub": "1"}', b"null"])
def test_an_answer_about_the_member_that_cannot_be_understood(
    linkedin: Connected, body: bytes
) -> None:
    class Saying:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            answer: Any = await self._http.request(method, url, **arguments)
            said: Answer = replace(answer, body=body)
            return said

    with pytest.raises(Unanswered):
        called(lambda http: linkedin.provider.connect(Saying(http), linkedin.fields))


def test_a_document_has_a_title(linkedin: Connected) -> None:
    year = attachment(media.RULES, MediaKind.DOCUMENT)
    wanted = replace(chosen(carousel_name="Our year"), attachments=(year,))
    body = linkedin.provider.preview(wanted).body
    assert body["content"] == {"media": {"id": "<file 1>", "title": "Our year"}}
    linkedin.publish(wanted)
    (arrived,) = linkedin.receipts()
    assert arrived["media"][0]["mime_type"] == "application/pdf"


def test_a_document_of_too_many_pages_is_refused(linkedin: Connected) -> None:
    for pages in (300, 301):
        data = document(pages=pages)
        thick = replace(attachment(media.RULES, MediaKind.DOCUMENT), content=Bytes(data))
        thick = replace(thick, size=len(data))
        wanted = replace(publication(f"{pages} pages"), attachments=(thick,))
        if pages <= 300:
            linkedin.publish(wanted)
            continue
        error = linkedin.refusal(wanted)
        assert (error.error_class, error.code) == (ErrorClass.MEDIA, "MEDIA_REFUSED")
    assert len(linkedin.receipts()) == 1


def test_a_page_shows_what_it_has_uploaded_itself(simulator: Simulator) -> None:
    _, page = pages(simulator, {"Works": "ADMINISTRATOR"})
    picture = attachment(media.RULES, MediaKind.IMAGE, alt_text="Works")
    page.publish(replace(publication(), attachments=(picture, picture)))
    (arrived,) = page.receipts()
    assert [one["alt_text"] for one in arrived["media"]] == ["Works", "Works"]


def test_a_film_that_takes_too_long_to_send_is_tried_again(
    linkedin: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_time, "UPLOADING", timedelta(0))
    film = attachment(media.RULES, MediaKind.VIDEO)
    error = linkedin.refusal(replace(publication(), attachments=(film,)))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.NETWORK, "UPLOAD_TOO_SLOW")
    assert linkedin.receipts() == []


def follow_up(root: Receipt, text: str) -> Publication:
    reply_to = ReplyTo(root_id=root.external_id, parent_id=root.external_id)
    return replace(publication(text), reply_to=reply_to)


def test_a_page_comments_as_itself_in_plain_words(simulator: Simulator) -> None:
    _, page = pages(simulator, {"Works": "ADMINISTRATOR"})
    root = page.publish(publication("First (of two)"))
    made = page.publish(follow_up(root, "And @you (second)"))
    assert (made.external_id.startswith("urn:li:comment:("), made.url) == (True, root.url)
    assert [(each["account"], each["text"]) for each in page.receipts()] == [
        (page.credentials["author"], "First (of two)"),
        (page.credentials["author"], "And @you (second)"),
    ]


def test_a_comment_has_a_length_of_its_own(linkedin: Connected) -> None:
    root = linkedin.publish(publication("First"))
    most = follow_up_length(linkedin.provider)
    linkedin.publish(follow_up(root, "x" * most))
    error = linkedin.refusal(follow_up(root, "x" * (most + 1)))
    assert (error.error_class, len(linkedin.receipts())) == (ErrorClass.CONTENT, 2)


def test_a_page_and_its_posts_are_counted(simulator: Simulator) -> None:
    _, first, second = pages(simulator, {"First": "ADMINISTRATOR", "Second": "ADMINISTRATOR"})
    provider = first.provider
    assert isinstance(provider, Measures)
    counts = {"impressions": 9, "reach": 7, "clicks": 5, "likes": 4, "replies": 3, "reposts": 2}
    told = called(lambda http: provider.account_metrics(http, first.credentials))
    assert told == {"followers": 219, **{f"{name}_in_12_months": n for name, n in counts.items()}}
    post = first.publish(publication())

    def counted(page: Connected, known: str) -> Mapping[str, int]:
        return called(lambda http: provider.post_metrics(http, page.credentials, known))

    assert counted(first, post.external_id) == counts
    assert counted(first, post.url) == counts
    with pytest.raises(Refused) as caught:
        counted(second, post.external_id)
    assert caught.value.code == "POST_MISSING"


def test_a_person_is_not_counted(linkedin: Connected) -> None:
    provider = linkedin.provider
    assert isinstance(provider, Measures)
    post = linkedin.publish(publication())
    known = linkedin.credentials
    assert called(lambda http: provider.account_metrics(http, known)) == {}
    assert called(lambda http: provider.post_metrics(http, known, post.external_id)) == {}
