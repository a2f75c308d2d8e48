"""Asking what would become of a text, and reading what is told of it."""

from typing import Any

from tests.accounts import Account
from tests.api import ApiAnswer

TEA = {"channel_id": "mastodon", "content": "Tea"}


def validate(account: Account, *variants: dict[str, Any], **more: Any) -> ApiAnswer:
    return account.api.post("/posts/validate", {"variants": list(variants), **more})


def verdict_of(account: Account, **variant: Any) -> Any:
    answer = validate(account, {"channel_id": "mastodon", "content": "Tea", **variant})
    assert answer.status == 200, answer.content
    [verdict] = answer.json["data"]["variants"]
    assert answer.json["data"]["valid"] == verdict["valid"]
    return verdict


def codes_of(verdict: Any) -> list[tuple[str, str]]:
    return [(error["error_code"], error["field"]) for error in verdict["errors"]]


def warnings_of(verdict: Any) -> list[str]:
    return [warning["code"] for warning in verdict["warnings"]]
