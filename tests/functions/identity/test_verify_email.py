"""POST /auth/verify-email and /auth/resend-verification."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from tests.accounts import Account, register
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously


@pytest.fixture
def ada(api: Api) -> Account:
    make_root(api)
    return register(api, "ada@example.com")


def _verify(api: Api, token: str) -> ApiAnswer:
    return api.post("/auth/verify-email", {"token": token})


def _welcomed(account: Account) -> str:
    return secret_in(letters("welcome", to=account.email)[0])


def _events(sql: Sql, account: Account) -> int:
    count: int = sql(
        "SELECT count(*) FROM business_events WHERE name = 'EMAIL_VERIFIED' AND subject_id = :id",
        id=account.user_id,
    )
    return count


def test_the_link_verifies_and_says_so_again(api: Api, ada: Account, sql: Sql) -> None:
    """The answer may get lost, and a link be opened twice."""
    token = _welcomed(ada)
    for _ in range(2):
        assert _verify(api, token).status == 200
    assert sql("SELECT email_verified_at FROM users WHERE id = :id", id=ada.user_id)
    assert _events(sql, ada) == 1


def test_opened_many_times_at_once_it_verifies_once(api: Api, ada: Account, sql: Sql) -> None:
    answers = simultaneously([partial(_verify, api, _welcomed(ada))] * 5)
    assert [answer.status for answer in answers] == [200] * 5
    assert _events(sql, ada) == 1


def _refused(answer: ApiAnswer) -> None:
    assert (answer.status, answer.codes) == (400, ["INVALID_VERIFICATION_TOKEN"])


@pytest.mark.parametrize("token", ["", "abc", "x" * 256, "\u0000", "\U0001f511"])
def test_a_wrong_secret_verifies_nothing(api: Api, ada: Account, token: str) -> None:
    _refused(_verify(api, token))


def test_a_secret_for_another_purpose_verifies_nothing(api: Api, ada: Account) -> None:
    api.post("/auth/forgot-password", {"email": ada.email})
    _refused(_verify(api, secret_in(letters("password_reset")[0])))


def test_after_three_days_the_link_is_worth_nothing(api: Api, ada: Account) -> None:
    token = _welcomed(ada)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3, minutes=1)):
        _refused(_verify(api, token))


def test_guessing_ends(api: Api, ada: Account) -> None:
    answers = [_verify(api, f"guess {number}").status for number in range(21)]
    assert answers == [400] * 20 + [429]


def test_the_link_is_sent_again_and_both_are_good(api: Api, ada: Account) -> None:
    answer = api.post("/auth/resend-verification", {"email": " ADA@example.com"})
    assert answer.status == 202
    (letter,) = letters("verify_email", to=ada.email)
    assert letter["parameters"]["name"] == "Ada"
    assert _verify(api, _welcomed(ada)).status == 200
    assert _verify(api, secret_in(letter)).status == 200


def test_asking_again_tells_nothing_about_accounts(api: Api, ada: Account) -> None:
    """There is one to verify, one that is verified, and none."""
    _verify(api, _welcomed(ada))
    bob = register(api, "bob@example.com")
    answers = [
        api.post("/auth/resend-verification", {"email": email})
        for email in (ada.email, bob.email, "nobody@example.com")
    ]
    assert len({(answer.status, answer.content) for answer in answers}) == 1
    assert [letter["to"] for letter in letters("verify_email")] == [bob.email]


def test_a_mailbox_is_not_flooded_from_here(api: Api, ada: Account) -> None:
    statuses = [
        api.request(
            "POST",
            "/auth/resend-verification",
            json={"email": ada.email},
            source_ip=f"192.0.2.{number}",
        ).status
        for number in range(7)
    ]
    assert statuses == [202] * 5 + [429] * 2
    assert len(letters("verify_email")) == 5
