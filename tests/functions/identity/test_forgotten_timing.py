"""How long asking for a mail takes tells nobody whether there is an account."""

import statistics
import time
from ipaddress import ip_address
from itertools import count

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.identity.conftest import Sql

ROUNDS = 20
ATTEMPTS = 4
MARGIN = 0.02
"""As a part of the whole; without the even time it is several times as much."""

_addresses = map(ip_address, count(int(ip_address("198.19.0.1"))))


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


@pytest.fixture
def verified(ada: Account, sql: Sql) -> None:
    sql("UPDATE users SET email_verified_at = now()")


def _seconds(api: Api, path: str, email: str) -> float:
    from shared.identity.adapters.attempt_limits import attempt_limits
    from shared.identity.domain.attempts import FORGOT_BY_ACCOUNT, RESEND_BY_ACCOUNT

    for limit in (FORGOT_BY_ACCOUNT, RESEND_BY_ACCOUNT):
        attempt_limits().forget(limit.by(email))
    address = str(next(_addresses))
    begun = time.perf_counter()
    answer = api.request("POST", path, json={"email": email}, source_ip=address)
    taken = time.perf_counter() - begun
    assert answer.status == 202
    return taken


def _difference(api: Api, path: str, known: str, unknown: str) -> float:
    """Of interleaved requests: of their lower quartiles, which noise spares, as a part of them."""
    pairs = [(_seconds(api, path, known), _seconds(api, path, unknown)) for _ in range(ROUNDS)]
    theirs, nobodys = (statistics.quantiles(each)[0] for each in zip(*pairs, strict=True))
    return float(abs(theirs - nobodys) / max(theirs, nobodys))


def _assert_equal(api: Api, path: str, known: str, unknown: str) -> None:
    """A busy machine may disturb one measurement; it does not disturb each in the same way."""
    unwatched = Api(api._routes)
    measured: list[float] = []
    for _ in range(ATTEMPTS):
        measured.append(_difference(unwatched, path, known, unknown))
        if measured[-1] < MARGIN:
            return
    pytest.fail(f"relative differences {measured}")


@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/resend-verification"])
def test_it_takes_as_long_whether_or_not_there_is_an_account(
    api: Api, ada: Account, path: str
) -> None:
    _assert_equal(api, path, ada.email, "nobody@example.com")


def test_nor_whether_it_is_verified(api: Api, verified: None) -> None:
    _assert_equal(api, "/auth/resend-verification", "ada@example.com", "nobody@example.com")
