"""Pinterest: pins on the boards of an account.

Sources: developers.pinterest.com/docs/api/v5 (OAuth, user_account, boards, pins, media, rate
limits) and github.com/pinterest/api-description.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.media import MediaRules
from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import allowance_of, before_publishing, malformed
from shared.channels.domain.oauth_server import OAuthServer, bearing, get
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable, token_fields
from shared.channels.domain.pinterest.answers import error_of
from shared.channels.domain.pinterest.media import is_ready, uploaded
from shared.channels.domain.pinterest.pin import (
    MAXIMUM,
    MEDIA,
    SETTINGS,
    demand_media,
    film_of,
    pin_of,
)
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.server_address import last_segment
from shared.channels.domain.tools import Tool

_API = "https://api.pinterest.com"
_PINS = "/v5/pins"
_OAUTH = OAuthServer(
    site="https://www.pinterest.com",
    api=_API,
    asks_at="/oauth/",
    gives_at="/v5/oauth/token",
    scopes=("boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read"),
    lives=timedelta(days=30),
    by_header=True,
    challenges=False,
    between=",",
)
_get = partial(get, error_of=error_of)
_LOOKS_AGAIN = timedelta(seconds=5)
_SLACK = timedelta(minutes=1)
_PAGE = "100"
"""More of them may be longer than an answer may be."""
_PAGES = 20
_COUNTED = {
    "follower_count": "followers",
    "following_count": "following",
    "pin_count": "posts",
    "monthly_views": "monthly_views",
}
_COUNTED_OF_PIN = {
    "impression": "impressions",
    "save": "saves",
    "pin_click": "clicks",
    "clickthrough": "outbound_clicks",
    "reaction": "reactions",
    "comment": "replies",
}


class Pinterest(ConnectedByOAuth):
    """Publishes without an idempotency key, which Pinterest has not; own pins are looked through.

    A film is told by `Pending` as soon as it is uploaded. Pictures are fetched by Pinterest.

    An access token lives thirty days, a refresh token sixty; one is good for more than one use.
    Nothing is revoked: Pinterest documents no way.
    """

    title = "Pinterest"
    max_length = MAXIMUM
    counts = "characters"
    threads = False
    quotas = (Quota(limit=100, period=timedelta(minutes=1)),)
    connect_fields = (*token_fields(_API), *OWN_APPLICATION)
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    oauth = _OAUTH
    scopes = _OAUTH.scopes
    tools: Mapping[str, Tool] = {
        "boards": Tool(title="Boards", description="The boards that pins can be put on"),
    }

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        answer = await _get(http, credentials, "/v5/user_account")
        user = answer.json()
        return Account(
            external_id=user["id"],
            username=user["username"],
            display_name=user.get("business_name") or user["username"],
            url=f"{_OAUTH.site_of(credentials)}/{user['username']}/",
            avatar_url=user.get("profile_image"),
            credentials=dict(credentials),
            kind="organization" if user.get("account_type") == "BUSINESS" else "person",
            **_OAUTH.life_of(credentials, answer),
        )

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: whoever wants the tokens ended does so at Pinterest, among its apps."""

    def preview(self, publication: Publication) -> Preview:
        board = str(publication.settings.get("board") or "<the only board>")
        media_id = "<media>" if film_of(publication) else ""
        return Preview(method="POST", path=_PINS, body=pin_of(publication, board, media_id))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        demand_media(publication)
        film, media_id = film_of(publication), publication.progress.get("media_id", "")
        if film and not media_id:
            media_id = await uploaded(http, credentials, film)
            return Pending(progress={"media_id": media_id}, check_after=_LOOKS_AGAIN)
        if film and not await is_ready(http, credentials, media_id):
            return Pending(progress=publication.progress, check_after=_LOOKS_AGAIN)
        board = publication.settings.get("board") or await _only_board(http, credentials)
        answer = await http.request(
            "POST",
            f"{credentials['server']}{_PINS}",
            headers=bearing(credentials),
            json=pin_of(publication, str(board), media_id),
        )
        allowance = allowance_of(answer)
        if answer.status != HTTPStatus.CREATED:
            error = error_of(answer, renewable=is_renewable(credentials))
            error.allowance = allowance
            raise error
        identifier = answer.json()["id"]
        if not isinstance(identifier, str) or not identifier.isdigit():
            raise malformed("Pinterest answered with an id that is none.")
        url = _link(credentials, identifier)
        return Receipt(external_id=identifier, url=url, allowance=allowance)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """A pin of the same words, made since the first attempt; the list has the newest first."""
        settings = publication.settings
        wanted = (_comparable(settings.get("title")), _comparable(publication.text))
        since = publication.first_tried_at - _SLACK
        async for page in _pages(http, credentials, _PINS):
            recent = [pin for pin in page if _made_at(pin) >= since]
            for pin in recent:
                shown = (_comparable(pin.get("title")), _comparable(pin.get("description")))
                is_there = settings.get("board") in (None, pin["board_id"])
                if shown == wanted and is_there and pin["id"] not in publication.taken:
                    return Receipt(external_id=pin["id"], url=_link(credentials, pin["id"]))
            if not recent:
                return None
        return None

    async def use_tool(
        self, http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        return [
            {"id": board["id"], "name": board["name"], "privacy": board.get("privacy", "PUBLIC")}
            async for page in _pages(http, credentials, "/v5/boards")
            for board in page
        ]

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        account = (await _get(http, credentials, "/v5/user_account")).json()
        return counted(account, _COUNTED)

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        path = f"{_PINS}/{last_segment(external_id)}"
        pin = (await _get(http, credentials, path, {"pin_metrics": "true"})).json()
        return counted((pin.get("pin_metrics") or {}).get("lifetime_metrics", {}), _COUNTED_OF_PIN)


async def _only_board(http: Http, credentials: Mapping[str, str]) -> str:
    with before_publishing():
        answer = await _get(http, credentials, "/v5/boards", {"page_size": "2"})
        boards = [str(board["id"]) for board in answer.json()["items"]]
    if len(boards) != 1:
        words = "Say which board: the account has " + ("several." if boards else "none yet.")
        raise Refused(ErrorClass.CONTENT, "BOARD_MISSING", words)
    return boards[0]


async def _pages(
    http: Http, credentials: Mapping[str, str], path: str
) -> AsyncIterator[list[dict[str, Any]]]:
    """Raises Unanswered where there are too many to look through."""
    params = {"page_size": _PAGE}
    for _ in range(_PAGES):
        page = (await _get(http, credentials, path, params)).json()
        yield page["items"]
        if not page.get("bookmark"):
            return
        params["bookmark"] = str(page["bookmark"])
    raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many to look through.")


def _made_at(pin: Mapping[str, Any]) -> datetime:
    """Pinterest leaves out that it speaks of UTC."""
    instant = datetime.fromisoformat(pin["created_at"])
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _comparable(text: object) -> str:
    return " ".join(str(text or "").split())


def _link(credentials: Mapping[str, str], identifier: str) -> str:
    return f"{_OAUTH.site_of(credentials)}/pin/{identifier}/"


provider = Pinterest()
