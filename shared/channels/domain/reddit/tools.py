"""What people look up at Reddit: subreddits, their flairs, and what they demand of a post."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.channels.domain.oauth_server import get
from shared.channels.domain.provider import Http
from shared.channels.domain.reddit.answers import error_of
from shared.channels.domain.tools import Tool

_get = partial(get, error_of=error_of)
_OF_ONE: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["subreddit"],
    "properties": {
        "subreddit": {
            "title": "Subreddit",
            "description": "Its name, without r/",
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{2,24}$",
        }
    },
}
_SEARCH: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "query": {
            "title": "Words",
            "description": "What to look for. Absent: subreddits the account has joined",
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
        }
    },
}
TOOLS: Mapping[str, Tool] = {
    "subreddits": Tool(
        title="Subreddits", description="Subreddits by words, or those joined", arguments=_SEARCH
    ),
    "flairs": Tool(
        title="Flairs", description="What posts of a subreddit may be marked as", arguments=_OF_ONE
    ),
    "requirements": Tool(
        title="Requirements",
        description="What a subreddit demands of a post, as Reddit tells it",
        arguments=_OF_ONE,
    ),
}


async def answer_of(
    http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
) -> Any:
    if name == "subreddits":
        return await _subreddits(http, credentials, arguments.get("query"))
    subreddit = arguments["subreddit"]
    if name == "flairs":
        path = f"/r/{subreddit}/api/link_flair_v2"
        flairs = (await _get(http, credentials, path, {"raw_json": "1"})).json()
        return [{"id": one["id"], "name": one["text"]} for one in flairs]
    return (await _get(http, credentials, f"/api/v1/{subreddit}/post_requirements")).json()


async def _subreddits(
    http: Http, credentials: Mapping[str, str], query: str | None
) -> list[dict[str, Any]]:
    path, params = "/subreddits/mine/subscriber", {"limit": "100", "raw_json": "1"}
    if query:
        path, params["q"] = "/subreddits/search", query
    listed = (await _get(http, credentials, path, params)).json()["data"]["children"]
    return [
        {
            "id": one["data"]["display_name"],
            "name": f"r/{one['data']['display_name']}",
            "members": one["data"].get("subscribers"),
        }
        for one in listed
    ]
