"""How often a caller may call at all: by person where one is proved, else by address."""

from collections.abc import Iterator

import pytest
import time_machine

from shared.kernel.clock import utc_now
from tests.accounts import Account, approved_user, root
from tests.api import Api, ApiAnswer
from tests.container import of_its_own

CALLERS, ADDRESSES = 5, 4


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "ada@example.com")


@pytest.fixture
def limited(
    ada: Account, owner: Account, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Traveller]:
    """Small limits, nothing counted yet, and a minute that does not pass by itself.

    A container of its own has one connection to the cache, and nobody waits for a counter to be
    raised: on another, which threads leave behind, the next call might read it before.
    """
    from shared.infrastructure.cache import cache
    from shared.infrastructure.call_limits import CallMeter, limits

    monkeypatch.setenv("LIMITS_CALLERS_PER_MINUTE", str(CALLERS))
    monkeypatch.setenv("LIMITS_ADDRESSES_PER_MINUTE", str(ADDRESSES))
    limits.cache_clear()
    with of_its_own(), time_machine.travel(utc_now(), tick=False) as clock:
        for account in (ada, owner):
            cache().delete_many(CallMeter(CALLERS).keys(f"user:{account.user_id}"))
        yield clock
    limits.cache_clear()


def _told(answer: ApiAnswer) -> tuple[int, int]:
    assert 1 <= int(answer.headers["ratelimit-reset"]) <= 60
    return int(answer.headers["ratelimit-limit"]), int(answer.headers["ratelimit-remaining"])


def _assert_too_many(answer: ApiAnswer, limit: int) -> None:
    assert (answer.status, answer.codes) == (429, ["RATE_LIMIT_EXCEEDED"])
    assert _told(answer) == (limit, 0)
    assert answer.headers["retry-after"] == answer.headers["ratelimit-reset"]


def _anonymous(api: Api, address: str = "192.0.2.1") -> ApiAnswer:
    return api.request("POST", "/auth/refresh", json={"refresh_token": "x"}, source_ip=address)


def test_a_person_may_call_so_often_whatever_the_session(
    api: Api, ada: Account, limited: time_machine.Traveller
) -> None:
    other = api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"}).json
    callers = [ada.api, api.as_user(other["access_token"])]
    for number in range(CALLERS):
        answer = callers[number % 2].get("/auth/me")
        assert (answer.status, _told(answer)) == (200, (CALLERS, CALLERS - 1 - number))
    for caller in callers:
        _assert_too_many(caller.get("/auth/me"), CALLERS)
        _assert_too_many(caller.post("/auth/logout"), CALLERS)


def test_a_minute_later_they_may_again(ada: Account, limited: time_machine.Traveller) -> None:
    for _ in range(CALLERS):
        answer = ada.api.get("/auth/me")
    refused = ada.api.get("/auth/me")
    _assert_too_many(refused, CALLERS)
    limited.shift(int(refused.headers["retry-after"]))
    answer = ada.api.get("/auth/me")
    assert (answer.status, _told(answer)) == (200, (CALLERS, CALLERS - 1))


def test_one_person_takes_nothing_from_another(
    ada: Account, owner: Account, limited: time_machine.Traveller
) -> None:
    for _ in range(CALLERS):
        assert ada.api.get("/auth/me").status == 200
    _assert_too_many(ada.api.get("/auth/me"), CALLERS)
    assert owner.api.get("/auth/me").status == 200


def test_refusals_are_counted_and_told_as_well(
    ada: Account, limited: time_machine.Traveller
) -> None:
    answer = ada.api.get("/system/users")
    assert answer.status == 403
    assert _told(answer) == (CALLERS, CALLERS - 1)
    answer = ada.api.delete("/auth/sessions/x")
    assert (answer.status, _told(answer)) == (404, (CALLERS, CALLERS - 2))


def test_an_address_may_ask_so_often_what_is_public(
    api: Api, limited: time_machine.Traveller
) -> None:
    for number in range(ADDRESSES):
        answer = _anonymous(api)
        assert (answer.status, _told(answer)) == (401, (ADDRESSES, ADDRESSES - 1 - number))
    _assert_too_many(_anonymous(api), ADDRESSES)
    assert _anonymous(api, "192.0.2.2").status == 401


def test_a_header_does_not_make_another_address(api: Api, limited: time_machine.Traveller) -> None:
    for number in range(ADDRESSES + 1):
        answer = api.request(
            "POST",
            "/auth/refresh",
            json={"refresh_token": "x"},
            headers={"x-forwarded-for": f"198.51.100.{number}"},
            source_ip="192.0.2.3",
        )
    _assert_too_many(answer, ADDRESSES)


def test_a_subscriber_is_one_address(api: Api, limited: time_machine.Traveller) -> None:
    for number in range(ADDRESSES + 1):
        answer = _anonymous(api, f"2001:db8:1:2::{number}")
    _assert_too_many(answer, ADDRESSES)
    assert _anonymous(api, "2001:db8:1:3::1").status == 401


def test_whoever_proves_nobody_is_counted_by_address(
    api: Api, ada: Account, limited: time_machine.Traveller
) -> None:
    forged = api.as_user("a.b.c")
    for _ in range(ADDRESSES):
        assert forged.request("GET", "/auth/me", source_ip="192.0.2.4").status == 401
    _assert_too_many(forged.request("GET", "/auth/me", source_ip="192.0.2.4"), ADDRESSES)
    assert ada.api.request("GET", "/auth/me", source_ip="192.0.2.4").status == 200


def test_without_a_cache_nobody_is_kept_out(
    api: Api, ada: Account, no_cache: None, limited: time_machine.Traveller
) -> None:
    for _ in range(CALLERS + ADDRESSES):
        answer = ada.api.get("/auth/me")
        assert answer.status == 200
        assert "ratelimit-limit" not in answer.headers
        assert _anonymous(api).status == 401


def test_a_limit_of_nothing_is_none(
    ada: Account, limited: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.infrastructure.call_limits import limits

    monkeypatch.setenv("LIMITS_CALLERS_PER_MINUTE", "0")
    limits.cache_clear()
    for _ in range(CALLERS + 1):
        answer = ada.api.get("/auth/me")
    assert answer.status == 200
    assert "ratelimit-limit" not in answer.headers
