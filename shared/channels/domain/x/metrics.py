"""What X counts of an account and of a post (docs.x.com: `public_metrics`), under our names."""

from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.provider import Answer

_ACCOUNT = {
    "followers_count": "followers",
    "following_count": "following",
    "tweet_count": "posts",
    "listed_count": "lists",
}
_POST = {
    "impression_count": "impressions",
    "like_count": "likes",
    "reply_count": "replies",
    "retweet_count": "reposts",
    "quote_count": "quotes",
    "bookmark_count": "saves",
}


def of_account(answer: Answer) -> dict[str, int]:
    return _counted(answer, _ACCOUNT)


def of_post(answer: Answer) -> dict[str, int]:
    return _counted(answer, _POST)


def _counted(answer: Answer, names: dict[str, str]) -> dict[str, int]:
    with otherwise_malformed("What X counts cannot be understood."):
        return counted(answer.json()["data"]["public_metrics"], names)
