"""People whose devices have passkeys."""

from typing import Any

from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.authenticator import Authenticator


def creation_options(account: Account) -> dict[str, Any]:
    answer = account.api.post("/auth/passkeys/registration/options")
    assert answer.status == 200, answer.content
    options: dict[str, Any] = answer.json["options"]
    return options


def add(account: Account, made: Any, name: str = "Phone") -> ApiAnswer:
    return account.api.post("/auth/passkeys/registration", {"name": name, "credential": made})


def add_passkey(
    account: Account, device: Authenticator | None = None
) -> tuple[Authenticator, dict[str, Any]]:
    """The device and its passkey as we show it."""
    device = device or Authenticator()
    answer = add(account, device.make(creation_options(account)))
    assert answer.status == 201, answer.content
    return device, answer.json["data"]


def request_options(api: Api) -> dict[str, Any]:
    answer = api.post("/auth/passkeys/login/options")
    assert answer.status == 200, answer.content
    options: dict[str, Any] = answer.json["options"]
    return options


def log_in(api: Api, signed: Any, **more: Any) -> ApiAnswer:
    return api.post("/auth/passkeys/login", {"credential": signed, **more})
