"""X's API and site, imitated from docs.x.com."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.imitation import Habits
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Access, Grants
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page
from tests.simulator.x import counting
from tests.simulator.x.posts import (
    MAXIMUM,
    PREMIUM_MAXIMUM,
    Account,
    Post,
    fault_of,
    invalid,
    problem,
    rate_headers,
    same,
)
from tests.simulator.x.uploads import Upload, Uploads

POSTS_ALLOWED = 100
POSTS_WINDOW = 15 * 60
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")


@dataclass(kw_only=True)
class X:
    habits = Habits(refuses_repeats=True)

    world: World
    accounts: dict[str, Account] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    last_id: int = 0

    def __post_init__(self) -> None:
        self.grants = Grants(network="x", world=self.world, lives=2 * 3600.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset(SCOPES),
            open_account=lambda _: self._open().id,
            by_header=True,
            challenges=True,
            rotates=True,
        )
        self.uploads = Uploads(
            world=self.world,
            caller=self._caller,
            refuse=lambda request, fault, account: _refused(fault, account, bearer(request)),
            spoil=_broken,
            next_id=self._next_id,
        )
        remember: dict[str, Callable[..., None]] = {
            "account": self._add_account,
            "post": self._add_post,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("x"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/i/oauth2/authorize", self.authority.authorize),
            Route("/2/oauth2/token", self.authority.token, methods=["POST"]),
            Route("/2/oauth2/revoke", self.authority.revoke, methods=["POST"]),
            Route("/2/users/me", self.show_me),
            Route("/2/users/{id}/tweets", self.list_posts),
            Route("/2/tweets/{id}", self.show_post),
            Route("/2/tweets", self.create_post, methods=["POST"]),
            *self.uploads.routes(),
            Route("/{username}/status/{id}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        premium: bool = False,
        renews: bool = True,
    ) -> dict[str, str]:
        """What a person would type who has an application of their own."""
        account = self._open(posts_allowed=posts_allowed, premium=premium)
        client_id, secret = self.grants.register()
        given = self.grants.give(account.id, client_id, SCOPES, refreshes=renews)
        return {
            "server": f"{origin}/x",
            "access_token": given.token,
            **({"refresh_token": given.refresh_token} if given.refresh_token else {}),
            "own_client_id": client_id,
            "own_client_secret": secret,
        }

    def _open(self, *, posts_allowed: int = POSTS_ALLOWED, premium: bool = False) -> Account:
        said: dict[str, Any] = {
            "account_id": self._next_id(),
            "username": f"person{len(self.accounts) + 1}",
            "posts_allowed": posts_allowed,
            "premium": premium,
        }
        self.world.memory.keep("x", "account", **said)
        self._add_account(**said)
        return self.accounts[said["account_id"]]

    def _add_account(
        self, account_id: str, username: str, posts_allowed: int, *, premium: bool
    ) -> None:
        self.accounts[account_id] = Account(
            id=account_id,
            username=username,
            posts=RateWindow(limit=posts_allowed, seconds=POSTS_WINDOW),
            is_premium=premium,
        )
        self.last_id = max(self.last_id, int(account_id))

    async def create_post(self, request: Request) -> Response:
        received_at = time.time()
        wish = await json_of(request)
        account = self._caller(request, "tweet.write")
        text = str(wish.get("text", ""))
        fault = self.world.faults.take("x", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account, bearer(request))
        if not account.posts.take():
            return _throttled(account)
        self._check(wish, account)
        uploads = self._attached(wish, account)
        said: dict[str, Any] = {
            "id": self._next_id(),
            "account_id": account.id,
            "text": text,
            "created_at": time.time(),
            "parent": wish["reply"]["in_reply_to_tweet_id"] if "reply" in wish else None,
            "media": [f"3_{one.id}" for one in uploads],
        }
        self.world.memory.keep("x", "post", **said)
        self._add_post(**said)
        self.world.receipts.add(
            Receipt(
                network="x",
                account=account.username,
                id=said["id"],
                url=f"{origin(request)}/x/{account.username}/status/{said['id']}",
                text=text,
                key=None,
                received_at=received_at,
                parent=said["parent"],
                media=[one.seen.received(one.alt_text) for one in uploads if one.seen],
            )
        )
        if fault:
            return await _broken(fault)
        data = {"id": said["id"], "text": text, "edit_history_tweet_ids": [said["id"]]}
        return JSONResponse({"data": data}, 201, headers=rate_headers(account.posts))

    def _attached(self, wish: dict[str, Any], account: Account) -> list[Upload]:
        if "media" not in wish:
            return []
        return self.uploads.attached(account, wish["media"]["media_ids"])

    def _caller(self, request: Request, scope: str) -> Account:
        access: Access | None = self.authority.caller(request)
        if access is None:
            raise Refusal(problem(401, "Unauthorized", "Unauthorized"))
        if scope not in access.scopes:
            words = "You are not permitted to perform this action."
            raise Refusal(problem(403, "Forbidden", words))
        return self.accounts[access.account_id]

    def _check(self, wish: dict[str, Any], account: Account) -> None:
        if words := fault_of(wish):
            raise Refusal(invalid(words))
        maximum = PREMIUM_MAXIMUM if account.is_premium else MAXIMUM
        text = wish.get("text", "")
        if counting.count(text) > maximum:
            words = "You are not permitted to perform this action."
            raise Refusal(problem(403, "Forbidden", words))
        if "reply" in wish and wish["reply"]["in_reply_to_tweet_id"] not in self.posts:
            words = "You attempted to reply to a Tweet that is deleted or not visible to you."
            raise Refusal(problem(403, "Forbidden", words))
        own = (post for post in self.posts.values() if post.account_id == account.id)
        if text and any(same(post.text, text) for post in own):
            words = "You are not allowed to create a Tweet with duplicate content."
            raise Refusal(problem(403, "Forbidden", words))

    def _add_post(self, **said: Any) -> None:
        self.posts[said["id"]] = Post(**said)
        self.last_id = max(self.last_id, int(said["id"]))

    def _next_id(self) -> str:
        """A snowflake: milliseconds, then 16 bits; always rising."""
        self.last_id = max(self.last_id + 1, int(time.time() * 1000) << 16)
        return str(self.last_id)

    async def show_me(self, request: Request) -> Response:
        account = self._caller(request, "users.read")
        return JSONResponse({"data": account.shown(f"{origin(request)}/x")})

    async def show_post(self, request: Request) -> Response:
        self._caller(request, "tweet.read")
        post = self.posts.get(request.path_params["id"])
        if post is None:
            words = "Could not find tweet with id"
            return JSONResponse({"errors": [{"title": "Not Found Error", "detail": words}]})
        told = post.shown()
        if request.query_params.get("tweet.fields") == "public_metrics":
            told["public_metrics"] = {
                "impression_count": 9,
                "like_count": 3,
                "reply_count": 0,
                "retweet_count": 2,
                "quote_count": 1,
                "bookmark_count": 0,
            }
        return JSONResponse({"data": told})

    async def list_posts(self, request: Request) -> Response:
        self._caller(request, "tweet.read")
        wish = request.query_params
        size = int(wish.get("max_results", "10"))
        if not 5 <= size <= 100:
            return invalid(f"The `max_results` query parameter value [{size}] is not between 5")
        since = datetime.fromisoformat(wish["start_time"]).timestamp()
        below = int(wish.get("pagination_token", self.last_id + 1))
        found = [
            post
            for post in reversed(self.posts.values())
            if post.account_id == request.path_params["id"]
            and post.created_at >= since
            and int(post.id) < below
        ]
        told: dict[str, Any] = {"meta": {"result_count": len(found[:size])}}
        if found:
            told["data"] = [post.shown() for post in found[:size]]
        if len(found) > size:
            told["meta"]["next_token"] = found[size - 1].id
        return JSONResponse(told)

    async def show_page(self, request: Request) -> Response:
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return Response("This page does not exist", 404)
        return page(f"@{self.accounts[post.account_id].username}", post.text)


def _refused(fault: Fault, account: Account, token: str) -> Response:
    match fault.kind:
        case "permission":
            words = "You are not permitted to perform this action."
            return problem(403, "Forbidden", words)
        case "rate_limit":
            return _throttled(account, fault.retry_after)
        case "expired_token":
            return problem(401, "Unauthorized", f"Unauthorized ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return problem(503, "Service Unavailable", "Service Unavailable")
        case _:
            return invalid("The text is not allowed here")


async def _broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return Response(json.dumps({"data": {"text": secrets.token_hex()}}), 201)
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("upstream connect error", 502, media_type="text/plain")


def _throttled(account: Account, retry_after: int | None = None) -> Response:
    """By the account's own window, or by another limit that ends so many seconds from now."""
    response = problem(429, "Too Many Requests", "Too Many Requests")
    told = {**rate_headers(account.posts), "x-rate-limit-remaining": "0"}
    if retry_after is not None:
        told["x-rate-limit-reset"] = str(round(time.time() + retry_after))
    response.headers.update(told)
    return response


imitation = X
