"""What token endpoints give and refuse."""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.domain.oauth_tokens import (
    Client,
    client_of,
    expiry_of,
    tokens_of,
    typed_tokens,
)
from shared.channels.domain.provider import ErrorClass, ProviderError, Refused, Unanswered
from tests.unit.channels.answered import NOW, Answered

OURS = Client(id="ours", secret="s3cret")
THEIRS = Client(id="theirs", secret="s3cret", is_own=True)
HOUR = timedelta(hours=1)
GIVEN = {"access_token": "a", "refresh_token": "r", "expires_in": 60, "scope": "read write"}


def answered(said: object, status: int = 200) -> Answered:
    return Answered(status=status, body=json.dumps(said).encode())


def given(said: dict[str, Any], *scopes: str) -> dict[str, str]:
    return tokens_of(answered(said), client=OURS, lives=HOUR, scopes=scopes)


def refusal(said: object, status: int, client: Client = OURS) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        tokens_of(answered(said, status), client=client, lives=HOUR)
    return caught.value


def test_tokens_come_with_their_end() -> None:
    assert given(GIVEN, "read") == {
        "access_token": "a",
        "refresh_token": "r",
        "expires_at": (NOW + timedelta(seconds=60)).isoformat(),
    }


def test_without_a_word_the_usual_life_is_taken() -> None:
    tokens = given({"access_token": "a"}, "read")
    assert expiry_of(tokens, otherwise=NOW) == NOW + HOUR
    assert "refresh_token" not in tokens


@pytest.mark.parametrize("scope", ["read write", "read,write", "write, read", "read\twrite more"])
def test_scopes_are_told_with_spaces_or_commas(scope: str) -> None:
    given({**GIVEN, "scope": scope}, "read", "write")


@pytest.mark.parametrize("scope", ["read", "readwrite", "write.all read"])
def test_what_was_not_granted_is_named(scope: str) -> None:
    with pytest.raises(Refused) as caught:
        given({**GIVEN, "scope": scope}, "read", "write")
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PERMISSION,
        "SCOPES_MISSING",
    )
    assert "write" in caught.value.words


@pytest.mark.parametrize(("scope", "is_enough"), [("write", True), ("read write:media", False)])
def test_where_scopes_nest_the_wider_is_enough(scope: str, *, is_enough: bool) -> None:
    asked = ("write:statuses",)
    with nullcontext() if is_enough else pytest.raises(Refused):
        tokens_of(
            answered({**GIVEN, "scope": scope}), client=OURS, lives=HOUR, scopes=asked, nested=True
        )


def test_tokens_that_never_expire_have_no_end() -> None:
    assert tokens_of(answered(GIVEN), client=OURS, lives=None) == {"access_token": "a"}


@pytest.mark.parametrize(
    "wrong",
    [
        *({"access_token": ""}, {"access_token": None}, {"access_token": 5}),
        *({"expires_in": 0}, {"expires_in": -1}, {"expires_in": "60"}, {"expires_in": True}),
        *({"expires_in": float("nan")}, {"expires_in": float("inf")}, {"expires_in": 1e12}),
    ],
)
def test_what_cannot_be_understood_is_no_answer(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unanswered):
        given({**GIVEN, **wrong})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"token"'])
def test_a_success_that_is_no_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unanswered):
        tokens_of(Answered(status=200, body=body), client=OURS, lives=HOUR)


@pytest.mark.parametrize("refresh_token", ["", None, 5, []])
def test_a_refresh_token_that_is_none_is_left_out(refresh_token: object) -> None:
    assert "refresh_token" not in given({**GIVEN, "refresh_token": refresh_token})


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("said", [{"error": "invalid_grant"}, {"error": "invalid_request"}, {}, 5])
def test_what_was_brought_is_refused(said: object, status: int) -> None:
    error = refusal(said, status)
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.AUTHENTICATION


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_our_application_is_not_the_persons_fault(error: str) -> None:
    assert refusal({"error": error}, 401).error_class is ErrorClass.PLATFORM
    assert refusal({"error": error}, 401, THEIRS).error_class is ErrorClass.AUTHENTICATION


@pytest.mark.parametrize(
    ("status", "error_class"),
    [(403, ErrorClass.PERMISSION), (429, ErrorClass.RATE_LIMIT), (503, ErrorClass.PLATFORM)],
)
def test_any_other_refusal_has_its_class(status: int, error_class: ErrorClass) -> None:
    assert refusal({}, status).error_class is error_class


def test_ones_own_application_comes_before_ours() -> None:
    ours = {"client_id": "c", "client_secret": "s"}
    own = {"own_client_id": "o", "own_client_secret": "t"}
    assert client_of(ours) == Client(id="c", secret="s")
    assert client_of({**ours, **own}) == Client(id="o", secret="t", is_own=True)
    assert client_of({**ours, "own_client_id": "o"}) == Client(id="c", secret="s")


@pytest.mark.parametrize("credentials", [{}, {"client_id": "c"}, {"client_secret": "s"}])
def test_without_an_application_nothing_is_asked(credentials: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        client_of(credentials)
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PLATFORM,
        "APPLICATION_MISSING",
    )


def test_a_header_holds_what_rfc_6749_says() -> None:
    client = Client(id="a b:c", secret="p%q")
    assert client.basic == "Basic YSUyMGIlM0FjOnAlMjVx"  # a%20b%3Ac:p%25q
    assert "p%q" not in repr(client)


def test_of_what_was_typed_tokens_are_taken_and_blanks_are_not() -> None:
    typed = {"server": "s", "access_token": " a ", "refresh_token": " ", "own_client_id": "o"}
    assert typed_tokens(typed) == {"access_token": "a", "own_client_id": "o"}


@pytest.mark.parametrize("said", [{}, {"expires_at": ""}, {"expires_at": "soon"}])
def test_an_end_that_is_none_is_taken_as_another(said: dict[str, str]) -> None:
    assert expiry_of(said, otherwise=NOW) == NOW
