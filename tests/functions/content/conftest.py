"""Two authors of two organizations."""

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.content.importing import Importer
from tests.outbox import Post


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


@pytest.fixture
def ben(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


@pytest.fixture
def importer(ada: Account, post: Post) -> Importer:
    return Importer.of(ada, post)
