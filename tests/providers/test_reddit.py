"""Reddit: where it is submitted and as what, comments, pictures that are shown later, refusals."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.adapters.author_settings import problems_of
from shared.channels.adapters.providers.reddit import provider
from shared.channels.api.delivery import (
    ErrorClass,
    Publication,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.reddit.answers import allowance_of, error_of
from shared.channels.domain.reddit.submission import fullname
from tests.providers.account import Connected, called, publication
from tests.providers.attachments import attachment
from tests.providers.fakes import Said
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator
from tests.simulator.reddit.submissions import FLAIR

RULES = provider.media_rules({})


@pytest.fixture
def slug() -> str:
    return "reddit"


def to(subreddit: str, *attached: Attachment, text: str = "Words", **more: Any) -> Publication:
    settings = {"subreddit": [{"subreddit": subreddit, **more}]}
    return replace(publication(text), settings=settings, attachments=attached)


def shown(kind: MediaKind = MediaKind.IMAGE, number: int = 0) -> Attachment:
    return attachment(RULES, kind, number=number)


def test_without_a_subreddit_it_goes_to_the_own_profile(account: Connected) -> None:
    account.publish(publication("Title of it\nand more"))
    body = provider.preview(publication("Title of it\nand more")).body
    assert (
        body.items()
        >= {
            "sr": "u_<account>",
            "kind": "self",
            "title": "Title of it",
            "text": "Title of it\nand more",
        }.items()
    )


@pytest.mark.parametrize(
    ("more", "attached", "kind"),
    [
        ({}, (), "self"),
        ({"url": "https://example.com/"}, (), "link"),
        ({}, (MediaKind.IMAGE,), "image"),
        ({}, (MediaKind.ANIMATION,), "image"),
        ({}, (MediaKind.VIDEO,), "video"),
        ({"type": "videogif"}, (MediaKind.VIDEO,), "videogif"),
    ],
)
def test_what_is_attached_says_what_it_is(
    account: Connected, more: dict[str, Any], attached: tuple[MediaKind, ...], kind: str
) -> None:
    wanted = to("everything", *map(shown, attached), **more)
    assert provider.preview(wanted).body["kind"] == kind
    account.publish(wanted)
    assert len(account.receipts()) == 1


@pytest.mark.parametrize(
    ("more", "attached"),
    [({"type": "image"}, ()), ({"type": "self"}, (MediaKind.IMAGE,)), ({"type": "link"}, ())],
)
def test_a_kind_that_does_not_go_with_it_is_refused(
    account: Connected, more: dict[str, Any], attached: tuple[MediaKind, ...]
) -> None:
    error = account.refusal(to("everything", *map(shown, attached), **more))
    assert isinstance(error, Refused)
    assert error.error_class in {ErrorClass.MEDIA, ErrorClass.CONTENT}
    assert account.receipts() == []


@pytest.mark.parametrize(
    ("subreddit", "attached", "error_class", "code"),
    [
        ("nowhere", (), ErrorClass.CONTENT, "CONTENT_REFUSED"),
        ("flaired", (), ErrorClass.CONTENT, "FLAIR_REQUIRED"),
        ("words", (MediaKind.IMAGE,), ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ],
)
def test_a_subreddit_refuses_with_a_success(
    account: Connected,
    subreddit: str,
    attached: tuple[MediaKind, ...],
    error_class: ErrorClass,
    code: str,
) -> None:
    error = account.refusal(to(subreddit, *map(shown, attached)))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (error_class, code)
    assert account.receipts() == []


def test_flairs_are_looked_up_and_chosen(account: Connected) -> None:
    def tool(name: str, **arguments: Any) -> Any:
        return called(lambda http: provider.use_tool(http, account.credentials, name, arguments))

    assert [one["id"] for one in tool("subreddits", query="fla")] == ["flaired"]
    assert len(tool("subreddits")) == 3
    assert tool("requirements", subreddit="flaired")["is_flair_required"] is True
    (flair,) = tool("flairs", subreddit="flaired")
    assert flair == {"id": FLAIR, "name": "Question"}
    account.publish(to("flaired", flair=flair))
    with pytest.raises(Refused) as caught:
        tool("flairs", subreddit="nowhere")
    assert caught.value.error_class is ErrorClass.CONTENT


def test_one_schedule_submits_to_one_subreddit() -> None:
    two = {"subreddit": [{"subreddit": "words"}, {"subreddit": "everything"}]}
    (problem,) = problems_of("reddit", two)
    assert problem.path == "subreddit"
    assert problems_of("reddit", {"subreddit": two["subreddit"][:1], "nsfw": True}) == []
    assert [one.path for one in problems_of("reddit", {"subreddit": [{"title": "T"}]})]


def test_a_picture_that_may_be_worked_on_is_not_submitted_again(account: Connected) -> None:
    wanted = to("everything", shown())
    account.fail("fail_after_accepting")
    assert isinstance(account.refusal(wanted), Unanswered)
    assert account.find(wanted) is not None

    never = to("everything", shown(), text="Never submitted")
    account.fail("server_error_before", text_contains="Never")
    assert isinstance(account.refusal(never), Unanswered)
    with pytest.raises(Unanswered) as caught:
        account.find(never)
    assert caught.value.code == "STILL_PROCESSING"
    long_ago = replace(never, first_tried_at=never.first_tried_at - timedelta(minutes=3))
    assert account.find(replace(long_ago, progress=account.progress[never.key])) is None
    assert len(account.receipts()) == 1


def test_nobody_knows_while_it_is_worked_on(account: Connected) -> None:
    wanted = to("everything", shown())
    account.publish(wanted)
    known = replace(wanted, progress=account.progress[wanted.key])
    assert "submitted" in known.progress
    gone = replace(account, credentials={**account.credentials, "server": "http://127.0.0.1:9"})
    assert isinstance(gone.refusal(known), Unanswered)


def test_the_same_words_elsewhere_are_another_submission(account: Connected) -> None:
    first = to("everything")
    receipt = account.publish(first)
    assert account.find(first) == receipt
    assert account.find(to("words")) is None
    assert account.find(to("everything", title="Another")) is None
    assert account.find(replace(first, taken=frozenset({receipt.external_id}))) is None


def test_a_comment_longer_than_reddit_takes_is_refused(account: Connected) -> None:
    root = account.publish(publication("Root"))
    reply_to = ReplyTo(root_id=root.external_id, parent_id=root.external_id)
    error = account.refusal(replace(publication("x" * 10_001), reply_to=reply_to))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("t3_abc", "t3_abc"),
        ("https://www.reddit.com/comments/abc/", "t3_abc"),
        ("https://www.reddit.com/r/words/comments/abc/a_title/", "t3_abc"),
        ("https://www.reddit.com/r/words/comments/abc/a_title/def/?context=3", "t1_def"),
        ("https://www.reddit.com/comments/abc/_/def/", "t1_def"),
    ],
)
def test_a_link_leads_to_a_name(address: str, name: str) -> None:
    assert fullname(address) == name


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Take a break for 5 minutes before trying again.", 300),
        ("Take a break for 1 minute before trying again.", 60),
        ("try again in 40 seconds.", 40),
        ("try again in 2 hours.", 7200),
    ],
)
def test_how_long_to_wait_is_said_in_words(words: str, seconds: int) -> None:
    said = {"json": {"errors": [["RATELIMIT", words, "ratelimit"]]}}
    error = error_of(Said(200, said), renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.retry_after) == (ErrorClass.RATE_LIMIT, seconds)
    assert error.allowance is not None
    assert error.allowance.remaining == 0


@pytest.mark.parametrize(
    ("remaining", "reset", "left"),
    [
        ("599.0", "310", 599),
        ("0.0", "1", 0),
        ("-3", "1", 0),
        ("nan", "x", None),
        ("5", "-1", None),
        ("5", "1e9", None),
    ],
)
def test_what_is_left_is_counted_in_fractions(remaining: str, reset: str, left: int | None) -> None:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    allowance = allowance_of(Said(200, {}, headers))
    assert (allowance.remaining if allowance else None) == left


@pytest.mark.parametrize(
    ("status", "body", "error_class"),
    [
        (200, {"json": {"errors": [["ALREADY_SUB", "m", "url"]]}}, ErrorClass.CONTENT),
        (200, {"json": {"errors": [["SOMETHING_NEW", "m", None]]}}, ErrorClass.CONTENT),
        (200, {"json": {"errors": [["SUBREDDIT_NOTALLOWED", "m", "sr"]]}}, ErrorClass.PERMISSION),
        (401, {"message": "Unauthorized"}, ErrorClass.AUTHENTICATION),
        (403, {"message": "Forbidden", "reason": "private"}, ErrorClass.PERMISSION),
        (404, {"message": "Not Found"}, ErrorClass.CONTENT),
        (418, None, ErrorClass.UNKNOWN),
    ],
)
def test_each_answer_has_its_class(status: int, body: Any, error_class: ErrorClass) -> None:
    error = error_of(Said(status, body), renewable=True)
    assert isinstance(error, Refused)
    assert error.error_class is error_class


def test_it_counts_an_account_and_a_submission(account: Connected) -> None:
    receipt = account.publish(to("everything"))
    metrics = called(lambda http: provider.account_metrics(http, account.credentials))
    assert metrics == {"followers": 3, "total_karma": 50, "link_karma": 40, "comment_karma": 10}
    told = called(lambda http: provider.post_metrics(http, account.credentials, receipt.url))
    assert told == {"likes": 4, "replies": 2}
    with pytest.raises(Refused):
        called(lambda http: provider.post_metrics(http, account.credentials, "t3_zzz"))


def test_the_imitation_takes_no_file_without_its_lease(simulator: Simulator) -> None:
    fields = simulator.account("reddit")
    form = b"key=rte_images%2Fnothing"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with pytest.raises(ValueError, match="Expecting value"):
        call(f"{fields['server']}/bucket", form, kind)
