"""Bodies that are none, or of the wrong kind: 400 each, never our fault."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.simulator.oidc import Issuer

FIELDS = {"/auth/oauth/exchange": "code", "/auth/oauth/acme/callback": "state"}


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"", b"null", b"[]", b"[" * 100_000])
def test_a_body_that_is_none(api: Api, acme: Issuer, path: str, content: bytes) -> None:
    assert api.request("POST", path, content=content).status == 400


@pytest.mark.parametrize(("path", "field"), FIELDS.items())
@pytest.mark.parametrize("value", [..., None, "", 7, True, [], {}], ids=repr)
def test_a_field_that_is_none(api: Api, acme: Issuer, path: str, field: str, value: Any) -> None:
    answer = api.post(path, {} if value is ... else {field: value})
    assert answer.status == 400
    assert [(error["error_code"], error["field"]) for error in answer.json["errors"]] == [
        ("VALIDATION_ERROR", field)
    ]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "x" * 100_000], ids=["half", "nul", "long"])
@pytest.mark.parametrize(("path", "field"), FIELDS.items())
def test_a_text_that_is_odd(api: Api, acme: Issuer, path: str, field: str, text: str) -> None:
    assert api.post(path, {field: text}).status == 400


@pytest.mark.parametrize("value", [7, [], {"password": 7}, {"password": []}], ids=repr)
def test_a_proof_that_is_none(owner: Account, acme: Issuer, value: Any) -> None:
    answer = owner.api.post("/auth/identities/acme/link", value)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize("provider", ["ACME", "acme%2F..", "ácme", "\x00", "x" * 5000])
def test_a_provider_that_is_none(api: Api, acme: Issuer, provider: str) -> None:
    answer = api.get(f"/auth/oauth/{provider}/authorize")
    assert answer.status == 404
