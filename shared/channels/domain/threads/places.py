"""Places that a post may name (Threads API: `GET /location_search`).

An application that has not been approved for `threads_location_tagging` finds Menlo Park alone.
"""

from collections.abc import Mapping
from typing import Any

from shared.channels.domain.meta.graph import Graph
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.provider import Http


async def places(
    graph: Graph, http: Http, credentials: Mapping[str, str], query: str
) -> list[dict[str, Any]]:
    asked = {"q": query, "fields": "id,name,address,city,country"}
    found = await graph.read(http, credentials, "location_search", **asked)
    with otherwise_malformed("Threads' answer about places cannot be understood."):
        return [
            {
                "id": str(place["id"]),
                "name": str(place["name"]),
                "address": place.get("address"),
                "city": place.get("city"),
                "country": place.get("country"),
            }
            for place in found["data"]
        ]
