"""People with an authenticator app."""

import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pyotp

from tests.accounts import PASSWORD, Account
from tests.api import Api, ApiAnswer


@dataclass
class App:
    """An authenticator app: it knows the secret of one account, and the time."""

    secret: str = field(repr=False)

    def code(self, *, steps: int = 0) -> str:
        """Of this time step, or so many later."""
        return pyotp.TOTP(self.secret).at(time.time(), counter_offset=steps)

    def wrong_code(self) -> str:
        near = {self.code(steps=steps) for steps in range(-3, 4)}
        return next(text for text in ("000000", "111111", "222222") if text not in near)


def begin_totp(account: Account) -> App:
    answer = account.api.post("/auth/second-factor/totp", {})
    assert answer.status == 200, answer.content
    uri = urlsplit(answer.json["otpauth_uri"])
    assert parse_qs(uri.query)["secret"] == [answer.json["secret"]]
    return App(answer.json["secret"])


def confirm(account: Account, code: str) -> ApiAnswer:
    return account.api.post("/auth/second-factor/totp/confirm", {"code": code})


def enable_totp(account: Account) -> tuple[App, list[str]]:
    """The app and the recovery codes; the code of this time step is used up."""
    app = begin_totp(account)
    answer = confirm(account, app.code())
    assert answer.status == 200, answer.content
    return app, answer.json["recovery_codes"]


def log_in(api: Api, email: str) -> ApiAnswer:
    return api.post("/auth/login", {"email": email, "password": PASSWORD})


def challenge_of(api: Api, email: str) -> str:
    """What the first step answers somebody whose second factor is enabled."""
    answer = log_in(api, email)
    assert answer.status == 200, answer.content
    challenge: str = answer.json["challenge"]
    return challenge


def show(api: Api, challenge: str, **shown: str) -> ApiAnswer:
    return api.post("/auth/login/second-factor", {"challenge": challenge, **shown})
