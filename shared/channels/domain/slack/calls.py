"""Calls of Slack's web API, as a bot."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import ErrorClass, Http, Unanswered
from shared.channels.domain.slack.answers import body_of

_PAGE = 200
_PAGES = 10


async def read(
    http: Http, credentials: Mapping[str, str], method: str, **fields: str
) -> dict[str, Any]:
    """Call by a form, which every method takes that reads.

    Raises:
        Refused, Unanswered: of any answer but a success.
    """
    url = address(credentials, method)
    return body_of(await http.request("POST", url, headers=bearing(credentials), form=fields))


async def pages(
    http: Http, credentials: Mapping[str, str], method: str, part: str, **fields: str
) -> AsyncIterator[dict[str, Any]]:
    """All that is listed under the name `part`.

    Raises:
        Unanswered: it is too much to look through.
    """
    fields["limit"] = str(_PAGE)
    for _ in range(_PAGES):
        page = await read(http, credentials, method, **fields)
        with otherwise_malformed("Slack's list cannot be understood."):
            items = list(page[part])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
        for item in items:
            yield item
        if not cursor:
            return
        fields["cursor"] = str(cursor)
    raise Unanswered(
        ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "There is too much to look through."
    )


def address(credentials: Mapping[str, str], method: str) -> str:
    return f"{credentials['server']}/api/{method}"
