"""The cache in front of sessions and users: fast when warm, never older than the database."""

from functools import partial
from uuid import UUID

import jwt
import pytest

from shared.identity.domain.user_session import SessionEnd
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.simultaneously import simultaneously


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def _session_id(account: Account) -> UUID:
    return UUID(jwt.decode(account.token, options={"verify_signature": False})["sid"])


def test_a_warm_caller_costs_no_query(ada: Account, statements: list[str]) -> None:
    ada.api.get("/auth/me")
    assert statements
    statements.clear()
    assert ada.api.get("/auth/me").json["email"] == ada.email
    assert not statements


def test_a_profile_is_read_without_the_password_hash(ada: Account, statements: list[str]) -> None:
    ada.api.get("/auth/me")
    assert any("users.email" in statement for statement in statements)
    assert not any("password_hash" in statement for statement in statements)


def test_what_comes_from_the_cache_is_what_the_database_says(api: Api, ada: Account) -> None:
    api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"})
    cold, warm = ada.api.get("/auth/me"), ada.api.get("/auth/me")
    assert cold.json == warm.json
    assert warm.json["last_login_at"] is not None


def test_refusals_are_not_cached(api: Api) -> None:
    from shared.identity.adapters import cached_access
    from shared.identity.adapters.cached_access import Access, session_and_profile
    from shared.infrastructure.cache import cache
    from shared.infrastructure.call_limits import CallMeter
    from tests.accounts import register

    root(api)
    bob = register(api)
    for _ in range(2):
        assert bob.api.get("/auth/me").status == 403
        found = session_and_profile(_session_id(bob), bob.user_id, CallMeter(0))
        assert isinstance(found, Access)
        assert found.profile.status == "pending_approval"
    keys = [cached_access._session_key(_session_id(bob)), cached_access.user_key(bob.user_id)]
    assert cache().get_many(keys) == {}


def test_a_reader_overtaken_by_a_logout_does_not_bring_the_session_back(
    api: Api, ada: Account
) -> None:
    """The reader has read the database, the session ends, then the reader fills the cache."""
    from shared.identity.adapters import cached_access
    from shared.infrastructure.cache import cache
    from shared.infrastructure.call_limits import CallMeter

    key = cached_access._session_key(_session_id(ada))
    cache().delete_many([key])
    lease = cache().lease([key])[key]
    found = cached_access.session_and_profile(_session_id(ada), ada.user_id, CallMeter(0))
    assert isinstance(found, cached_access.Access)
    assert ada.api.post("/auth/logout").status == 200
    cache().fill(key, cached_access._encode_session(found), lease, seconds=60)
    assert ada.api.get("/auth/me").status == 401


def test_nobody_gets_in_after_a_logout_however_many_ask(api: Api, ada: Account) -> None:
    for _ in range(5):
        login = api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"})
        caller = api.as_user(login.json["access_token"])
        asked = [partial(caller.get, "/auth/me")] * 5
        simultaneously([*asked, partial(caller.post, "/auth/logout"), *asked])
        assert caller.get("/auth/me").status == 401


def test_what_was_rolled_back_is_not_forgotten(ada: Account, statements: list[str]) -> None:
    from shared.identity.adapters.postgres import begin

    class Interrupted(Exception):
        pass

    def rename() -> None:
        with begin() as work:
            user = work.users.get_for_update(ada.user_id)
            assert user is not None
            user.name = "Nobody"
            raise Interrupted

    ada.api.get("/auth/me")
    with pytest.raises(Interrupted):
        rename()
    statements.clear()
    assert ada.api.get("/auth/me").json["name"] == "Ada"
    assert not statements


def test_a_rollback_after_the_statements_were_sent_says_what_it_failed_by(ada: Account) -> None:
    from shared.identity.adapters.postgres import begin
    from shared.kernel.clock import utc_now

    def log_out() -> None:
        with begin() as work:
            (session,) = work.sessions.open_ones(ada.user_id)
            session.end(utc_now(), SessionEnd.REVOKED)
            work.sessions.latest_version(ada.user_id)
            raise LookupError

    with pytest.raises(LookupError):
        log_out()
    assert ada.api.get("/auth/me").status == 200
