"""Whatever a network answers, one attempt ends; nothing escapes, nothing impossible is believed."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.api.delivery import Credentials, ErrorClass, Refused, Unanswered
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.adapters import networks
from shared.publishing.adapters.attaching import Attaching
from shared.publishing.application.delivery_ports import Delivery
from shared.publishing.domain.attempt import Attempt, Ending, conclude
from shared.publishing.domain.outcome import Deferred, Published, Rejected, Unsettled
from shared.publishing.domain.retry import LONGEST_WISH

STATUS = {"id": "1", "url": "https://example.org/@ada/1", "uri": "https://example.org/1"}


@dataclass
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"

    def json(self) -> Any:
        return json.loads(self.body)

    def __getattr__(self, name: str) -> Any:
        if name == "received_at":
            return utc_now()
        raise AttributeError(name)


@dataclass
class Network:
    """Answers every call the same way; `posts` counts those that would publish."""

    answer: Callable[[str], Any]
    posts: int = 0

    async def request(self, method: str, url: str, **_: Any) -> Any:
        self.posts += method == "POST"
        return self.answer(method)


def publishing(answer: Answer) -> Network:
    return Network(lambda _: answer)


def raising(error: Exception) -> Network:
    def answer(_: str) -> Answer:
        raise error

    return Network(answer)


def delivery(*, unsettled: bool = False, must_not_send: str | None = None) -> Delivery:
    now = utc_now()
    attempt = Attempt(
        schedule_id=new_id(),
        organization_id=OrganizationId(new_id()),
        fencing_token=1,
        number=2 if unsettled else 1,
        allowed=5,
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=new_id(),
        channel="mastodon",
        created_by=new_id(),
        wanted_at=now,
        started_at=now,
        read_at=now,
        unsettled_since=now if unsettled else None,
    )
    values = {"instance": "https://example.org", "access_token": "x", "account_id": "1"}
    return Delivery(
        attempt=attempt,
        of="Tea",
        content="Tea",
        settings={},
        must_not_send=must_not_send,
        taken=frozenset(),
        secrets=Credentials(channel="mastodon", values=values),
    )


def ending(network: Network, item: Delivery) -> Ending:
    attaching = Attaching(AsyncExitStack())
    result = asyncio.run(networks._deliver(network, attaching, item, set()))
    conclude(result, now=utc_now())
    return result


def status(**changes: Any) -> Answer:
    return Answer(body=json.dumps({**STATUS, **changes}).encode())


def test_a_receipt_that_can_be_kept_is_believed() -> None:
    outcome = ending(publishing(status()), delivery()).outcome
    assert outcome == Published(external_id="1", url="https://example.org/@ada/1")


@pytest.mark.parametrize(
    "answer",
    [
        status(id="\u0000"),
        status(id="x" * 501),
        status(id=""),
        status(url="https://example.org/\ud800"),
        status(url="https://example.org/" + "x" * 3000),
        status(id=None),
        status(url=7),
        Answer(body=b"[" * 100_000),
        Answer(body=b"\xff"),
        Answer(body=b"null"),
        Answer(status=201),
        Answer(status=204, body=b""),
        Answer(status=302),
        Answer(status=520),
    ],
)
def test_an_answer_that_cannot_be_understood_leaves_it_unsettled(answer: Answer) -> None:
    assert isinstance(ending(publishing(answer), delivery()).outcome, Unsettled)


@pytest.mark.parametrize("wish", ["1e12", "1e300", "inf", "nan", "900000000", "-5", "soon"])
def test_a_network_cannot_make_a_post_wait_for_years(wish: str) -> None:
    busy = Answer(status=429, headers={"retry-after": wish}, body=b'{"error": "slow down"}')
    outcome = ending(publishing(busy), delivery()).outcome
    assert isinstance(outcome, Deferred)
    assert (outcome.retry_after or timedelta()) <= LONGEST_WISH


def test_a_bug_of_ours_is_the_end_of_one_attempt_only() -> None:
    outcome = ending(raising(ZeroDivisionError()), delivery()).outcome
    assert isinstance(outcome, Unsettled)


REFUSED = Refused(ErrorClass.NETWORK, "NETWORK_UNREACHABLE", "no")
SILENT = Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "silence")


@pytest.mark.parametrize("error", [REFUSED, SILENT])
def test_looking_in_vain_settles_nothing_and_sends_nothing(error: Exception) -> None:
    network = raising(error)
    result = ending(network, delivery(unsettled=True))
    assert isinstance(result.outcome, Unsettled)
    assert result.outcome.recoverable
    assert not result.nothing_before
    assert network.posts == 0


def test_what_never_left_is_tried_again() -> None:
    assert isinstance(ending(raising(REFUSED), delivery()).outcome, Deferred)


def test_silence_after_sending_is_not() -> None:
    assert isinstance(ending(raising(SILENT), delivery()).outcome, Unsettled)


def test_what_is_not_there_and_must_not_be_sent_ends() -> None:
    network = publishing(Answer(body=b"[]"))
    result = ending(network, delivery(unsettled=True, must_not_send="TOO_LATE"))
    assert isinstance(result.outcome, Rejected)
    assert (result.outcome.failure.code, result.nothing_before) == ("TOO_LATE", True)
    assert network.posts == 0
