"""What is Instagram's alone."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import ErrorClass, Pending, Publication, Refused, ReplyTo
from shared.channels.domain.instagram.media import rules
from shared.channels.domain.instagram.post import SETTINGS, container_of, items_of
from shared.channels.domain.media import MediaKind
from shared.channels.domain.provider import CountsSettings
from shared.channels.domain.tools import Tools
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import attachment
from tests.providers.authorizing import Person
from tests.simulator.client import Simulator


@pytest.fixture
def instagram(simulator: Simulator) -> Connected:
    return connected("instagram", simulator)


def film(**settings: Any) -> Publication:
    taken = rules(settings)
    return replace(
        publication("A film"), settings=settings, attachments=(attachment(taken, MediaKind.VIDEO),)
    )


def test_the_accounts_of_a_persons_pages_are_offered(simulator: Simulator) -> None:
    fields = simulator.account(
        "instagram", pages={"Bakery": ["CREATE_CONTENT"], "Read": ["ANALYZE"], "Bar": ["MANAGE"]}
    )
    person = Person.at("instagram", simulator)
    accounts = person.exchange(person.code(account=f"owner-of-{fields['account_id']}"))
    assert [one.username.rstrip("0123456789") for one in accounts] == ["@bakery", "@bar"]
    for one in accounts:
        person.connected(one).publish(publication(f"From {one.username}"))
    assert [one["account"] for one in simulator.receipts("instagram")] == [
        one.external_id for one in accounts
    ]


def test_somebody_without_an_account_is_told_so(simulator: Simulator) -> None:
    fields = simulator.account("instagram", pages={"Bakery": ["MANAGE"]})
    other = simulator.account("instagram", pages={"Read": ["ANALYZE"]})
    person = Person.at("instagram", simulator)
    with pytest.raises(Refused) as caught:
        person.exchange(person.code(account=f"owner-of-{other['account_id']}"))
    assert (caught.value.error_class, caught.value.code) == (ErrorClass.PERMISSION, "NO_ACCOUNTS")
    with pytest.raises(Refused):
        connect("instagram", {**other, "account_id": fields["account_id"]})


def test_pictures_and_films_go_together(instagram: Connected) -> None:
    taken = rules({})
    both = (attachment(taken, MediaKind.IMAGE), attachment(taken, MediaKind.VIDEO))
    instagram.publish(replace(publication("Both"), attachments=both))
    (arrived,) = instagram.receipts()
    assert [one["mime_type"] for one in arrived["media"]] == ["image/jpeg", "video/mp4"]


def test_a_trial_reel_is_one_film(instagram: Connected) -> None:
    wanted = film(is_trial_reel=True, graduation_strategy="SS_PERFORMANCE")
    assert container_of(wanted)["trial_params"] == '{"graduation_strategy": "SS_PERFORMANCE"}'
    instagram.publish(wanted)
    assert rules({"is_trial_reel": True}).images is None


def test_a_film_has_the_cover_that_was_chosen(instagram: Connected) -> None:
    wanted = film()
    cover = attachment(rules({}), MediaKind.IMAGE)
    (one,) = wanted.attachments
    wanted = replace(wanted, attachments=(replace(one, cover=cover),))
    assert container_of(wanted)["cover_url"] == cover.url
    instagram.publish(wanted)


def test_collaborators_are_invited(instagram: Connected) -> None:
    wanted = replace(publication("Together"), settings={"collaborators": ["@some.body", "other"]})
    wanted = instagram.with_least_media(wanted)
    assert container_of(wanted)["collaborators"] == '["some.body", "other"]'
    instagram.publish(wanted)


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        (" ".join(f"#tag{number}" for number in range(30)), True),
        (" ".join(f"#tag{number}" for number in range(31)), False),
        (" ".join(f"@name{number}" for number in range(21)), False),
    ],
)
def test_hashtags_and_mentions_have_bounds(
    instagram: Connected,
    text: str,
    is_taken: bool,  # noqa: FBT001
) -> None:
    if is_taken:
        instagram.publish(publication(text))
        return
    error = instagram.refusal(publication(text))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "CONTENT_REFUSED")


def test_a_comment_that_instagram_does_not_like_is_refused(instagram: Connected) -> None:
    root = instagram.publish(publication("Root")).external_id
    reply_to = ReplyTo(root_id=root, parent_id=root)
    for text in ("x" * 301, "SHOUTING", "#a #b #c #d #e"):
        error = instagram.refusal(replace(publication(text), reply_to=reply_to))
        assert isinstance(error, Refused)
        assert error.error_class is ErrorClass.CONTENT
    assert len(instagram.receipts()) == 1


def test_a_story_has_no_words(instagram: Connected) -> None:
    settings = {"post_type": "story"}
    provider = instagram.provider
    assert isinstance(provider, CountsSettings)
    assert provider.count_settings(settings) == provider.max_length
    wanted = instagram.with_least_media(replace(publication("Words"), settings=settings))
    error = instagram.refusal(wanted)
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


def test_a_full_day_is_found_out_before_anything_is_made(simulator: Simulator) -> None:
    account = connected("instagram", simulator, posts_allowed=1)
    account.publish(publication("One"))
    wanted = account.with_least_media(publication("Two"))
    error = account.refusal(wanted)
    assert isinstance(error, Refused)
    assert error.retry_after == timedelta(hours=1).total_seconds()
    assert account.progress.get(wanted.key) is None, "a container was made for nothing"


def test_two_of_the_same_words_are_told_apart(instagram: Connected) -> None:
    """By their containers, and by what is taken."""
    first, second = publication("Good morning"), publication("Good morning")
    receipt = instagram.publish(first)
    instagram.fail("fail_after_accepting")
    instagram.refusal(second)
    found = instagram.find(replace(second, taken=frozenset({receipt.external_id})))
    assert found is not None
    assert [one["id"] for one in instagram.receipts()] == [receipt.external_id, found.external_id]


def test_a_container_is_told_of_before_it_is_published(instagram: Connected) -> None:
    wanted = instagram.with_least_media(publication("Step by step"))
    answer = called(lambda http: delivery.publish(http, instagram.opened, wanted))
    assert isinstance(answer, Pending)
    assert answer.progress.keys() == {"container"}
    assert instagram.receipts() == []


def test_what_instagram_counts_is_told_under_our_names(instagram: Connected) -> None:
    receipt = instagram.publish(publication("Count me"))
    provider: Any = instagram.provider
    account = called(lambda http: provider.account_metrics(http, instagram.credentials))
    assert account.items() >= {"followers": 120, "following": 80, "posts": 1}.items()
    post = called(
        lambda http: provider.post_metrics(http, instagram.credentials, receipt.external_id)
    )
    assert {"reach", "views", "likes", "replies", "saves", "engagements"} <= post.keys()


@pytest.mark.parametrize(
    "settings",
    [
        {"post_type": "reel"},
        {"collaborators": ["a", "b", "c", "d"]},
        {"collaborators": ["not a name"]},
        {"graduation_strategy": "NOW"},
        {"x": 1},
    ],
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_a_persons_token_is_good_for_no_page(simulator: Simulator) -> None:
    with pytest.raises(Refused) as caught:
        connect("instagram", simulator.account("instagram", of_person=True))
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.AUTHENTICATION,
        "NOT_A_PAGE",
    )


TAGS = [{"username": "@baker", "x": 0.25, "y": 1}, {"username": "guest"}]


def picture(*, number: int = 1, **settings: Any) -> Publication:
    taken = rules(settings)
    shown = tuple(attachment(taken, MediaKind.IMAGE, number=each) for each in range(number))
    return replace(publication("Bread"), settings=settings, attachments=shown)


def test_people_and_places_are_named_where_they_belong(instagram: Connected) -> None:
    place = "110774245616525"
    for wanted in (picture, film):
        chosen = wanted(user_tags=TAGS, location_id=place)
        jsonschema.validate(chosen.settings, SETTINGS)
        instagram.publish(chosen)
    assert json.loads(container_of(picture(user_tags=TAGS))["user_tags"]) == [
        {"username": "baker", "x": 0.25, "y": 1},
        {"username": "guest", "x": 0.5, "y": 0.5},
    ]
    assert json.loads(container_of(film(user_tags=TAGS))["user_tags"]) == [
        {"username": "baker"},
        {"username": "guest"},
    ]
    carousel = picture(number=2, user_tags=TAGS, location_id=place)
    assert ["user_tags" in one for one in items_of(carousel)] == [True, False]
    instagram.publish(carousel)
    assert len(instagram.receipts()) == 3
    error = instagram.refusal(picture(location_id="777"))
    assert error.error_class is ErrorClass.CONTENT


def test_a_reel_names_its_sound(instagram: Connected) -> None:
    wanted = film(audio_name="Bells of Ghent")
    assert container_of(wanted)["audio_name"] == "Bells of Ghent"
    instagram.publish(wanted)
    assert "audio_name" not in container_of(picture(audio_name="Bells of Ghent"))


def test_places_are_looked_up(instagram: Connected) -> None:
    provider = instagram.provider
    assert isinstance(provider, Tools)
    asked = {"query": "ghent"}
    found = called(lambda http: provider.use_tool(http, instagram.credentials, "locations", asked))
    assert [(one["name"], one["city"], one["country"]) for one in found] == [
        ("Ghent", "Ghent", "Belgium"),
        ("Belfry of Ghent", "Ghent", None),
    ]
