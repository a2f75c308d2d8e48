"""Two people of two organizations, and root."""

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


@pytest.fixture
def ben(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)
