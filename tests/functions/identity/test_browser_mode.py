"""Sessions of browsers: tokens in cookies no script reads, and no other site writes with them."""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api, ApiAnswer

ACCESS, REFRESH = "__Host-luxaris-access", "__Host-luxaris-refresh"
FRONT_END = "http://localhost:3000"


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


class Browser:
    """Keeps cookies and sends them with each request, as a browser would."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.cookies: dict[str, str] = {}
        self.csrf_token = ""

    def ask(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        csrf: bool = True,
    ) -> ApiAnswer:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"cookie": jar} if jar else {}
        if csrf:
            sent["x-csrf-token"] = self.csrf_token
        answer = self._api.request(method, path, json=json, headers={**sent, **(headers or {})})
        for text in answer.set_cookies:
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def log_in(self, email: str, **headers: str) -> ApiAnswer:
        body = {"email": email, "password": PASSWORD, "browser": True}
        answer = self.ask("POST", "/auth/login", body, headers=headers, csrf=False)
        if answer.status == 200:
            self.csrf_token = answer.json["csrf_token"]
        return answer


@pytest.fixture
def browser(api: Api, ada: Account) -> Browser:
    signed_in = Browser(api)
    assert signed_in.log_in(ada.email).status == 200
    return signed_in


def _assert_forbidden(answer: ApiAnswer, code: str) -> None:
    assert (answer.status, answer.codes) == (403, [code])


def test_the_tokens_are_in_cookies_and_nowhere_else(api: Api, ada: Account) -> None:
    browser = Browser(api)
    answer = browser.log_in(ada.email)
    assert answer.json.keys() == {"user", "session_version", "expires_in", "csrf_token"}
    assert browser.cookies.keys() == {ACCESS, REFRESH}
    for text in answer.set_cookies:
        attributes = {part.strip().lower() for part in text.split(";")[1:]}
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= attributes
        assert not [each for each in attributes if each.startswith("domain")]
    for token in browser.cookies.values():
        assert token not in answer.content.decode()


def test_a_cookie_proves_who_asks(browser: Browser, ada: Account) -> None:
    answer = browser.ask("GET", "/auth/me", csrf=False)
    assert (answer.status, answer.json["email"]) == (200, ada.email)


def test_an_answer_without_the_wish_sets_no_cookie(api: Api, ada: Account) -> None:
    answer = api.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert not answer.set_cookies


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/refresh"])
def test_writing_needs_the_token_of_this_session(
    api: Api, browser: Browser, ada: Account, path: str
) -> None:
    _assert_forbidden(browser.ask("POST", path, csrf=False), "CSRF_TOKEN_MISSING")
    other = Browser(api)
    other.log_in(ada.email)
    for wrong in (other.csrf_token, "x", "ü", browser.csrf_token[:-1]):
        answer = browser.ask("POST", path, headers={"x-csrf-token": wrong})
        _assert_forbidden(answer, "CSRF_TOKEN_INVALID")
    assert browser.ask("POST", path).status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (FRONT_END, 200),
        ("https://testserver", 200),
        ("https://evil.example", 403),
        ("http://localhost:3001", 403),
        ("http://localhost:3000.evil.example", 403),
        ("null", 403),
    ],
)
def test_writing_from_another_site_is_refused_even_with_the_token(
    browser: Browser, origin: str, status: int
) -> None:
    answer = browser.ask("POST", "/auth/logout", headers={"origin": origin})
    assert answer.status == status
    if status == 403:
        assert answer.codes == ["FORBIDDEN_ORIGIN"]
        assert browser.ask("GET", "/auth/me").status == 200


def test_nobody_is_signed_in_from_another_site(api: Api, ada: Account) -> None:
    browser = Browser(api)
    answer = browser.log_in(ada.email, origin="https://evil.example")
    _assert_forbidden(answer, "FORBIDDEN_ORIGIN")
    assert not browser.cookies
    form = {"content-type": "text/plain"}
    assert browser.log_in(ada.email, **form).status == 415


def test_reading_needs_no_token(browser: Browser) -> None:
    answer = browser.ask("GET", "/auth/me", headers={"origin": "https://evil.example"}, csrf=False)
    assert answer.status == 200


def test_a_refresh_changes_both_cookies(browser: Browser) -> None:
    before = dict(browser.cookies)
    answer = browser.ask("POST", "/auth/refresh")
    assert answer.json.keys() == {"csrf_token", "expires_in"}
    assert answer.json["csrf_token"] == browser.csrf_token
    assert browser.cookies.keys() == before.keys()
    assert not set(browser.cookies.values()) & set(before.values())
    assert browser.ask("GET", "/auth/me").status == 200
    browser.cookies = before
    answer = browser.ask("POST", "/auth/refresh")
    assert (answer.status, answer.codes) == (401, ["INVALID_TOKEN"])


def test_a_page_loaded_anew_learns_the_token(api: Api, browser: Browser) -> None:
    del browser.cookies[ACCESS]
    answer = browser.ask("GET", "/auth/csrf", csrf=False)
    assert (answer.status, answer.json) == (200, {"csrf_token": browser.csrf_token})
    nobody = api.get("/auth/csrf")
    assert (nobody.status, nobody.codes) == (401, ["UNAUTHORIZED"])


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
def test_logging_out_takes_the_cookies_back(browser: Browser, path: str) -> None:
    kept = dict(browser.cookies)
    assert browser.ask("POST", path).status == 200
    assert not browser.cookies
    browser.cookies = kept
    assert browser.ask("GET", "/auth/me").status == 401


def test_a_header_wins_over_a_cookie_and_needs_no_csrf_token(
    api: Api, browser: Browser, ada: Account
) -> None:
    bearer = {"authorization": f"Bearer {ada.token}"}
    assert browser.ask("POST", "/auth/logout", headers=bearer, csrf=False).status == 200
    assert ada.api.get("/auth/me").status == 401
    assert browser.ask("GET", "/auth/me", headers=bearer).status == 401
    assert browser.ask("GET", "/auth/me", headers={"authorization": "Basic YTpi"}).status == 401
    assert browser.ask("GET", "/auth/me").status == 200


def test_a_cookie_of_nonsense_proves_nobody(api: Api) -> None:
    for value in ("x", "a.b.c", ""):
        answer = api.request("GET", "/auth/me", headers={"cookie": f"{ACCESS}={value}"})
        assert answer.status == 401
