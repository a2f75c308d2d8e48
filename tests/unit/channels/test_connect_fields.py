"""What a person typed, against what a network asks for."""

import pytest

from shared.channels.domain.connect_fields import complete
from shared.channels.domain.provider import Field
from shared.kernel.errors import RuleViolations

ASKED = (
    Field(name="service", label="Service", default="https://bsky.social"),
    Field(name="password", label="App password", secret=True),
)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"password": "p"}, {"service": "https://bsky.social", "password": "p"}),
        ({"service": " ", "password": " p\n"}, {"service": "https://bsky.social", "password": "p"}),
        ({"service": "own", "password": "p q"}, {"service": "own", "password": "p q"}),
    ],
)
def test_what_was_typed_is_completed(typed: dict[str, str], fields: dict[str, str]) -> None:
    assert complete(ASKED, typed) == fields


def test_what_is_optional_may_be_left_out() -> None:
    asked = (*ASKED, Field(name="token", label="Token", secret=True, optional=True))
    assert "token" not in complete(asked, {"password": "p", "token": " "})
    assert complete(asked, {"password": "p", "token": "t"})["token"] == "t"
    with pytest.raises(RuleViolations):
        complete(asked, {"password": "p", "token": "t\x00"})


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, ["credentials.password"]),
        ({"password": "\t"}, ["credentials.password"]),
        ({"password": "a\x1bb"}, ["credentials.password"]),
        ({"password": "a\ud800"}, ["credentials.password"]),
        ({"password": "a" * 4097}, ["credentials.password"]),
        (
            {"service": "a\nb", "user": "u", "email": "e"},
            [
                "credentials.email",
                "credentials.password",
                "credentials.service",
                "credentials.user",
            ],
        ),
    ],
)
def test_everything_wrong_is_named_at_once(typed: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(RuleViolations) as refused:
        complete(ASKED, typed)
    assert [violation.field for violation in refused.value.violations] == wrong


def test_what_was_typed_is_not_repeated() -> None:
    with pytest.raises(RuleViolations) as refused:
        complete(ASKED, {"password": "swordfish\0", "service": "swordfish" * 1000})
    assert not [one for one in refused.value.violations if "swordfish" in one.description]
