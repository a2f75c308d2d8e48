"""Secrets are planted wherever a caller can put one, and found in no tier of the records."""

import logging
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import PASSWORD, Account, register
from tests.api import Api
from tests.simulator.client import Simulator

TIERS = ["request_logs", "system_logs", "business_events", "audit_logs"]
PLANTED = "Planted-Secret-42x"


def all_records() -> str:
    with engine().connect() as database:
        return "\n".join(
            str(database.scalar(text(f"SELECT string_agg(one::text, ' ') FROM {tier} AS one")))
            for tier in TIERS
        )


def test_what_people_prove_themselves_with_is_in_no_record(
    api: Api, chief: Account, ada: Account, simulator: Simulator
) -> None:
    secrets = [PASSWORD, PLANTED, ada.token, ada.refresh_token]
    login = {"email": ada.email, "password": PASSWORD}
    secrets.append(api.post("/auth/login", login).json["access_token"])
    api.post("/auth/login", {**login, "password": PLANTED})
    api.request("POST", "/auth/login", content=f'{{"password": "{PLANTED}"'.encode())
    api.post("/auth/refresh", {"refresh_token": PLANTED})
    api.request("GET", "/auth/me", headers={"authorization": f"Bearer {PLANTED}"})
    api.request("GET", "/posts", headers={"x-api-key": f"lux_12345678_{PLANTED}"})
    api.request("GET", "/auth/me", headers={"cookie": f"access={PLANTED}"})
    api.post("/auth/forgot-password", {"email": ada.email})
    api.request("GET", "/auth/google/callback", query={"code": PLANTED, "state": PLANTED})
    api.request("POST", "/auth/verify-email", json={"token": PLANTED})
    ada.api.post(
        "/auth/change-password",
        {"current_password": PLANTED, "new_password": f"{PLANTED}!"},
    )
    key = ada.api.post("/api-keys", {"name": "CI", "scopes": ["posts:read"]}).json["data"]["key"]
    secrets.append(key)
    api.request("GET", "/posts", headers={"x-api-key": key})
    fields = simulator.account("bluesky")
    secrets += [each for name, each in fields.items() if "password" in name or "token" in name]
    ada.api.post("/channels/connect", {"channel_id": "bluesky", **fields})
    ada.api.request(
        "PUT",
        "/channels/x/oauth-credentials",
        json={"client_id": "ours", "client_secret": PLANTED},
    )
    ada.api.post("/posts", {"description": "Tea", "metadata": {"password": PLANTED}})
    register(api)
    records = all_records()
    for secret in secrets:
        assert secret not in records
    assert len(secrets) >= 7


@pytest.mark.parametrize(
    "log",
    [
        lambda logger: logger.warning("said %s", f"Bearer {PLANTED}"),
        lambda logger: logger.warning("kept", extra={"refresh_token": PLANTED}),
        lambda logger: logger.warning("kept", extra={"inner": [{"api_key": PLANTED}]}),
        lambda logger: logger.warning("kept", extra={"url": f"amqp://me:{PLANTED}@host/"}),
        lambda logger: logger.warning("kept", extra={"raw": PLANTED.encode()}),
    ],
)
def test_what_is_logged_by_mistake_is_in_no_record(
    api: Api, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], log: Any
) -> None:
    from shared.operations.adapters import flags

    def look() -> list[Any]:
        log(logging.getLogger("shared.tea"))
        return []

    monkeypatch.setattr(flags, "flags", look)
    assert api.get("/ops/flags").status == 200
    records = all_records()
    assert "shared.tea" in records
    assert PLANTED not in records
    assert PLANTED not in capfd.readouterr().err


def test_what_an_error_says_is_in_no_record(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.operations.adapters import flags

    def fail() -> None:
        password = PLANTED
        raise RuntimeError(f"cannot connect to postgresql://luxaris:{password}@db/luxaris")

    monkeypatch.setattr(flags, "flags", fail)
    assert api.get("/ops/flags").status == 500
    records = all_records()
    assert "cannot connect" in records
    assert PLANTED not in records
