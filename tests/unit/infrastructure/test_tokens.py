"""Tokens prove who they were made for, and nothing else passes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import time_machine

from shared.infrastructure.settings import InvalidSetting
from shared.infrastructure.tokens import InvalidToken, Tokens, TokensSettings
from shared.kernel.ids import new_id

SECRET = "a secret that is at least 32 bytes long"
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
USER, ORGANIZATION, SESSION = new_id(), new_id(), new_id()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(TokensSettings(secret=SECRET))


def _issue(tokens: Tokens, kind: str = "access", now: datetime = NOW) -> tuple[str, UUID]:
    return tokens.issue(
        kind, user_id=USER, organization_id=ORGANIZATION, session_id=SESSION, now=now
    )


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_a_token_says_who_it_was_made_for(tokens: Tokens, kind: str) -> None:
    token, token_id = _issue(tokens, kind)
    with time_machine.travel(NOW, tick=False):
        claims = tokens.verify(token, kind=kind)
    assert (claims.user_id, claims.organization_id, claims.session_id) == (
        USER,
        ORGANIZATION,
        SESSION,
    )
    assert (claims.kind, claims.token_id) == (kind, token_id)


@pytest.mark.parametrize(("kind", "lifetime"), [("access", 15 * 60), ("refresh", 7 * 86_400)])
def test_a_token_ends_with_its_lifetime(tokens: Tokens, kind: str, lifetime: int) -> None:
    token, _ = _issue(tokens, kind)
    with time_machine.travel(NOW + timedelta(seconds=lifetime - 1), tick=False):
        tokens.verify(token, kind=kind)
    with (
        time_machine.travel(NOW + timedelta(seconds=lifetime), tick=False),
        pytest.raises(InvalidToken),
    ):
        tokens.verify(token, kind=kind)


def test_one_kind_does_not_pass_for_the_other(tokens: Tokens) -> None:
    for made, asked in (("access", "refresh"), ("refresh", "access")):
        token, _ = _issue(tokens, made)
        with time_machine.travel(NOW, tick=False), pytest.raises(InvalidToken):
            tokens.verify(token, kind=asked)


def _payload(token: str) -> dict[str, Any]:
    read: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


FORGERIES: dict[str, Callable[[str], str]] = {
    "garbage": lambda _: "not.a.token",
    "empty": lambda _: "",
    "cut short": lambda token: token[:-2],
    "another secret": lambda token: jwt.encode(_payload(token), SECRET[::-1], "HS256"),
    "unsigned": lambda token: jwt.encode(_payload(token), "", "none"),
    "another algorithm": lambda token: jwt.encode(_payload(token), SECRET * 2, "HS512"),
    "another audience": lambda token: jwt.encode({**_payload(token), "aud": "else"}, SECRET),
    "another issuer": lambda token: jwt.encode({**_payload(token), "iss": "else"}, SECRET),
    "an id that is none": lambda token: jwt.encode({**_payload(token), "sub": "root"}, SECRET),
    "without an end": lambda token: jwt.encode(
        {key: value for key, value in _payload(token).items() if key != "exp"}, SECRET
    ),
    "without a session": lambda token: jwt.encode(
        {key: value for key, value in _payload(token).items() if key != "sid"}, SECRET
    ),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_forgeries_are_refused(tokens: Tokens, forge: Callable[[str], str]) -> None:
    token, _ = _issue(tokens)
    with time_machine.travel(NOW, tick=False), pytest.raises(InvalidToken):
        tokens.verify(forge(token), kind="access")


def test_keyed_hashes_are_stable_and_differ_by_secret(tokens: Tokens) -> None:
    other = Tokens(TokensSettings(secret=SECRET[::-1]))
    assert tokens.keyed_hash("a") == tokens.keyed_hash("a")
    assert len({tokens.keyed_hash("a"), tokens.keyed_hash("b"), other.keyed_hash("a")}) == 3


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="TOKENS_SECRET"):
        TokensSettings(secret="short")


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(TokensSettings(secret=SECRET))


def test_a_token_that_is_remembered_ends_in_time_and_is_of_one_kind(tokens: Tokens) -> None:
    token, _ = _issue(tokens)
    with time_machine.travel(NOW, tick=False) as clock:
        assert tokens.verify(token, kind="access") is tokens.verify(token, kind="access")
        with pytest.raises(InvalidToken):
            tokens.verify(token, kind="refresh")
        clock.shift(tokens.access_seconds - 1)
        tokens.verify(token, kind="access")
        clock.shift(1)
        with pytest.raises(InvalidToken):
            tokens.verify(token, kind="access")
