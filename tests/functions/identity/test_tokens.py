"""GET /auth/me and POST /auth/logout: who a token stands for, until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.identity.domain.permissions import EVERY_WORD
from shared.identity.domain.roles import PERMISSIONS, Role
from shared.kernel.clock import utc_now
from tests.accounts import Account, approved_user, register, root
from tests.api import Api, ApiAnswer
from tests.conftest import SETTINGS
from tests.functions.identity.conftest import Sql

SECRET = SETTINGS["TOKENS_SECRET"]


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _assert_refused(answer: ApiAnswer, code: str = "INVALID_TOKEN") -> None:
    assert (answer.status, answer.codes) == (401, [code])


def test_me_tells_user_roles_permissions_and_organization(ada: Account) -> None:
    answer = ada.api.get("/auth/me")
    assert answer.status == 200
    assert answer.json["id"] == str(ada.user_id)
    assert answer.json["roles"] == ["owner"]
    assert answer.json["permissions"] == sorted(EVERY_WORD)
    assert answer.json["organization"] == {
        "id": str(ada.organization_id),
        "name": "Ada",
        "role": "owner",
    }
    assert "password_hash" not in answer.json


def test_a_smaller_role_has_fewer_permissions(ada: Account, sql: Sql) -> None:
    sql("UPDATE memberships SET role = 'viewer' WHERE user_id = :id", id=ada.user_id)
    answer = ada.api.get("/auth/me")
    assert answer.json["roles"] == ["viewer"]
    assert answer.json["permissions"] == sorted(PERMISSIONS[Role.VIEWER])


def test_a_former_member_is_refused(ada: Account, sql: Sql) -> None:
    sql("DELETE FROM memberships WHERE user_id = :id", id=ada.user_id)
    _assert_refused(ada.api.get("/auth/me"))


def test_access_token_has_the_promised_claims(ada: Account) -> None:
    claims = _claims(ada.token)
    assert claims.keys() == {"sub", "org", "sid", "typ", "iss", "aud", "iat", "exp", "jti"}
    assert claims["sub"] == str(ada.user_id)
    assert claims["org"] == str(ada.organization_id)
    assert claims["exp"] - claims["iat"] == 15 * 60


def test_without_a_token_nobody_is_known(api: Api) -> None:
    _assert_refused(api.get("/auth/me"), "UNAUTHORIZED")
    _assert_refused(api.post("/auth/logout"), "UNAUTHORIZED")
    basic = api.request("GET", "/auth/me", headers={"authorization": "Basic YTpi"})
    _assert_refused(basic, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claims: jwt.encode({**claims, "sub": claims["org"]}, SECRET),
        lambda claims: jwt.encode(claims, SECRET + "!"),
        lambda claims: jwt.encode(claims, SECRET, "HS512"),
        lambda claims: jwt.encode(claims, "", "none"),
        lambda claims: jwt.encode({**claims, "typ": "refresh"}, SECRET),
        lambda claims: jwt.encode({**claims, "aud": "somebody else"}, SECRET),
        lambda claims: jwt.encode({**claims, "iss": "somebody else"}, SECRET),
        lambda claims: jwt.encode({**claims, "exp": claims["iat"] - 1}, SECRET),
        lambda claims: jwt.encode({**claims, "sid": claims["jti"]}, SECRET),
        lambda claims: jwt.encode({**claims, "sid": "x"}, SECRET),
        lambda claims: jwt.encode({**claims, "sub": 7}, SECRET),
        lambda claims: jwt.encode({k: v for k, v in claims.items() if k != "sid"}, SECRET),
        lambda claims: jwt.encode({k: v for k, v in claims.items() if k != "exp"}, SECRET),
        lambda claims: "a.b.c",
        lambda claims: "x" * 10_240,
    ],
    ids=[
        "other user",
        "other secret",
        "other algorithm",
        "no algorithm",
        "other kind",
        "other audience",
        "other issuer",
        "expired",
        "unknown session",
        "malformed session",
        "malformed user",
        "without session",
        "without expiry",
        "nonsense",
        "long nonsense",
    ],
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_what_is_no_good_access_token_is_refused(
    api: Api, ada: Account, spoil: Callable[[dict[str, Any]], str]
) -> None:
    _assert_refused(api.as_user(spoil(_claims(ada.token))).get("/auth/me"))
    assert ada.api.get("/auth/me").status == 200


def test_a_refresh_token_is_no_access_token(api: Api, ada: Account) -> None:
    _assert_refused(api.as_user(ada.refresh_token).get("/auth/me"))


def test_a_tampered_signature_is_refused(api: Api, ada: Account) -> None:
    head, body, signature = ada.token.split(".")
    swapped = signature[::-1]
    _assert_refused(api.as_user(f"{head}.{body}.{swapped}").get("/auth/me"))


def test_a_token_of_one_session_does_not_open_another_users(
    api: Api, ada: Account, sql: Sql
) -> None:
    bob = register(api)
    mixed = {**_claims(ada.token), "sid": _claims(bob.token)["sid"]}
    _assert_refused(api.as_user(jwt.encode(mixed, SECRET)).get("/auth/me"))


def test_an_expired_session_is_refused_even_with_a_fresh_token(ada: Account, sql: Sql) -> None:
    sql("UPDATE user_sessions SET expires_at = :at", at=utc_now() - timedelta(seconds=1))
    _assert_refused(ada.api.get("/auth/me"))


def test_logout_ends_this_session_and_no_other(api: Api, ada: Account) -> None:
    other = api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"}).json
    assert ada.api.get("/auth/me").status == 200
    answer = ada.api.post("/auth/logout")
    assert (answer.status, answer.json) == (
        200,
        {"message": "Logged out successfully", "sessions_revoked": 1},
    )
    _assert_refused(ada.api.get("/auth/me"))
    _assert_refused(ada.api.post("/auth/logout"))
    _assert_refused(api.post("/auth/refresh", {"refresh_token": ada.refresh_token}))
    assert api.as_user(other["access_token"]).get("/auth/me").status == 200


def test_a_pending_user_is_told_so_until_approved_with_the_same_token(api: Api) -> None:
    owner, bob = root(api), register(api)
    for _ in range(2):
        answer = bob.api.get("/auth/me")
        assert (answer.status, answer.codes) == (403, ["ACCOUNT_PENDING_APPROVAL"])
    owner.api.post(f"/system/users/{bob.user_id}/approve")
    assert bob.api.get("/auth/me").status == 200


def test_a_disabled_user_is_told_so(ada: Account, sql: Sql) -> None:
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=ada.user_id)
    answer = ada.api.get("/auth/me")
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_DISABLED"])


def test_without_a_cache_everything_works(api: Api, ada: Account, no_cache: None) -> None:
    assert ada.api.get("/auth/me").status == 200
    login = api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"})
    assert login.status == 200
    pair = api.post("/auth/refresh", {"refresh_token": login.json["refresh_token"]})
    assert pair.status == 200
    again = api.as_user(pair.json["access_token"])
    assert again.post("/auth/logout").status == 200
    _assert_refused(again.get("/auth/me"))
