"""Calls to TikTok, and who may make them (developers.tiktok.com: login kit, API v2)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.oauth_server import OAuthServer, bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.provider import Answer, Http, Publication
from shared.channels.domain.tiktok.answers import said
from shared.channels.domain.tiktok.post import Creator

API = "https://open.tiktokapis.com"
OAUTH = OAuthServer(
    site="https://www.tiktok.com",
    api=API,
    asks_at="/v2/auth/authorize/",
    gives_at="/v2/oauth/token/",
    takes_back_at="/v2/oauth/revoke/",
    scopes=(
        "user.info.basic",
        "user.info.profile",
        "user.info.stats",
        "video.list",
        "video.publish",
        "video.upload",
    ),
    lives=timedelta(hours=24),
    by_header=False,
    challenges=False,
    between=",",
    client_called="client_key",
)


async def state_of(
    http: Http, credentials: Mapping[str, str], publication: Publication
) -> dict[str, Any]:
    wish = {"publish_id": publication.progress["publish_id"]}
    state = await post_to(http, credentials, "/v2/post/publish/status/fetch/", wish)
    return {**state, "status": str(state["status"])}


async def creator_of(http: Http, credentials: Mapping[str, str]) -> Creator:
    path = "/v2/post/publish/creator_info/query/"
    return Creator.of(await post_to(http, credentials, path, {}))


async def user_of(http: Http, credentials: Mapping[str, str], fields: str) -> dict[str, Any]:
    answer = await ask_for_user(http, credentials, fields)
    return dict(said(answer, renewable=is_renewable(credentials))["user"])


async def ask_for_user(http: Http, credentials: Mapping[str, str], fields: str) -> Answer:
    url = f"{credentials['server']}/v2/user/info/"
    return await http.request("GET", url, headers=bearing(credentials), params={"fields": fields})


async def post_to(
    http: Http, credentials: Mapping[str, str], path: str, wish: Mapping[str, Any]
) -> dict[str, Any]:
    url = f"{credentials['server']}{path}"
    answer = await http.request("POST", url, headers=bearing(credentials), json=wish)
    return said(answer, renewable=is_renewable(credentials))


def profile_of(credentials: Mapping[str, str]) -> str:
    return f"{OAUTH.site_of(credentials)}/@{credentials['username']}"
