"""How long a login takes tells nobody whether an account exists."""

import statistics
import time
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import count

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api

ROUNDS = 40
ATTEMPTS = 3
MARGIN = 0.1
"""As a part of a login's time; without the work for nobody the difference is nearly all of it."""

_addresses = map(ip_address, count(int(ip_address("198.18.0.1"))))


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


@pytest.fixture
def costly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes dear enough to be told from the rest, as they are outside of tests."""
    from shared.identity.adapters.passwords import passwords

    monkeypatch.setenv("PASSWORDS_MEMORY_KIB", "8192")
    passwords.cache_clear()
    yield
    passwords.cache_clear()


def _seconds(api: Api, email: str) -> float:
    from shared.identity.adapters.attempt_limits import attempt_limits
    from shared.identity.domain.attempts import LOGIN_BY_ACCOUNT

    begun = time.perf_counter()
    answer = api.request(
        "POST",
        "/auth/login",
        json={"email": email, "password": "Wrong-Horse-1"},
        source_ip=str(next(_addresses)),
    )
    taken = time.perf_counter() - begun
    assert answer.codes == ["INVALID_CREDENTIALS"]
    attempt_limits().forget(LOGIN_BY_ACCOUNT.by(email))
    return taken


def _difference(api: Api, known: str, unknown: str) -> float:
    """Of interleaved logins: of their lower quartiles, which noise spares, as a part of them."""
    pairs = [(_seconds(api, known), _seconds(api, unknown)) for _ in range(ROUNDS)]
    theirs, nobodys = (statistics.quantiles(each)[0] for each in zip(*pairs, strict=True))
    return float(abs(theirs - nobodys) / max(theirs, nobodys))


def test_a_login_takes_as_long_whether_or_not_there_is_an_account(
    api: Api, ada: Account, costly: None
) -> None:
    """A busy machine may disturb one measurement; it does not disturb each in the same way."""
    api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"})  # hashed anew
    measured = []
    for _ in range(ATTEMPTS):
        measured.append(_difference(api, ada.email, "nobody@example.com"))
        if measured[-1] < MARGIN:
            return
    pytest.fail(f"relative differences {measured}")
