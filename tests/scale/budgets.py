"""What networks let an application, and an account, publish."""

from dataclasses import dataclass

_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Of one application at a network, where it says so; `share` of all posts is assumed."""

    network: str
    share: float
    posts: int
    window: int
    source: str


BUDGETS = (
    Budget(
        network="X",
        share=0.2,
        posts=10_000,
        window=_DAY,
        source="docs.x.com, rate limits, `POST /2/tweets`",
    ),
    Budget(
        network="YouTube",
        share=0.05,
        posts=100,
        window=_DAY,
        source="developers.google.com, quota costs, `videos.insert`",
    ),
)
"""LinkedIn bounds an application as well and shows by how much to that application alone."""


def beyond(cap: int, *, mean: float) -> float:
    """The share of posts above an account's cap, where accounts have so many on average.

    Their number is geometric: each post is followed by another with the same chance.
    """
    return float((1 - 1 / mean) ** cap)
