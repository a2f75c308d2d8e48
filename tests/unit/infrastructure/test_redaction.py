"""What must not be kept is taken out by name, by type and by looks; the rest stays."""

import json
import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.infrastructure.redaction import (
    REDACTED,
    redacted,
    redacted_fields,
    redacted_query,
    redacted_text,
)

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "PASSWORD",
        "client_secret",
        "access_token",
        "refreshToken",
        "api_key",
        "apiKey",
        "Authorization",
        "cookie",
        "set-cookie",
        "credentials",
        "recovery_codes",
        "code_verifier",
        "private_key",
    ],
)
def test_a_name_gives_a_secret_away(name: str) -> None:
    assert redacted_fields({name: "hunter2"}) == {name: REDACTED}
    assert redacted_fields({"inner": [{name: {"deep": 1}}]}) == {"inner": [{name: REDACTED}]}


@pytest.mark.parametrize(
    "fields",
    [
        {"must_change_password": True, "password_changed": False},
        {"fencing_token": 7},
        {"prefix": "lux_abcd", "channel": "mastodon", "token_type": "bearer"},
        {"error_code": "NOT_SENT", "state": "pending", "attempt": 3},
        {"token_expires_at": None},
    ],
)
def test_what_only_speaks_of_one_stays(fields: dict[str, Any]) -> None:
    assert redacted_fields(fields) == fields


@pytest.mark.parametrize(
    "text",
    [
        f"it said {JWT} and left",
        "key lux_0123456789abcdefghij was used",
        "kept $argon2id$v=19$m=64,t=1,p=4$c2FsdA$aGFzaA then",
        "postgresql://luxaris:hunter2@db/luxaris",
        "Authorization: Bearer abcdef0123456789",
        'body {"password": "hunter2", "name": "Ada"}',
        "url?access_token=abcdef&x=1",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
    ],
)
def test_looks_give_a_secret_away(text: str) -> None:
    shown = redacted_text(text)
    assert REDACTED in shown
    for secret in (JWT, "0123456789abcdef", "$argon2", "hunter2", "=abcdef", "MIIEvQ"):
        assert secret not in shown


_PIECES = st.sampled_from(
    [
        *("eyJ", "lux_", "$argon2", "-----BEGIN", " PRIVATE KEY-----", "://", ":", "@", "="),
        *("Bearer", "BASIC", "passwd", "PassWord", "secret", "token", "api_key", "APIKEY"),
        *("Authorization", "cookie", '"', "abcdefghijkl", "0123456789abcdef", " ", "-", "."),
    ]
)


@given(st.lists(_PIECES, max_size=12))
def test_no_text_with_a_secret_is_passed_over(pieces: list[str]) -> None:
    """What has letters beyond ASCII is always looked through."""
    text = "".join(pieces)
    assert f"é {redacted_text(text)}" == redacted_text(f"é {text}")


def test_a_sentence_stays_as_it_is() -> None:
    sentence = "The password is too short: 5 < 8. See https://example.org/token?page=2"
    assert redacted_text("Nothing is secret here, 5 < 6 & 7") == "Nothing is secret here, 5 < 6 & 7"
    assert "https://example.org" in redacted_text(sentence)


class Colour(StrEnum):
    RED = "red"


class Vault:
    def __repr__(self) -> str:
        return "hunter2"


def test_a_type_of_its_own_is_told_by_its_name_only() -> None:
    assert redacted({"vault": Vault(), "raw": b"hunter2"}) == {
        "vault": "<Vault>",
        "raw": "<bytes>",
    }


def test_plain_values_are_json() -> None:
    value = {
        "at": datetime(2026, 11, 1, tzinfo=UTC),
        "took": timedelta(seconds=2),
        "id": UUID(int=1),
        "colour": Colour.RED,
        "far": float("inf"),
        "large": 10**400,
        "many": {1},
        "none": None,
    }
    assert redacted(value) == {
        "at": "2026-11-01T00:00:00Z",
        "took": 2.0,
        "id": str(UUID(int=1)),
        "colour": "red",
        "far": "inf",
        "large": 10**400,
        "many": [1],
        "none": None,
    }


def test_who_is_sent_back_brings_no_code_into_the_log() -> None:
    assert redacted_query({"code": "abc", "state": "xyz", "page": "2"}) == {
        "code": REDACTED,
        "state": REDACTED,
        "page": "2",
    }


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(anything)
def test_whatever_it_is_becomes_json_the_database_takes(value: object) -> None:
    written = json.dumps(redacted(value))
    assert "\\u0000" not in written
    written.encode()


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_password_in_a_text_never_stays(before: str, after: str) -> None:
    assert "hunter2" not in redacted_text(f'{before} "password": "hunter2" {after}')


@pytest.mark.parametrize(
    "text",
    ["a" * 8_000, "-eyJ" * 2_000, "token" * 1_600, "token " * 1_300, '"' * 8_000, "://" * 2_600],
    ids=lambda text: text[:5],
)
def test_no_text_takes_long_to_look_through(text: str) -> None:
    began = time.process_time()
    redacted_text(text)
    assert time.process_time() - began < 0.25
