"""What lists of posts show, for tests of them."""

from typing import Any

from tests.accounts import Account

TEA, COCOA, ICE = "Tea at four", "100% cocoa_powder", "Ice"


def listed(author: Account, **query: Any) -> list[str]:
    """The descriptions on a page."""
    answer = author.api.get("/posts", **query)
    assert answer.status == 200, answer.content
    return [post["description"] for post in answer.json["data"]]
