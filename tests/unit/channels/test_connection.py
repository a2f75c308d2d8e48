"""A connection's rules, and what of a network's words may be kept."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.channels.domain.connection import Connection, Status, printable, web_address
from shared.channels.domain.provider import Account
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

NOW = datetime(2027, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
SEALED = Sealed(key_id="k", text=b"sealed")
ADA = Account(
    external_id="1",
    username="@ada",
    display_name="Ada",
    url="https://social.example/@ada",
    avatar_url=None,
    credentials={"access_token": "secret"},
)
ACTOR = Actor(
    user_id=new_id(),
    organization_id=OrganizationId(new_id()),
    permissions=frozenset(),
    is_root=False,
    timezone="UTC",
)


def new() -> Connection:
    return Connection.new(actor=ACTOR, channel="mastodon", external_account_id="1", now=NOW)


def connected() -> Connection:
    connection = new()
    connection.prove(ADA, SEALED, NOW)
    return connection


def test_what_nobody_has_proved_has_no_credentials() -> None:
    with pytest.raises(Conflict):
        new().sealed()


def test_what_is_proved_is_connected() -> None:
    connection = connected()
    assert connection.status == Status.CONNECTED
    assert connection.sealed() == SEALED
    assert connection.account_username == "@ada"


def test_what_works_is_not_connected_again() -> None:
    with pytest.raises(Conflict) as refused:
        connected().demand_renewable()
    assert refused.value.code == "CONNECTION_ALREADY_EXISTS"


def test_what_failed_may_be_connected_again() -> None:
    connection = connected()
    connection.fail("no more", LATER)
    connection.demand_renewable()
    assert (connection.status, connection.error_message) == (Status.ERROR, "no more")
    connection.prove(ADA, SEALED, LATER)
    assert (connection.status, connection.error_message) == (Status.CONNECTED, None)


def test_what_failed_keeps_its_credentials() -> None:
    connection = connected()
    connection.fail("no more", LATER)
    assert connection.sealed() == SEALED


def test_what_is_disconnected_keeps_nothing_secret() -> None:
    connection = connected()
    connection.fail("no more", NOW)
    connection.disconnect(LATER)
    assert connection.credentials is None
    assert connection.credentials_key_id is None
    assert connection.error_message is None
    assert connection.disconnected_at == LATER
    connection.demand_renewable()


def test_another_account_is_not_taken_for_this_one() -> None:
    connection = connected()
    stranger = Account(
        external_id="2",
        username="@eve",
        display_name="Eve",
        url="https://social.example/@eve",
        avatar_url=None,
        credentials={},
    )
    with pytest.raises(Conflict) as refused:
        connection.prove(stranger, SEALED, LATER)
    assert refused.value.code == "CONNECTION_ACCOUNT_CHANGED"
    assert connection.account_username == "@ada"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Mine", "Ada"), "Mine"),
        ((None, "Ada"), "Ada"),
        (("", "Ada"), "Ada"),
        (("\0", "Ada"), "Ada"),
        ((" \n\u3000", "\0", "@ada"), "@ada"),
        ((" Mine ", "Ada"), "Mine"),
        (("\0", "\ud800"), "1"),
        (("x" * 300,), "x" * 200),
    ],
)
def test_its_name_is_never_blank(names: tuple[str | None, ...], shown: str) -> None:
    connection = connected()
    connection.name(*names)
    assert connection.display_name == shown


def test_its_repr_has_no_credentials() -> None:
    assert "sealed" not in repr(connected())
    assert "b'sealed'" not in repr(SEALED)
    assert "secret" not in repr(ADA)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("a\0b\x07c\x7fd\x85e", "abcde"),
        ("line\nfeed\ttab", "linefeedtab"),
        ("half \ud83d", "half "),
        ("whole \U0001f600 \u200frtl", "whole \U0001f600 \u200frtl"),
        ("x" * 20, "x" * 10),
    ],
)
def test_printable(text: str, kept: str) -> None:
    length = 10 if text.startswith("x") else 100
    assert printable(text, length) == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/@b", "https://a.example/@b"),
        ("http://a.example/", "http://a.example/"),
        ("https://a.example/\n", "https://a.example/"),
        ("javascript:alert(1)", None),
        (" https://a.example/", None),
        ("data:text/html,x", None),
        ("//a.example", None),
        ("", None),
        (None, None),
        ("https://a.example/" + "x" * 2000, None),
    ],
)
def test_web_address(url: str | None, kept: str | None) -> None:
    assert web_address(url) == kept
