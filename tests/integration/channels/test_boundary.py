"""The boundary to the networks: nothing but a `ProviderError` passes, and no secret in it."""

import asyncio
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.channels.adapters.networks import only_provider_errors
from shared.channels.api import delivery
from shared.channels.domain.provider import ErrorClass, Refused, Unanswered


def publish_through(http: Any) -> None:
    credentials = delivery.Credentials(
        channel="mastodon",
        values={
            "instance": "https://social.example",
            "access_token": "the-token",
            "account_id": "1",
        },
    )
    publication = delivery.Publication(text="Hello", key="key", first_tried_at=datetime.now(UTC))
    asyncio.run(delivery.publish(http, credentials, publication))


@pytest.mark.parametrize("error", [KeyError("id"), ValueError("the-token"), TypeError, IndexError])
def test_whatever_a_provider_stumbles_over_nobody_knows_the_outcome(
    error: Exception | type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    class Http:
        async def request(self, *arguments: Any, **more: Any) -> Any:
            raise error

    with pytest.raises(Unanswered) as unknown:
        publish_through(Http())
    assert unknown.value.error_class == ErrorClass.PLATFORM
    assert unknown.value.code == "MALFORMED_ANSWER"
    assert "the-token" not in str(unknown.value)
    assert "the-token" not in caplog.text
    assert "malformed_answer" in caplog.text


def test_what_a_provider_says_itself_is_passed_on_without_the_secret() -> None:
    class Http:
        async def request(self, *arguments: Any, **more: Any) -> Any:
            raise Refused(
                ErrorClass.RATE_LIMIT, "RATE_LIMITED", "the-token\0 is too fast", retry_after=7
            )

    with pytest.raises(Refused) as refused:
        publish_through(Http())
    assert refused.value.words == "[removed] is too fast"
    assert str(refused.value) == "RATE_LIMITED: [removed] is too fast"
    assert refused.value.retry_after == 7


def test_neither_is_the_secret_in_what_caused_the_error() -> None:
    class Http:
        async def request(self, *arguments: Any, **more: Any) -> Any:
            cause = ValueError("the-token")
            raise Unanswered(ErrorClass.PLATFORM, "CODE", "the-token") from cause

    with pytest.raises(Unanswered) as unknown:
        publish_through(Http())
    shown = "".join(traceback.format_exception(unknown.value))
    assert "CODE: [removed]" in shown
    assert "the-token" not in repr(unknown.value)
    assert "ValueError" not in shown


def test_cancellation_is_not_an_answer() -> None:
    with pytest.raises(asyncio.CancelledError), only_provider_errors([]):
        raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("port", "error", "code"),
    [(1, Refused, "NETWORK_UNREACHABLE"), (None, Unanswered, "NO_ANSWER")],
)
def test_the_client_tells_unreached_from_unanswered(
    port: int | None, error: type[Exception], code: str, environment: Mapping[str, str]
) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        there = port or server.sockets[0].getsockname()[1]
        async with server, delivery.networks() as http:
            await http.request("POST", f"http://127.0.0.1:{there}/")

    with pytest.raises(error) as raised:
        asyncio.run(main())
    assert isinstance(raised.value, Refused | Unanswered)
    assert (raised.value.error_class, raised.value.code) == (ErrorClass.NETWORK, code)
