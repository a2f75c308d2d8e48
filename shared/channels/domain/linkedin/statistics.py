"""What LinkedIn counts of an organization and its posts, under our names.

Source: learn.microsoft.com/linkedin (Organization Share Statistics, Organization Network Size). Of
persons and their posts it tells nothing but to few.
"""

from collections.abc import Mapping
from typing import Any

from shared.channels.domain.linkedin.comments import escaped
from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.provider import Answer, ErrorClass, Refused

_NAMES = {
    "impressionCount": "impressions",
    "uniqueImpressionsCount": "reach",
    "clickCount": "clicks",
    "likeCount": "likes",
    "commentCount": "replies",
    "shareCount": "reposts",
}


def followers_path(organization: str) -> str:
    return f"/rest/networkSizes/{escaped(organization)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"


def statistics_path(organization: str, post: str = "") -> str:
    """Of all posts of the last twelve months, or of one."""
    asked = f"q=organizationalEntity&organizationalEntity={escaped(organization)}"
    if post:
        kind = "ugcPosts" if post.startswith("urn:li:ugcPost:") else "shares"
        asked += f"&{kind}=List({escaped(post)})"
    return f"/rest/organizationalEntityShareStatistics?{asked}"


def of_account(followers: Answer, statistics: Answer) -> dict[str, int]:
    with otherwise_malformed("What LinkedIn counts cannot be understood."):
        told = _counted(statistics)
        this_year = {f"{name}_in_12_months": number for name, number in told.items()}
        return {"followers": int(followers.json()["firstDegreeSize"]), **this_year}


def of_post(statistics: Answer) -> dict[str, int]:
    """Raises Refused: class content; the organization has no such post."""
    with otherwise_malformed("What LinkedIn counts cannot be understood."):
        if statistics.json()["elements"]:
            return _counted(statistics)
    raise Refused(ErrorClass.CONTENT, "POST_MISSING", "The page has no such post.")


def _counted(statistics: Answer) -> dict[str, int]:
    elements: list[Mapping[str, Any]] = statistics.json()["elements"]
    return counted(elements[0]["totalShareStatistics"], _NAMES) if elements else {}
