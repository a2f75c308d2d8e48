"""Requests with an idempotency key, and what the database keeps of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import ApiAnswer

POST = {"description": "Good morning"}


def create(
    account: Account, key: str = "a-key", path: str = "/posts", body: Any = POST
) -> ApiAnswer:
    return account.api.post(path, body, headers={"Idempotency-Key": key})


def posts(account: Account) -> int:
    """How many posts the account's organization has."""
    total: int = account.api.get("/posts").json["pagination"]["total"]
    return total


def replayed(answer: ApiAnswer) -> bool:
    return answer.headers.get("idempotency-replayed") == "true"


def kept() -> Sequence[Row[Any]]:
    with engine().connect() as database:
        return database.execute(text("SELECT * FROM idempotent_answers ORDER BY key")).all()


def expire() -> None:
    """Let every claim lapse and every answer be too old."""
    with engine().begin() as database:
        database.execute(text("UPDATE idempotent_answers SET expires_at = now()"))
