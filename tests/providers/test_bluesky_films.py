"""Bluesky's films go through its video service, which leaves them with the account's server."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import ErrorClass, Http, Pending, Publication, Refused
from shared.channels.domain.bluesky.media import RULES
from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.provider import Answer
from tests.providers.account import Connected, called, publication
from tests.providers.attachments import attachment
from tests.providers.test_conformance import REFUSALS, UNCERTAIN
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

LEXICON = "com.atproto.server."
LIMITS, VIDEO = "app.bsky.video.getUploadLimits", "app.bsky.video.uploadVideo"
BLOB = "com.atproto.repo.uploadBlob"


@pytest.fixture
def slug() -> str:
    return "bluesky"


def film(number: int = 0) -> Attachment:
    return attachment(RULES, MediaKind.VIDEO, number=number, alt_text="A film")


def of(*attachments: Attachment) -> Publication:
    return replace(publication("Look"), attachments=attachments)


@dataclass(frozen=True)
class Noting:
    """A client that notes what is called, and where; `beyond` is answered by nobody."""

    http: Http
    beyond: str = "no such place"
    calls: list[tuple[str, str]] = field(default_factory=list)

    async def request(self, method: str, url: str, **said: Any) -> Answer:
        place, _, procedure = url.partition("/xrpc/")
        self.calls.append((place, procedure))
        if self.beyond in place:
            raise Refused(ErrorClass.NETWORK, "NOT_SENT", "beyond")
        return await self.http.request(method, url, **said)


def noted(account: Connected, wanted: Publication) -> list[str]:
    """The procedures that were called to publish it."""

    async def run(http: Http) -> list[tuple[str, str]]:
        noting = Noting(http)
        await account.publishing(noting, wanted)
        return noting.calls

    return [procedure for _, procedure in called(run)]


def test_it_is_made_ready_before_anybody_sees_the_post(account: Connected) -> None:
    calls = noted(account, of(film()))
    assert calls[:5] == [
        f"{LEXICON}getServiceAuth",
        LIMITS,
        f"{LEXICON}getSession",
        f"{LEXICON}getServiceAuth",
        VIDEO,
    ]
    assert set(calls[5:-1]) == {"app.bsky.video.getJobStatus"}
    assert calls[-1] == "com.atproto.repo.createRecord"
    (arrived,) = account.receipts()
    assert arrived["media"][0]["mime_type"] == "video/mp4"


def test_nothing_is_sent_twice_while_the_service_works(account: Connected) -> None:
    wanted = of(film())

    async def run(http: Http) -> Pending:
        begun = await delivery.publish(http, account.opened, wanted)
        assert isinstance(begun, Pending)
        noting = Noting(http)
        again = replace(wanted, progress=begun.progress)
        later = await delivery.publish(noting, account.opened, again)
        assert isinstance(later, Pending)
        assert (later.progress, len(noting.calls)) == (begun.progress, 1)
        return later

    assert list(called(run).progress) == ["job", "jobs"]
    assert account.receipts() == []


def test_a_film_that_it_knows_is_taken_as_it_has_it(account: Connected) -> None:
    account.publish(of(film()))
    calls = noted(account, of(film()))
    assert (calls.count(VIDEO), calls.count(BLOB)) == (1, 0)
    first, second = account.receipts()
    assert first["media"] == second["media"]


def test_a_job_that_nobody_knows_any_more_is_begun_anew(account: Connected) -> None:
    wanted = of(film())
    begun = called(lambda http: delivery.publish(http, account.opened, wanted))
    assert isinstance(begun, Pending)
    account.simulator.forget_films()
    account.publish(replace(wanted, progress=begun.progress))
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("kind", [*UNCERTAIN, "server_error_before"])
def test_an_upload_whose_answer_was_lost_is_made_again(account: Connected, kind: str) -> None:
    account.fail(kind, call="upload", seconds=4)
    wanted = of(film())
    error = account.refusal(wanted)
    assert isinstance(error, Refused)
    assert error.error_class in {ErrorClass.NETWORK, ErrorClass.PLATFORM}
    account.publish(wanted)
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_of_an_upload_has_its_class(account: Connected, kind: str) -> None:
    account.fail(kind, call="upload", times=2, retry_after=77)
    error = account.refusal(of(film()))
    assert isinstance(error, Refused)
    assert error.error_class is (ErrorClass.MEDIA if kind == "refuse" else REFUSALS[kind])
    assert not any(secret in f"{error} {error.words}" for secret in [*account.secrets, "eyJ"])


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"canUpload": False, "remainingDailyVideos": 0}, (ErrorClass.QUOTA, "UPLOAD_LIMIT")),
        ({"remainingDailyBytes": 10}, (ErrorClass.QUOTA, "UPLOAD_LIMIT")),
        (
            {"canUpload": False, "error": "unconfirmed_email", "message": "Confirm your address"},
            (ErrorClass.PERMISSION, "NOT_PERMITTED"),
        ),
    ],
)
def test_an_account_that_may_send_none_sends_none(
    account: Connected, limits: dict[str, Any], expected: tuple[ErrorClass, str]
) -> None:
    account.simulator.let_films(account.credentials["did"], **limits)
    error = account.refusal(of(film()))
    assert (error.error_class, error.code) == expected
    assert error.words in {
        limits.get("message"),
        "Bluesky takes no more films of the account today.",
    }
    assert account.receipts() == []


@pytest.mark.parametrize("code", ["encoding_failure", "pds_upload_unsupported_blob_size"])
def test_a_film_of_which_nothing_can_be_made_is_refused(account: Connected, code: str) -> None:
    account.simulator.fail_films(code)
    error = account.refusal(of(film()))
    assert (error.error_class, error.code) == (ErrorClass.MEDIA, "MEDIA_REFUSED")
    assert account.receipts() == []
    account.publish(of(film()))
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("code", ["pds_upload_failure", "generic_failure", ""])
def test_a_job_that_fails_for_another_reason_is_begun_anew(account: Connected, code: str) -> None:
    """Three times in all: what goes on failing ends as what may be tried later."""
    account.simulator.fail_films(code, times=2)
    account.publish(of(film()))
    account.simulator.fail_films(code, times=3)
    wanted = of(film(1))
    error = account.refusal(wanted)
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "PROCESSING_FAILED")
    assert account.refusal(wanted).code == "PROCESSING_FAILED"
    assert len(account.receipts()) == 1


@pytest.mark.parametrize("others", [(MediaKind.IMAGE,), (MediaKind.VIDEO,)])
def test_what_no_record_shows_is_not_uploaded(
    account: Connected, others: tuple[MediaKind, ...]
) -> None:
    wanted = of(film(), *(attachment(RULES, kind, number=1) for kind in others))

    async def run(http: Http) -> list[tuple[str, str]]:
        noting = Noting(http)
        with pytest.raises(Refused):
            await account.publishing(noting, wanted)
        return noting.calls

    assert called(run) == []


def test_accounts_of_older_days_use_the_service_of_bluesky(account: Connected) -> None:
    older = {key: value for key, value in account.credentials.items() if key != "video_service"}
    known = replace(account, credentials=older)

    async def run(http: Http) -> list[tuple[str, str]]:
        noting = Noting(http, beyond="https://video.bsky.app")
        with pytest.raises(Refused):
            await known.publishing(noting, of(film()))
        return noting.calls

    assert called(run)[-1] == ("https://video.bsky.app", LIMITS)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"aud": "did:web:pds.example"}, "BadJwtAudience"),
        ({"lxm": VIDEO}, "BadJwtLexiconMethod"),
        ({"exp": "9999999999"}, "BadExpiration"),
        ({"exp": "1.5"}, "InvalidRequest"),
    ],
)
def test_the_imitation_takes_tokens_for_its_purpose_alone(
    simulator: Simulator, account: Connected, wrong: dict[str, str], name: str
) -> None:
    host = simulator.url.partition("//")[2].replace(":", "%3A")
    wish = {"aud": f"did:web:{host}:bluesky", "lxm": BLOB, **wrong}
    own = {"Authorization": f"Bearer {account.credentials['access_token']}"}
    service, videos = account.credentials["service"], account.credentials["video_service"]
    asked = f"{service}/xrpc/{LEXICON}getServiceAuth?{urlencode(wish)}"
    status, answer, _ = call(asked, None, own)
    if status == 200:
        theirs = {"Authorization": f"Bearer {answer['token']}", "Content-Type": "video/mp4"}
        query = urlencode({"did": account.credentials["did"], "name": "a.mp4"})
        status, answer, _ = call(f"{videos}/xrpc/{VIDEO}?{query}", b"film", theirs)
    assert (status // 100, answer["error"]) == (4, name)
    assert call(f"{videos}/xrpc/{LIMITS}", None, own)[1]["error"] == "AuthMissing"


def test_a_refusal_may_be_told_as_a_job_that_never_was(account: Connected) -> None:
    @dataclass(frozen=True)
    class Hopeful:
        """As if there had been room when it was asked for."""

        http: Http

        async def request(self, method: str, url: str, **said: Any) -> Answer:
            answer: Any = await self.http.request(method, url, **said)
            if url.endswith(LIMITS):
                hopeful: Answer = replace(answer, body=b'{"canUpload": true}')
                return hopeful
            return answer  # type: ignore[no-any-return]

    limits = {"canUpload": False, "error": "unconfirmed_email"}
    account.simulator.let_films(account.credentials["did"], **limits)
    with pytest.raises(Refused) as refused:
        called(lambda http: account.publishing(Hopeful(http), of(film())))
    assert (refused.value.error_class, refused.value.words) == (
        ErrorClass.PERMISSION,
        "unconfirmed_email",
    )
