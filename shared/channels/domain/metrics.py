"""How an account and its posts are doing, as far as their network tells."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from shared.channels.domain.provider import Http


@runtime_checkable
class Measures(Protocol):
    """What a provider is besides, whose network counts and tells.

    The names are the same at every network that counts the same: `followers`, `following`,
    `members`, `posts`; `impressions`, `reach`, `views`, `likes`, `replies`, `reposts`, `quotes`,
    `shares`, `saves`, `clicks`, `reactions`, `engagements`. What a network counts besides has its
    own name, in snake case. All are totals up to now unless the name says otherwise; what the
    network does not tell of an account or a post is absent.
    """

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        """Of the account.

        Raises:
            Refused, Unanswered
        """

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        """Of one of its posts, by the id of its receipt, or by its link.

        Raises:
            Refused: class content where there is no such post.
            Unanswered: no trustworthy answer.
        """


def counted(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int]:
    """What was `told` under the network's `names`, under ours; what it left out is absent."""
    return {
        ours: int(told[theirs]) for theirs, ours in names.items() if told.get(theirs) is not None
    }
