"""Places that a post may name: pages that have an address (Graph API, `/pages/search`).

An application needs the feature Page Public Metadata Access.
"""

from collections.abc import Mapping
from typing import Any

from shared.channels.domain.meta.graph import Graph
from shared.channels.domain.provider import Http
from shared.channels.domain.tools import Tool

LOCATIONS = Tool(
    title="Places",
    description="Places that a post can name, by words",
    arguments={
        "type": "object",
        "additionalProperties": False,
        "required": ["query"],
        "properties": {
            "query": {
                "title": "Words",
                "description": "What the place is called, or where it is",
                "type": "string",
                "minLength": 1,
                "maxLength": 100,
            }
        },
    },
)


async def places(
    graph: Graph, http: Http, credentials: Mapping[str, str], query: str
) -> list[dict[str, Any]]:
    found = await graph.read(
        http, credentials, "pages/search", q=query, fields="id,name,location{city,country}"
    )
    return [
        {
            "id": page["id"],
            "name": page["name"],
            "city": page["location"].get("city"),
            "country": page["location"].get("country"),
        }
        for page in found["data"]
        if page.get("location")
    ]
