"""Somebody who may connect accounts, and a server to connect them at."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.channels.consent import Browser, admitted, configure
from tests.functions.channels.instance import Instance


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def stranger(api: Api, owner: Account) -> Account:
    """An active user of another organization."""
    return approved_user(api, owner)


@pytest.fixture
def viewer(stranger: Account) -> Account:
    """The stranger, who may only look around in their organization."""
    with engine().begin() as database:
        database.execute(
            text("UPDATE memberships SET role = 'viewer' WHERE user_id = :id"),
            {"id": stranger.user_id},
        )
    return stranger


@pytest.fixture
def instance() -> Iterator[Instance]:
    with Instance().running() as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", "0.3")


@pytest.fixture
def guild() -> Iterator[Any]:
    """A network that asks for consent, and what it says and was told."""
    with pytest.MonkeyPatch.context() as patch, admitted(patch) as told:
        yield told


@pytest.fixture
def browser(owner: Account, guild: Any) -> Browser:
    """The owner's, where there is an application at the guild."""
    assert configure(owner.api).status == 200
    return Browser(owner.api)
