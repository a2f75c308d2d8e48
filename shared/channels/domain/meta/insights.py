"""What Meta counts of an account or a post (Graph API, edge `insights`), under our names."""

from collections.abc import Mapping
from typing import Any

from shared.channels.domain.network_answers import otherwise_malformed

_NAMES = {
    "comments": "replies",
    "saved": "saves",
    "total_interactions": "engagements",
    "post_impressions": "impressions",
    "post_media_view": "views",
    "post_impressions_unique": "reach",
    "post_clicks": "clicks",
    "post_reactions_like_total": "likes",
    "page_media_view": "views",
    "page_impressions_unique": "reach",
    "page_post_engagements": "engagements",
}


def metrics_of(insights: Mapping[str, Any], *, suffix: str = "") -> dict[str, int]:
    """The last value of each metric; `suffix` says of what time it is the total."""
    counted: dict[str, int] = {}
    with otherwise_malformed("What the network counts cannot be understood."):
        for metric in insights["data"]:
            total = metric.get("total_value")
            value = total["value"] if total else metric["values"][-1]["value"]
            if isinstance(value, int):
                name = str(metric["name"])
                counted[f"{_NAMES.get(name, name)}{suffix}"] = value
    return counted
