"""What somebody may bring back who should not get in: a clear error each, and never our fault."""

import time
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
import time_machine

from tests.accounts import Account
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.functions.identity.external.browser import Browser
from tests.simulator.oidc import Issuer
from tests.simultaneously import simultaneously

REFUSED_STATE = {"error": "INVALID_OAUTH_STATE"}
REFUSED_TOKEN = {"error": "INVALID_ID_TOKEN"}


@pytest.fixture(autouse=True)
def _open(admitting: Account) -> None:
    """Whoever registers may start at once."""


def _with(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    query = urlencode({**dict(parse_qsl(parts.query)), **changes})
    return urlunsplit(parts._replace(query=query))


def test_a_state_is_good_once(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    assert browser.come_back(said).keys() == {"code"}
    assert browser.come_back(said) == REFUSED_STATE


def test_a_state_is_spent_even_where_the_provider_failed(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    acme.lies = {"nonce": "another"}
    assert browser.come_back(said) == REFUSED_TOKEN
    acme.lies = {}
    assert browser.come_back(said) == REFUSED_STATE


def test_of_simultaneous_returns_one_wins(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    told = simultaneously([partial(browser.come_back, said)] * 4)
    assert sorted(next(iter(each)) for each in told) == ["code", "error", "error", "error"]


@pytest.mark.parametrize("state", ["", "x", "x" * 43, "\x00", "ß" * 5000], ids=repr)
def test_an_unknown_state(browser: Browser, acme: Issuer, state: str) -> None:
    browser.set_out()
    assert browser.come_back({"state": state, "code": "x"}) == REFUSED_STATE


def test_no_state_at_all(browser: Browser, acme: Issuer) -> None:
    assert browser.come_back({"code": "x"}) == REFUSED_STATE


def test_an_old_state(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    with time_machine.travel(time.time() + 601):
        assert browser.come_back(said) == REFUSED_STATE


def test_another_browser_cannot_come_back(browser: Browser, acme: Issuer, api: Api) -> None:
    """A stranger's sign-in, begun by them, is not finished in somebody else's browser."""
    said = browser.visit(browser.set_out())
    victim = Browser(api)
    assert victim.come_back(said) == REFUSED_STATE
    victim.set_out()
    assert victim.come_back(said) == REFUSED_STATE
    assert browser.come_back(said).keys() == {"code"}  # and its owner still can


def test_another_browser_cannot_exchange(browser: Browser, acme: Issuer, api: Api) -> None:
    code = browser.travel()["code"]
    victim = Browser(api)
    victim.set_out()
    for stranger in (Browser(api), victim):
        answer = stranger.exchange(code)
        assert (answer.status, answer.codes) == (400, ["INVALID_EXCHANGE_CODE"])
    assert browser.exchange(code).status == 200


def test_a_code_is_exchanged_once(browser: Browser, acme: Issuer) -> None:
    code = browser.travel()["code"]
    answers = simultaneously([partial(browser.exchange, code)] * 4)
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    assert browser.exchange(code).codes == ["INVALID_EXCHANGE_CODE"]


def test_a_code_is_exchanged_soon(browser: Browser, acme: Issuer) -> None:
    code = browser.travel()["code"]
    with time_machine.travel(time.time() + 61):
        assert browser.exchange(code).codes == ["INVALID_EXCHANGE_CODE"]


@pytest.mark.parametrize("code", ["x", "x" * 10_000, "\x00", "\ud800"], ids=ascii)
def test_an_unknown_code(browser: Browser, acme: Issuer, code: str) -> None:
    browser.set_out()
    assert browser.exchange(code).status == 400


def test_a_state_is_no_code_and_a_code_no_state(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    assert browser.exchange(said["state"]).codes == ["INVALID_EXCHANGE_CODE"]
    own = browser.come_back(said)["code"]
    assert browser.come_back({"state": own, "code": "x"}) == REFUSED_STATE


def test_an_answer_of_another_issuer(browser: Browser, acme: Issuer, google: Issuer) -> None:
    """A code meant for one issuer must not be told to another (RFC 9700, section 4.4)."""
    url = browser.set_out()
    said = browser.visit(url)
    assert browser.come_back(said, "/auth/oauth/google/callback") == REFUSED_STATE
    assert google.told.get("/token", 0) == 0
    mixed = browser.come_back({**said, "iss": google.url})
    assert mixed == {"error": "OAUTH_ISSUER_MISMATCH"}
    assert acme.told.get("/token", 0) == 0


def test_an_issuer_that_promises_to_say_so_must(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    del said["iss"]
    assert browser.come_back(said) == {"error": "OAUTH_ISSUER_MISMATCH"}


def test_an_issuer_that_does_not_need_not(browser: Browser, acme: Issuer) -> None:
    acme.metadata["authorization_response_iss_parameter_supported"] = False
    said = browser.visit(browser.set_out())
    del said["iss"]
    assert browser.come_back(said).keys() == {"code"}


def test_a_stolen_code_does_not_fit(browser: Browser, acme: Issuer, api: Api) -> None:
    """PKCE: the thief has the code, and a sign-in of their own to put it into."""
    stolen = browser.visit(browser.set_out())["code"]
    thief = Browser(api)
    said = thief.visit(thief.set_out())
    assert thief.come_back({**said, "code": stolen}) == {"error": "INVALID_AUTHORIZATION_CODE"}


def test_nor_where_the_issuer_does_not_check_it(browser: Browser, acme: Issuer, api: Api) -> None:
    acme.checks_pkce = False
    stolen = browser.visit(browser.set_out())["code"]
    thief = Browser(api)
    said = thief.visit(thief.set_out())
    assert thief.come_back({**said, "code": stolen}) == REFUSED_TOKEN


def test_a_code_that_the_issuer_does_not_know(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    answer = browser.post("/auth/oauth/acme/callback", {**said, "code": "x&y=z\x00é"})
    assert (answer.status, answer.codes) == (400, ["INVALID_AUTHORIZATION_CODE"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "OAUTH_ACCESS_DENIED"),
        ("server_error", "OAUTH_PROVIDER_ERROR"),
        ("<script>" * 1000, "OAUTH_PROVIDER_ERROR"),
    ],
    ids=["denied", "failed", "nonsense"],
)
def test_a_provider_that_says_no(browser: Browser, acme: Issuer, error: str, code: str) -> None:
    state = browser.visit(browser.set_out())["state"]
    said = {"state": state, "error": error, "iss": acme.url}
    assert browser.come_back(said) == {"error": code}
    assert browser.come_back(said) == REFUSED_STATE


def test_neither_code_nor_error(browser: Browser, acme: Issuer) -> None:
    said = browser.visit(browser.set_out())
    assert browser.come_back({**said, "code": ""}) == {"error": "MISSING_AUTHORIZATION_CODE"}


@pytest.mark.parametrize("cookie", ["", "x", "x" * 44, "é" * 43], ids=ascii)
def test_a_cookie_that_is_none_of_ours_is_replaced(
    browser: Browser, acme: Issuer, cookie: str
) -> None:
    browser.cookies["__Host-luxaris-external"] = cookie
    browser.set_out()
    assert len(browser.cookies["__Host-luxaris-external"]) == 43


def test_an_issuer_is_strict_itself(browser: Browser, acme: Issuer) -> None:
    """The imitation refuses what we must not send, or the tests above would prove nothing."""
    import requests

    url = browser.set_out()
    for change in (
        {"redirect_uri": "http://localhost:8000/api/v1/auth/oauth/acme/callback/"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
        {"state": ""},
        {"scope": "email"},
        {"response_type": "token"},
    ):
        answer = requests.get(_with(url, **change), allow_redirects=False, timeout=5)
        assert answer.status_code == 400, change


def test_no_token_of_another_person_is_made_by_a_reader_of_the_database(
    browser: Browser, acme: Issuer, sql: Sql
) -> None:
    """All that is kept of a state is a keyed hash: what is there opens nothing."""
    browser.set_out()
    kept = sql("SELECT token_hash FROM one_time_tokens WHERE purpose = 'external_state'")
    assert browser.come_back({"state": kept, "code": "x"}) == REFUSED_STATE
