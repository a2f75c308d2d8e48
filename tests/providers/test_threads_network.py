"""What is the network Threads' alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.api import delivery
from shared.channels.api.delivery import ErrorClass, Pending, Refused, ReplyTo
from shared.channels.domain.media import MediaKind
from shared.channels.domain.threads.post import MEDIA, SETTINGS, container_of
from shared.channels.domain.threads.text import post_length
from shared.channels.domain.tools import Tools
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import attachment
from tests.providers.authorizing import Person
from tests.simulator.client import Simulator
from tests.simulator.threads.counting import count

PIECES = ("a", "é", "日", "👍", "👍🏽", "👩‍👧", "☀️", "☀", "✅", "🇩🇪", "1️⃣", "❤️‍🔥", "©", " ", "\n")


@pytest.fixture
def threads(simulator: Simulator) -> Connected:
    return connected("threads", simulator)


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("日本", 2), ("👍", 4), ("👍🏽", 8), ("🇩🇪", 8), ("☀", 1), ("☀️", 6)],
)
def test_an_emoji_counts_its_bytes(text: str, length: int) -> None:
    assert post_length(text) == count(text) == length


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_the_network_counts_no_more(text: str) -> None:
    assert post_length(text) == count(text)


def test_pictures_and_films_go_together(threads: Connected) -> None:
    both = (attachment(MEDIA, MediaKind.IMAGE), attachment(MEDIA, MediaKind.VIDEO, alt_text="é"))
    threads.publish(replace(publication("Both"), attachments=both))
    (arrived,) = threads.receipts()
    assert [one["alt_text"] for one in arrived["media"]] == ["", "é"]


def test_a_picture_needs_no_words(threads: Connected) -> None:
    threads.publish(replace(publication(""), attachments=(attachment(MEDIA, MediaKind.IMAGE),)))
    assert len(threads.receipts()) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"reply_control": "mentioned_only"},
        {"topic_tag": "baking bread"},
        {"link_attachment": "https://example.com/a"},
        {"location_id": "110774245616525"},
    ],
)
def test_what_can_be_set_is_sent(threads: Connected, settings: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SETTINGS).validate(settings)
    wanted = replace(publication("Chosen"), settings=settings)
    assert container_of(wanted).items() >= settings.items()
    threads.publish(wanted)


@pytest.mark.parametrize(
    "settings",
    [{"topic_tag": "#bread"}, {"topic_tag": "a.b"}, {"reply_control": "nobody"}, {"x": 1}],
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_a_container_of_words_too_is_told_of_before_it_is_published(threads: Connected) -> None:
    """It is ready at once, and yet waits to be known."""
    wanted = publication("Step by step")
    answer = called(lambda http: delivery.publish(http, threads.opened, wanted))
    assert isinstance(answer, Pending)
    assert answer.progress.keys() == {"container"}
    assert threads.receipts() == []


def test_replies_are_counted_for_themselves(simulator: Simulator) -> None:
    account = connected("threads", simulator, posts_allowed=1)
    root = account.publish(publication("Root")).external_id
    reply_to = ReplyTo(root_id=root, parent_id=root)
    receipt = account.publish(replace(publication("Reply"), reply_to=reply_to))
    assert receipt.allowance is not None
    assert receipt.allowance.remaining == 999
    assert account.refusal(publication("Another")).error_class is ErrorClass.RATE_LIMIT


def test_a_renewed_token_leaves_the_old_one_good(threads: Connected) -> None:
    renewal = threads.renew()
    assert renewal.expires_at > datetime.now(UTC) + timedelta(days=59)
    threads.publish(publication("By the old one"))
    replace(threads, credentials=renewal.credentials).publish(publication("By the new one"))


def test_more_links_than_five_are_refused(threads: Connected) -> None:
    text = " ".join(f"https://example.com/{number}" for number in range(6))
    error = threads.refusal(publication(text))
    assert isinstance(error, Refused)


def test_what_threads_counts_is_told_under_our_names(threads: Connected) -> None:
    receipt = threads.publish(publication("Count me"))
    provider: Any = threads.provider
    account = called(lambda http: provider.account_metrics(http, threads.credentials))
    assert {"views", "likes", "replies", "reposts", "followers"} <= account.keys()
    post = called(lambda http: provider.post_metrics(http, threads.credentials, receipt.url))
    assert {"views", "likes", "replies", "reposts", "quotes", "shares"} <= post.keys()


def test_places_are_looked_up_and_named(threads: Connected) -> None:
    ghent, belfry = looked_up(threads, "ghent")
    assert (ghent["name"], ghent["country"], ghent["address"]) == ("Ghent", "Belgium", None)
    assert (belfry["address"], belfry["country"]) == ("Sint-Baafsplein", None)
    pictures = (attachment(MEDIA, MediaKind.IMAGE), attachment(MEDIA, MediaKind.IMAGE, number=1))
    wanted = replace(publication("Bells"), settings={"location_id": belfry["id"]})
    jsonschema.Draft202012Validator(SETTINGS).validate(wanted.settings)
    threads.publish(wanted)
    threads.publish(replace(wanted, key=publication().key, text="Seen", attachments=pictures))
    error = threads.refusal(replace(publication("Where?"), settings={"location_id": "777"}))
    assert (error.error_class, len(threads.receipts())) == (ErrorClass.CONTENT, 2)


def test_who_may_name_no_places_may_do_all_else(simulator: Simulator) -> None:
    account = connected("threads", simulator, names_places=False)
    account.publish(publication("Somewhere"))
    with pytest.raises(Refused) as refused:
        looked_up(account, "ghent")
    assert refused.value.error_class is ErrorClass.PERMISSION
    error = account.refusal(
        replace(publication("Here"), settings={"location_id": "110774245616525"})
    )
    assert error.error_class is ErrorClass.PERMISSION


def test_an_application_that_may_name_no_places_connects_accounts(simulator: Simulator) -> None:
    person = Person.at("threads", simulator)
    granted = [one for one in person.provider.scopes if one != "threads_location_tagging"]
    (account,) = person.exchange(person.code(grant=" ".join(granted)))
    person.connected(account).publish(publication("All the same"))


def looked_up(account: Connected, words: str) -> Any:
    provider = account.provider
    assert isinstance(provider, Tools)
    asked = {"query": words}
    return called(lambda http: provider.use_tool(http, account.credentials, "locations", asked))
