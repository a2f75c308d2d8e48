"""What LinkedIn counts for organizations, imitated from learn.microsoft.com/linkedin."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.linkedin.answers import error

_ONE = re.compile(r"&(shares|ugcPosts)=List\((urn%3Ali%3A(?:share|ugcPost)%3A[0-9]+)\)$")
"""With its colons escaped: unescaped they are no part of a URN in a list."""
_COUNTED = {
    "uniqueImpressionsCount": 7,
    "impressionCount": 9,
    "clickCount": 5,
    "likeCount": 4,
    "commentCount": 3,
    "shareCount": 2,
    "engagement": 0.5,
}


@dataclass(kw_only=True)
class Statistics:
    """`demand` refuses whoever may not see those of an organization."""

    posts: dict[str, dict[str, Any]]
    demand: Callable[[Request, str], None]

    def routes(self) -> list[Route]:
        return [
            Route("/rest/networkSizes/{urn}", self.show_size),
            Route("/rest/organizationalEntityShareStatistics", self.list_statistics),
        ]

    async def show_size(self, request: Request) -> Response:
        self.demand(request, request.path_params["urn"])
        if request.query_params.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
            return error(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        return JSONResponse({"firstDegreeSize": 219})

    async def list_statistics(self, request: Request) -> Response:
        wish, asked = request.query_params, request.url.query
        organization = wish.get("organizationalEntity", "")
        self.demand(request, organization)
        named = _ONE.search(asked)
        if wish.get("q") != "organizationalEntity" or ("List" in asked and not named):
            return error(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        told: dict[str, Any] = {
            "organizationalEntity": organization,
            "totalShareStatistics": _COUNTED,
        }
        if named:
            urn = named[2].replace("%3A", ":")
            if self.posts.get(urn, {}).get("author") != organization:
                return JSONResponse({"elements": []})
            told["ugcPost" if "ugcPost" in urn else "share"] = urn
        return JSONResponse({"elements": [told]})
