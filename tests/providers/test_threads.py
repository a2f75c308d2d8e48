"""What every provider of a network with replies must do."""

from dataclasses import replace

import pytest

from shared.channels.adapters.registry import load, slugs
from shared.channels.api.delivery import ErrorClass, Publication, Receipt, Refused, ReplyTo
from tests.providers.account import Connected, publication
from tests.simulator.imitation import habits

THREADED = [slug for slug in sorted(slugs()) if load(slug).threads]
FOUND_AGAIN = [slug for slug in THREADED if load(slug).recovery != "none"]
UNCERTAIN = ("fail_after_accepting", "hang_after_accepting", "slow_body", "malformed")


@pytest.fixture(params=THREADED)
def slug(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def after(root: Receipt, parent: Receipt, text: str = "And then") -> Publication:
    reply_to = ReplyTo(root_id=root.external_id, parent_id=parent.external_id)
    return replace(publication(text), reply_to=reply_to)


def test_each_part_replies_to_the_one_before_it(account: Connected) -> None:
    root = account.publish(publication("First"))
    second = account.publish(after(root, root, "Second"))
    third = account.publish(after(root, second, "Third"))
    before = second if habits(account.slug).nests else root
    assert [(each["text"], each["id"], each["parent"]) for each in account.receipts()] == [
        ("First", root.external_id, None),
        ("Second", second.external_id, root.external_id),
        ("Third", third.external_id, before.external_id),
    ]


def test_a_part_that_is_known_by_its_link_can_be_replied_to(account: Connected) -> None:
    root = account.publish(publication("First"))
    link = Receipt(external_id=root.url, url=root.url)
    account.publish(after(link, link, "Second"))
    assert account.receipts()[1]["parent"] == root.external_id


def test_a_reply_to_nothing_is_refused_as_content(account: Connected) -> None:
    root = account.publish(publication("First"))
    never_given = root.external_id[:-6] + "333333"  # no network here counts so far; fit for keys
    gone = Receipt(external_id=never_given, url=root.url)
    nested = [after(root, gone)] if habits(account.slug).nests else []
    for missing in (after(gone, gone), *nested):
        error = account.refusal(missing)
        assert isinstance(error, Refused)
        assert (error.error_class, error.code) == (ErrorClass.CONTENT, "PARENT_MISSING")
        assert error.words
    assert len(account.receipts()) == 1


@pytest.mark.parametrize(
    "slug",
    [slug for slug in THREADED if load(slug).recovery == "key" and habits(slug).nests],
)
def test_the_same_text_twice_in_a_thread_is_told_apart(account: Connected) -> None:
    root = publication("Again")
    first = account.publish(root)
    second = after(first, first, "Again")
    assert account.find(second) is None
    sent = account.publish(second)
    third = after(first, sent, "Again")
    assert account.find(third) is None
    last = account.publish(third)
    assert [account.find(each) for each in (root, second, third)] == [first, sent, last]


@pytest.mark.parametrize("slug", FOUND_AGAIN)
@pytest.mark.parametrize("kind", UNCERTAIN)
def test_an_uncertain_reply_is_found(account: Connected, kind: str) -> None:
    root = account.publish(publication("First"))
    account.fail(kind, seconds=4)
    wanted = after(root, root, "Again")
    account.refusal(wanted)
    found = account.find(wanted)
    assert found is not None
    assert [each["id"] for each in account.receipts()] == [root.external_id, found.external_id]


@pytest.mark.parametrize("slug", FOUND_AGAIN)
def test_a_reply_is_not_taken_for_a_root_of_the_same_text(account: Connected) -> None:
    root = account.publish(publication("Something else"))
    account.publish(after(root, root, "Again"))
    assert account.find(publication("Again")) is None
