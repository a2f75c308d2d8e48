"""TikTok: what a creator may do, pieces, moderation, inboxes, and how it refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.adapters.providers.tiktok import provider
from shared.channels.api import delivery
from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Pending,
    Publication,
    Refused,
    Unanswered,
)
from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.tiktok import upload
from shared.channels.domain.tiktok.answers import error_of
from shared.channels.domain.tiktok.upload import pieces_of
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import Bytes, attachment
from tests.providers.fakes import Said
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

RULES = provider.media_rules({})
FIVE_MILLION = 5_000_000


@pytest.fixture
def slug() -> str:
    return "tiktok"


def film(size: int = 0) -> Attachment:
    """With a box at its end that players skip, where it is to be larger."""
    made = attachment(RULES, MediaKind.VIDEO)
    assert isinstance(made.content, Bytes)
    rest = size - made.size
    if rest < 8:
        return made
    data = made.content.data + rest.to_bytes(4, "big") + b"free" + bytes(rest - 8)
    return replace(made, content=Bytes(data), size=len(data))


def of(*attached: Attachment, text: str = "A post", **settings: Any) -> Publication:
    return replace(publication(text), attachments=attached, settings=settings)


def pictures(number: int) -> list[Attachment]:
    return [attachment(RULES, MediaKind.IMAGE, number=each) for each in range(number)]


@pytest.mark.parametrize(
    ("size", "pieces"),
    [
        (1, (1, 1)),
        (9_999_999, (9_999_999, 1)),
        (10_000_000, (10_000_000, 1)),
        (19_999_999, (10_000_000, 1)),
        (20_000_001, (10_000_000, 2)),
        (4 * 1024**3, (10_000_000, 429)),
    ],
)
def test_pieces_are_of_one_size_and_the_last_takes_the_rest(
    size: int, pieces: tuple[int, int]
) -> None:
    assert pieces_of(replace(film(), size=size)) == pieces


def test_a_film_goes_in_pieces_and_on_where_it_was_cut(
    account: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PIECE", FIVE_MILLION)
    wanted = of(film(11_000_000))

    async def run(http: Http) -> Any:
        begun = await delivery.publish(http, account.opened, wanted)
        assert isinstance(begun, Pending)
        known = replace(wanted, progress=begun.progress)
        monkeypatch.setattr("shared.channels.domain.upload_time.UPLOADING", timedelta(seconds=-1))
        assert isinstance(await delivery.publish(http, account.opened, known), Pending)
        assert account.receipts() == []
        monkeypatch.setattr("shared.channels.domain.upload_time.UPLOADING", timedelta(seconds=30))
        under_way = await delivery.publish(http, account.opened, known)
        assert isinstance(under_way, Pending)
        assert under_way.is_under_way

    called(run)
    (arrived,) = account.receipts()
    assert arrived["media"][0]["size"] == 11_000_000


@pytest.mark.parametrize("kind", [MediaKind.VIDEO, MediaKind.IMAGE])
def test_what_tiktok_fails_to_process_is_begun_again_once(
    simulator: Simulator, kind: MediaKind
) -> None:
    shown = film() if kind is MediaKind.VIDEO else pictures(1)[0]
    account = connected("tiktok", simulator, failing=1)
    account.publish(of(shown))
    assert len(account.receipts()) == 1
    account = connected("tiktok", simulator, failing=2)
    error = account.refusal(of(shown))
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "PROCESSING_FAILED")
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("kind", [MediaKind.VIDEO, MediaKind.IMAGE])
def test_nobody_knows_while_it_is_worked_on(account: Connected, kind: MediaKind) -> None:
    wanted = of(film() if kind is MediaKind.VIDEO else pictures(1)[0])
    gone = {**account.credentials, "server": "http://127.0.0.1:9"}
    unreachable = replace(account.opened, values=gone)

    async def run(http: Http) -> Publication:
        known, is_under_way = wanted, False
        while not is_under_way:
            answer = await delivery.publish(http, account.opened, known)
            assert isinstance(answer, Pending)
            known, is_under_way = replace(wanted, progress=answer.progress), answer.is_under_way
        with pytest.raises(Unanswered):
            await delivery.publish(http, unreachable, known)
        with pytest.raises(Unanswered) as caught:
            await delivery.find(http, account.opened, known)
        assert caught.value.code == "STILL_PROCESSING"
        return known

    known = called(run)
    receipt = account.find(known)
    assert receipt is not None
    assert [one["id"] for one in account.receipts()] == [receipt.external_id]


def test_an_address_that_is_good_no_more_begins_anew(account: Connected) -> None:
    wanted = of(film())

    async def run(http: Http) -> Any:
        begun = await delivery.publish(http, account.opened, wanted)
        assert isinstance(begun, Pending)
        stale = {**begun.progress, "address": begun.progress["address"] + "x"}
        again = await delivery.publish(http, account.opened, replace(wanted, progress=stale))
        assert isinstance(again, Pending)
        assert again.progress["publish_id"] != begun.progress["publish_id"]
        return again.progress

    account.publish(replace(wanted, progress=called(run)))
    assert len(account.receipts()) == 1


def test_the_widest_audience_is_chosen_where_none_is(simulator: Simulator) -> None:
    account = connected("tiktok", simulator, levels=["SELF_ONLY"])
    receipt = account.publish(of(film()))
    (arrived,) = account.receipts()
    assert receipt.external_id != arrived["id"], "a private post has no id that is told"
    assert receipt.url.endswith(f"/@{arrived['account']}")
    levels = called(lambda http: provider.use_tool(http, account.credentials, "privacy_levels", {}))
    assert levels == [{"id": "SELF_ONLY", "name": "Self only"}]


def test_an_audience_that_is_not_offered_is_refused(account: Connected) -> None:
    error = account.refusal(of(film(), privacy_level="FOLLOWER_OF_CREATOR"))
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "PRIVACY_NOT_OFFERED")


def test_a_film_longer_than_the_creator_may_post_is_not_uploaded(simulator: Simulator) -> None:
    account = connected("tiktok", simulator, longest=60)
    error = account.refusal(of(replace(film(), duration=timedelta(seconds=61))))
    assert (error.error_class, error.code) == (ErrorClass.MEDIA, "MEDIA_REFUSED")
    assert "60 seconds" in error.words


def test_the_id_of_a_public_post_is_waited_for(simulator: Simulator) -> None:
    account = connected("tiktok", simulator, moderation=3)
    receipt = account.publish(of(film()))
    (arrived,) = account.receipts()
    assert receipt.external_id == arrived["id"]


def test_it_is_not_waited_for_for_ever(simulator: Simulator) -> None:
    account = connected("tiktok", simulator, moderation=1000)
    wanted = of(film())
    receipt = account.publish(wanted)
    assert receipt.external_id == account.progress[wanted.key]["publish_id"]
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("kind", [MediaKind.VIDEO, MediaKind.IMAGE])
def test_what_goes_to_an_inbox_is_done_when_it_is_there(
    account: Connected, kind: MediaKind
) -> None:
    shown = film() if kind is MediaKind.VIDEO else pictures(1)[0]
    receipt = account.publish(of(shown, content_posting_method="UPLOAD"))
    assert "_pub_file" in receipt.external_id


def test_whether_pictures_arrived_is_for_a_person_to_say(account: Connected) -> None:
    account.fail("fail_after_accepting")
    wanted = of(*pictures(2))
    assert isinstance(account.refusal(wanted), Unanswered)
    with pytest.raises(Unanswered) as caught:
        account.find(wanted)
    assert caught.value.code == "NOT_SEARCHABLE"
    assert len(account.receipts()) == 1


def test_what_is_chosen_goes_along() -> None:
    wanted = of(
        film(),
        comment=False,
        duet=False,
        brand_organic_toggle=True,
        video_made_with_ai=True,
        privacy_level="SELF_ONLY",
    )
    preview = provider.preview(wanted)
    assert preview.path == "/v2/post/publish/video/init/"
    assert preview.body["post_info"] == {
        "title": "A post",
        "privacy_level": "SELF_ONLY",
        "disable_comment": True,
        "disable_duet": True,
        "disable_stitch": False,
        "brand_content_toggle": False,
        "brand_organic_toggle": True,
        "is_aigc": True,
    }


@pytest.mark.parametrize(
    ("status", "code", "error_class"),
    [
        (403, "spam_risk_too_many_posts", ErrorClass.RATE_LIMIT),
        (403, "spam_risk_user_banned_from_posting", ErrorClass.PERMISSION),
        (403, "reached_active_user_cap", ErrorClass.QUOTA),
        (403, "unaudited_client_can_only_post_to_private_accounts", ErrorClass.PLATFORM),
        (403, "url_ownership_unverified", ErrorClass.PLATFORM),
        (401, "scope_not_authorized", ErrorClass.PERMISSION),
        (200, "access_token_invalid", ErrorClass.AUTHENTICATION),
        (200, "invalid_params", ErrorClass.CONTENT),
        (200, "spam_risk_text", ErrorClass.CONTENT),
        (200, "picture_size_check_failed", ErrorClass.MEDIA),
        (429, "rate_limit_exceeded", ErrorClass.RATE_LIMIT),
        (418, "something_new", ErrorClass.UNKNOWN),
    ],
)
def test_each_code_has_its_class_whatever_the_status(
    status: int, code: str, error_class: ErrorClass
) -> None:
    error = error_of(Said(status, {"error": {"code": code, "message": "m"}}), renewable=True)
    assert isinstance(error, Refused)
    assert error.error_class is error_class
    assert (error.retry_after is not None) is (
        error_class in {ErrorClass.RATE_LIMIT, ErrorClass.QUOTA}
    )


@pytest.mark.parametrize(("status", "code"), [(200, "internal_error"), (200, "new"), (500, "")])
def test_an_error_that_tells_too_little_is_uncertain(status: int, code: str) -> None:
    error = error_of(Said(status, {"error": {"code": code}}), renewable=True)
    assert isinstance(error, Unanswered)


def test_it_counts_an_account_and_a_post(account: Connected) -> None:
    receipt = account.publish(of(film()))
    metrics = called(lambda http: provider.account_metrics(http, account.credentials))
    assert metrics == {"followers": 11, "following": 4, "likes": 90, "posts": 1}
    told = called(lambda http: provider.post_metrics(http, account.credentials, receipt.url))
    assert told == {"views": 70, "likes": 7, "replies": 1, "shares": 2}
    with pytest.raises(Refused):
        called(lambda http: provider.post_metrics(http, account.credentials, "1"))


@pytest.mark.parametrize(
    ("info", "source", "code"),
    [
        ({"title": "x" * 2201}, {}, "invalid_params"),
        ({"title": "👍" * 1101}, {}, "invalid_params"),
        ({"privacy_level": "EVERYBODY"}, {}, "privacy_level_option_mismatch"),
        ({"colour": "red"}, {}, "invalid_params"),
        (
            {"privacy_level": "SELF_ONLY", "brand_content_toggle": True},
            {},
            "invalid_params",
        ),
        ({}, {"chunk_size": 999}, "invalid_params"),
        ({}, {"video_size": 20_000_000, "chunk_size": 10_000_000}, "invalid_params"),
        ({}, {"video_size": 20_000_000, "chunk_size": 4_999_999}, "invalid_params"),
        ({}, {"source": "PULL_FROM_URL"}, "invalid_params"),
    ],
)
def test_the_imitation_refuses_malformed_posts(
    account: Connected, info: dict[str, Any], source: dict[str, Any], code: str
) -> None:
    body = provider.preview(of(film(), privacy_level="SELF_ONLY")).body
    wish = {
        "post_info": {**body["post_info"], **info},
        "source_info": {**body["source_info"], **source},
    }
    url = f"{account.credentials['server']}/v2/post/publish/video/init/"
    bearer = {"Authorization": f"Bearer {account.credentials['access_token']}"}
    status, answer, _ = call(url, wish, bearer)
    assert (status, answer["error"]["code"]) == (400, code)
