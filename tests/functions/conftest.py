from collections.abc import Iterator

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.outbox import Post, mailbox


@pytest.fixture
def post(database: None, environment: dict[str, str]) -> Iterator[Post]:
    """The outbox, an empty mailbox, and what lies between them."""
    mailbox().clear()
    driven = Post(environment["BROKER_URL"])
    yield driven
    driven.close()


@pytest.fixture
def chief(api: Api) -> Account:
    """Root, who lets the others in."""
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


@pytest.fixture
def ben(api: Api, chief: Account) -> Account:
    """An active user of another organization."""
    return approved_user(api, chief)
