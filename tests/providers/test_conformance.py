"""What every provider must do, shown against a strict imitation of its network."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest

from shared.channels.adapters.registry import load, slugs
from shared.channels.api.delivery import ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.connection import MESSAGE_LENGTH
from shared.channels.domain.provider import Rewrites
from tests.providers.account import Connected, called, connect, connected, publication
from tests.simulator.client import Simulator
from tests.simulator.imitation import habits

REFUSALS = {
    "refuse": ErrorClass.CONTENT,
    "permission": ErrorClass.PERMISSION,
    "rate_limit": ErrorClass.RATE_LIMIT,
    "expired_token": ErrorClass.AUTHENTICATION,
}
UNCERTAIN = ("fail_after_accepting", "hang_after_accepting", "slow_body", "malformed")
UNCERTAIN_STATUSES = (201, 202, 204, 302, 520, 530)

SEARCHABLE = sorted(slug for slug in slugs() if load(slug).recovery != "none")
KEYED = sorted(slug for slug in slugs() if load(slug).recovery == "key")
LIMITING = sorted(slug for slug in slugs() if habits(slug).limits)
TELLING = [slug for slug in LIMITING if habits(slug).tells_rates]
WAITED_FOR = sorted(slug for slug in slugs() if habits(slug).tells_wait)
REPETITIVE = sorted(slug for slug in slugs() if habits(slug).refuses_repeats)


def test_connecting_gives_what_later_calls_need(slug: str, simulator: Simulator) -> None:
    fields = simulator.account(slug)
    account = connect(slug, fields)

    assert account.external_id
    assert account.username
    assert account.display_name
    assert account.url.startswith("http")
    assert all(isinstance(value, str) for value in account.credentials.values())
    for name in _secret_names(slug):
        assert fields[name] in account.credentials.values()
        assert fields[name] not in repr(account)


def test_connecting_forgives_spaces_around_what_was_typed(slug: str, simulator: Simulator) -> None:
    fields = simulator.account(slug)
    account = connect(slug, {name: f" {value} " for name, value in fields.items()})
    other = connect(slug, fields).credentials
    lasting = account.credentials.keys() - {*load(slug).tokens, "expires_at"}
    assert {name: account.credentials[name] for name in lasting} == {
        name: other[name] for name in lasting
    }


def test_wrong_credentials_are_refused_as_authentication(slug: str, simulator: Simulator) -> None:
    fields = simulator.account(slug)
    wrong = {**fields, **dict.fromkeys(_secret_names(slug), "not-the-secret")}
    with pytest.raises(Refused) as caught:
        connect(slug, wrong)
    assert caught.value.error_class is ErrorClass.AUTHENTICATION
    assert "not-the-secret" not in str(caught.value)


def test_an_address_that_is_none_is_refused(slug: str, simulator: Simulator) -> None:
    fields = simulator.account(slug)
    where = next(name for name, value in fields.items() if value.startswith("http"))
    for address in ("ftp://example.social", "https://", "not an address", "http://[::1"):
        with pytest.raises(Refused) as caught:
            connect(slug, {**fields, where: address})
        assert caught.value.code == "INVALID_ADDRESS"


def test_a_server_that_is_something_else_gives_no_account(slug: str, simulator: Simulator) -> None:
    fields = simulator.account(slug)
    where = next(name for name, value in fields.items() if value.startswith("http"))
    with pytest.raises(ProviderError):
        connect(slug, {**fields, where: f"{simulator.url}/elsewhere"})


def test_published_text_arrives_whole_and_once(account: Connected) -> None:
    family = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    text = f"Grüße {family} <b>5 < 6 & 7</b>\n\n“quotes”, 日本語, שלום and \\ too"
    receipt = account.publish(publication(text))

    (arrived,) = account.receipts()
    assert arrived["text"] == _written(account, text)
    assert arrived["id"] == receipt.external_id
    assert arrived["repeats"] == 0


def test_the_link_leads_to_the_post(account: Connected) -> None:
    receipt = account.publish(publication("Find me behind the link"))

    (arrived,) = account.receipts()
    link = receipt.url.replace("https://bsky.app", f"{account.simulator.url}/bluesky")
    assert link == arrived["url"]
    with urlopen(link, timeout=5) as page:
        assert "Find me behind the link" in page.read().decode()


def test_a_text_of_exactly_the_maximum_is_published(account: Connected) -> None:
    maximum, pair = account.provider.max_length, "é👍🏽"
    pairs, rest = divmod(maximum, account.provider.count(pair))
    text = pair * pairs + "x" * rest
    assert account.provider.count(text) == maximum
    account.publish(publication(text))
    assert [arrived["text"] for arrived in account.receipts()] == [text]


def test_a_text_too_long_is_refused_as_content(account: Connected) -> None:
    text = "x" * (account.provider.max_length + 1)
    assert account.provider.count(text) > account.provider.max_length
    error = account.refusal(publication(text))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT
    assert str(account.provider.max_length) in error.words
    assert account.receipts() == []


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_has_its_class_and_publishes_nothing(account: Connected, kind: str) -> None:
    # A provider may renew a token and try once more, so the fault lasts for two calls.
    account.fail(kind, times=2)
    error = account.refusal(publication())
    assert isinstance(error, Refused)
    assert error.error_class is REFUSALS[kind]
    assert account.receipts() == []


@pytest.mark.parametrize("slug", WAITED_FOR)
def test_a_rate_limit_tells_how_long_to_wait(account: Connected) -> None:
    account.fail("rate_limit", retry_after=77)
    error = account.refusal(publication())
    assert isinstance(error, Refused)
    assert error.retry_after is not None
    assert 75 < error.retry_after <= 78


@pytest.mark.parametrize("slug", LIMITING)
def test_the_networks_own_rate_limit_is_understood(slug: str, simulator: Simulator) -> None:
    account = connected(slug, simulator, posts_allowed=1)
    account.publish(publication("The one that is allowed"))
    error = account.refusal(publication("The one that is not"))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.RATE_LIMIT
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 24 * 3600


@pytest.mark.parametrize("slug", TELLING)
def test_the_network_tells_how_many_more_it_takes(slug: str, simulator: Simulator) -> None:
    account = connected(slug, simulator, posts_allowed=3)
    began = datetime.now(UTC)
    posts = [publication(f"Number {number}") for number in range(4)]
    allowances = [account.publish(each).allowance for each in posts[:3]]
    refused = account.refusal(posts[3]).allowance
    assert [one.remaining if one else None for one in (*allowances, refused)] == [2, 1, 0, 0]
    for one in (*allowances, refused):
        assert one is not None
        assert began <= one.observed_at <= datetime.now(UTC)
        assert one.resets_at <= one.observed_at + timedelta(hours=3)


@pytest.mark.parametrize("slug", WAITED_FOR)
def test_a_refusal_tells_until_when_nothing_more_is_taken(account: Connected) -> None:
    account.fail("rate_limit", retry_after=77)
    allowance = account.refusal(publication()).allowance
    assert allowance is not None
    assert allowance.remaining == 0
    wait = allowance.resets_at - allowance.observed_at
    assert timedelta(seconds=75) < wait <= timedelta(seconds=78)


@pytest.mark.parametrize("slug", TELLING)
def test_the_quotas_are_no_more_than_the_network_takes(slug: str, simulator: Simulator) -> None:
    account = connected(slug, simulator)
    allowance = account.publish(publication()).allowance
    assert allowance is not None
    shortest = min(account.provider.quotas, key=lambda quota: quota.period)
    assert shortest.limit == allowance.remaining + 1
    told_in = timedelta(milliseconds=1)  # at the finest, and rounded up
    assert allowance.resets_at - allowance.observed_at <= shortest.period + told_in


@pytest.mark.parametrize("slug", SEARCHABLE)
def test_an_error_before_accepting_may_be_repeated(account: Connected) -> None:
    account.fail("server_error_before")
    wanted = publication()
    assert isinstance(account.refusal(wanted), Unanswered)
    assert account.find(wanted) is None
    receipt = account.publish(wanted)
    assert [arrived["id"] for arrived in account.receipts()] == [receipt.external_id]


@pytest.mark.parametrize("slug", SEARCHABLE)
@pytest.mark.parametrize("status", UNCERTAIN_STATUSES)
def test_a_status_that_says_too_little_is_uncertain(account: Connected, status: int) -> None:
    account.fail("status_before_accepting", status=status)
    wanted = publication()
    assert isinstance(account.refusal(wanted), Unanswered)
    assert account.find(wanted) is None

    account.fail("status_after_accepting", status=status)
    assert isinstance(account.refusal(wanted), Unanswered)
    found = account.find(wanted)
    assert found is not None
    assert [arrived["id"] for arrived in account.receipts()] == [found.external_id]


@pytest.mark.parametrize("status", [420, 499])
def test_a_refusal_nobody_has_heard_of_is_one(account: Connected, status: int) -> None:
    account.fail("status_before_accepting", status=status)
    error = account.refusal(publication())
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.UNKNOWN
    assert account.receipts() == []


@pytest.mark.parametrize("slug", SEARCHABLE)
@pytest.mark.parametrize("kind", UNCERTAIN)
def test_an_uncertain_ending_is_found(account: Connected, kind: str) -> None:
    account.fail(kind, seconds=4)
    wanted = publication("Was it published? @somebody@example.social https://example.com/path")
    error = account.refusal(wanted)
    assert isinstance(error, Unanswered)

    found = account.find_at_last(wanted)
    (arrived,) = account.receipts()
    assert found is not None
    assert found.external_id == arrived["id"]


@pytest.mark.parametrize("slug", KEYED)
@pytest.mark.parametrize("kind", UNCERTAIN)
def test_an_uncertain_ending_repeated_under_its_key_publishes_once(
    account: Connected, kind: str
) -> None:
    account.fail(kind, seconds=4)
    wanted = publication()
    account.refusal(wanted)
    try:
        receipt = account.publish(wanted)
    except Unanswered:
        found = account.find(wanted)
        assert found is not None
        receipt = found
    (arrived,) = account.receipts()
    assert arrived["id"] == receipt.external_id
    assert arrived["repeats"] <= 1, "a network that can be asked is not sent it twice"


@pytest.mark.parametrize("slug", KEYED)
def test_the_same_text_under_another_key_is_another_post(account: Connected) -> None:
    account.publish(publication("Good morning"))
    account.publish(publication("Good morning"))
    assert len(account.receipts()) == 2


@pytest.mark.parametrize("slug", REPETITIVE)
def test_a_text_it_has_just_taken_is_refused_as_a_duplicate(account: Connected) -> None:
    """So that what is sent again by mistake is not there twice."""
    account.publish(publication("Good morning"))
    error = account.refusal(publication("Good morning"))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "DUPLICATE_CONTENT")
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("slug", sorted(slugs() - set(SEARCHABLE)))
@pytest.mark.parametrize("kind", UNCERTAIN)
def test_what_cannot_be_looked_for_stays_uncertain(account: Connected, kind: str) -> None:
    account.fail(kind, seconds=4)
    wanted = publication()
    assert isinstance(account.refusal(wanted), Unanswered)
    assert len(account.receipts()) == 1
    with pytest.raises(Unanswered):
        account.find(wanted)


@pytest.mark.parametrize("slug", SEARCHABLE)
def test_what_was_never_sent_is_not_found(account: Connected) -> None:
    account.publish(publication("Something else"))
    assert account.find(publication("Never sent")) is None


@pytest.mark.parametrize("kind", [*REFUSALS, *UNCERTAIN, "server_error_before"])
def test_the_words_of_an_error_hold_no_secret(account: Connected, kind: str) -> None:
    account.fail(kind, times=2, seconds=4)
    error = account.refusal(publication())
    assert error.words
    assert len(error.words) <= MESSAGE_LENGTH
    for secret in [*account.secrets, "eyJ"]:
        assert secret not in error.words
        assert secret not in str(error)


def test_an_unreachable_network_refuses(account: Connected) -> None:
    where = next(name for name, value in account.credentials.items() if value.startswith("http"))
    gone = {**account.credentials, where: "http://127.0.0.1:9"}
    unreachable = Connected(
        slug=account.slug, simulator=account.simulator, fields=account.fields, credentials=gone
    )
    error = unreachable.refusal(publication())
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.NETWORK


def test_many_at_once_arrive_once_each(
    slug: str, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", "20")
    any_number = {"posts_allowed": 1000} if habits(slug).limits else {}
    account = connected(slug, simulator, **any_number)
    wanted = [publication(f"Number {number}") for number in range(150)]
    began = time.time()
    receipts = called(
        lambda http: asyncio.gather(*(account.publishing(http, each) for each in wanted))
    )
    arrived = account.receipts()
    assert {each["id"] for each in arrived} == {receipt.external_id for receipt in receipts}
    assert sorted(each["text"] for each in arrived) == sorted(each.text for each in wanted)
    assert all(began - 1 <= each["received_at"] <= each["accepted_at"] for each in arrived)


def _written(account: Connected, text: str) -> str:
    return account.provider.written(text) if isinstance(account.provider, Rewrites) else text


def _secret_names(slug: str) -> list[str]:
    return [field.name for field in load(slug).connect_fields if field.secret]
