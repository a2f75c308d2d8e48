"""What is Mastodon's alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.channels.api.delivery import ErrorClass, Publication, Refused
from shared.kernel.ids import new_id
from tests.providers.account import Connected, connect, connected, publication
from tests.simulator.client import Simulator


@pytest.fixture
def mastodon(simulator: Simulator) -> Connected:
    return connected("mastodon", simulator)


def test_the_servers_own_maximum_is_a_limit_of_the_account(simulator: Simulator) -> None:
    account = connect("mastodon", simulator.account("mastodon"))
    assert account.limits == {
        "max_length": 500,
        "media_items": 4,
        "alt_text_length": 1500,
        "image_bytes": 16 * 1024 * 1024,
        "video_bytes": 99 * 1024 * 1024,
    }


def test_the_address_of_a_profile_leads_to_its_server(simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    account = connect("mastodon", {**fields, "instance": f"{fields['instance']}/@somebody/"})
    assert account.credentials["instance"] == fields["instance"]


def test_a_link_counts_23_at_the_server_too(mastodon: Connected) -> None:
    text = "x" * (500 - 24) + " https://example.com/" + "long" * 50
    assert mastodon.provider.count(text) == 500
    mastodon.publish(publication(text))
    with pytest.raises(Refused):
        mastodon.publish(publication("x" + text))


def test_the_key_answers_with_the_first_status(mastodon: Connected) -> None:
    wanted = publication()
    assert mastodon.publish(wanted) == mastodon.publish(wanted)
    (arrived,) = mastodon.receipts()
    assert arrived["idempotency_key"] == wanted.key
    assert arrived["repeats"] == 1


def test_what_it_has_taken_it_does_not_refuse_under_its_key(mastodon: Connected) -> None:
    wanted = publication()
    receipt = mastodon.publish(wanted)
    mastodon.simulator.fail("mastodon", "refuse", times=2)
    assert mastodon.publish(wanted) == receipt
    with pytest.raises(Refused):
        mastodon.publish(publication("Something else"))


def test_a_status_is_found_among_many_newer_ones(mastodon: Connected) -> None:
    wanted = publication("The one looked for")
    receipt = mastodon.publish(wanted)
    for number in range(45):
        mastodon.publish(publication(f"Newer, {number}"))
    assert mastodon.find(wanted) == receipt


def test_an_older_status_of_the_same_text_is_not_taken_for_it(mastodon: Connected) -> None:
    mastodon.publish(publication("Every day the same"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    wanted = Publication(text="Every day the same", key=str(new_id()), first_tried_at=tomorrow)
    assert mastodon.find(wanted) is None


def test_a_status_with_another_warning_is_not_taken_for_it(mastodon: Connected) -> None:
    wanted = publication("Every day the same")
    mastodon.publish(replace(wanted, settings={"spoiler_text": "Cake"}, key=str(new_id())))
    assert mastodon.find(wanted) is None
    receipt = mastodon.publish(wanted)
    assert mastodon.find(wanted) == receipt


@pytest.mark.parametrize(
    "settings",
    [
        {"visibility": "secret"},
        {"language": "german"},
        {"sensitive": "perhaps"},
        {"spoiler_text": 5},
        {"colour": "red"},
        {"spoiler_text": "x" * 490},
    ],
    ids=repr,
)
def test_settings_the_server_does_not_take_are_refused(
    mastodon: Connected, settings: dict[str, Any]
) -> None:
    error = mastodon.refusal(replace(publication(), settings=settings))
    assert (type(error), error.error_class) == (Refused, ErrorClass.CONTENT)
    assert mastodon.receipts() == []


def test_a_content_warning_counts_at_the_server_too(mastodon: Connected) -> None:
    settings = {"spoiler_text": "👨‍👩‍👧 cake"}
    mastodon.publish(replace(publication("x" * 494), settings=settings))
    with pytest.raises(Refused):
        mastodon.publish(replace(publication("x" * 495), settings=settings))


def test_another_accounts_status_is_not_taken_for_it(simulator: Simulator) -> None:
    one, other = connected("mastodon", simulator), connected("mastodon", simulator)
    wanted = publication("Said by one")
    one.publish(wanted)
    assert other.find(wanted) is None
