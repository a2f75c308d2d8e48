"""Threads' API, imitated from developers.facebook.com."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.imitation import Habits
from tests.simulator.meta.answers import no_such_object, refusal
from tests.simulator.meta.authority import MetaAuthority
from tests.simulator.meta.containers import (
    FILM_TAKES,
    PICTURE_TAKES,
    Container,
    ContainerNetwork,
    Owner,
    Post,
    demand_picture,
    problem_of_film,
)
from tests.simulator.meta.fetching import fetched
from tests.simulator.oauth_grants import Grants
from tests.simulator.threads.rules import FILM_BYTES, PICTURE_BYTES, PLACES, kind_of
from tests.simulator.world import page

POSTS_ALLOWED = 250
PLACES_SCOPE = "threads_location_tagging"
SCOPES = (
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    PLACES_SCOPE,
    "threads_manage_insights",
)
_VERSION = "/v1.0"


@dataclass(kw_only=True)
class Threads(ContainerNetwork):
    slug: ClassVar[str] = "threads"
    publish_scope: ClassVar[str] = "threads_content_publish"
    status_field: ClassVar[str] = "status"
    reason_field: ClassVar[str] = "error_message"
    words_field: ClassVar[str] = "text"
    day_is_full: ClassVar[tuple[int, int | None]] = (9, 2207042)
    habits: ClassVar[Habits] = Habits(tells_wait=False)

    def __post_init__(self) -> None:
        self.grants = Grants(network=self.slug, world=self.world, lives=60 * 86_400.0)
        self.authority = MetaAuthority(
            grants=self.grants,
            scopes=frozenset(SCOPES),
            open_account=lambda _: self._open(),
            by_header=False,
            challenges=False,
            rotates=False,
        )
        remember = {
            "account": self.add_owner,
            "post": self.add_post,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept(self.slug):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/authorize", self.authority.authorize),
            Route("/oauth/access_token", self.authority.code_for_brief, methods=["POST"]),
            Route("/access_token", self.authority.brief_for_lasting),
            Route("/refresh_access_token", self.authority.renew),
            Route(f"{_VERSION}/debug_token", self.debug_token),
            Route(f"{_VERSION}/me", self.show_me),
            Route(f"{_VERSION}/location_search", self.find_places),
            Route(f"{_VERSION}/{{id}}/threads", self.make, methods=["POST"]),
            Route(f"{_VERSION}/{{id}}/threads", self.list_roots),
            Route(f"{_VERSION}/{{id}}/replies", self.list_replies),
            Route(f"{_VERSION}/{{id}}/threads_publish", self.publish, methods=["POST"]),
            Route(f"{_VERSION}/{{id}}/threads_publishing_limit", self.show_limit),
            Route(f"{_VERSION}/{{id}}/threads_insights", self.show_account_insights),
            Route(f"{_VERSION}/{{id}}/insights", self.show_insights),
            Route(f"{_VERSION}/{{id}}", self.show),
            Route("/@{username}/post/{code}", self.show_page),
        ]

    def new_account(
        self, origin: str, *, posts_allowed: int = POSTS_ALLOWED, names_places: bool = True
    ) -> dict[str, str]:
        account_id = self._open(posts_allowed=posts_allowed)
        client_id, _ = self.grants.register()
        given_to = tuple(one for one in SCOPES if names_places or one != PLACES_SCOPE)
        given = self.grants.give(account_id, client_id, given_to, refreshes=False)
        return {"server": f"{origin}/threads", "access_token": given.token}

    def _open(self, *, posts_allowed: int = POSTS_ALLOWED) -> str:
        said: dict[str, Any] = {
            "account_id": self.next_id(),
            "username": f"person{len(self.owners) + 1}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep(self.slug, "account", **said)
        self.add_owner(**said)
        return str(said["account_id"])

    async def make(self, request: Request) -> Response:
        if "location_id" in await request.form():
            self.authority.permitted(request, PLACES_SCOPE)
        return await super().make(request)

    async def container_of(self, fields: dict[str, str], owner: Owner) -> Container:
        kind = kind_of(fields)
        container = Container(
            id=self.next_id(),
            owner=owner.id,
            text=fields.get("text", ""),
            form=kind,
            parent=self._parent(fields),
            is_item=fields.get("is_carousel_item") == "true",
        )
        match kind:
            case "CAROUSEL":
                self.fill_carousel(container, fields["children"], 20)
            case "IMAGE":
                seen = await fetched(fields["image_url"])
                demand_picture(seen, ("image/jpeg", "image/png"), PICTURE_BYTES, 0.1, 10.0)
                container.media = [seen.received(fields.get("alt_text", ""))]
                container.ready_at = time.time() + PICTURE_TAKES
            case "VIDEO":
                seen = await fetched(fields["video_url"])
                container.problem = problem_of_film(seen, FILM_BYTES, 0, 300)
                container.media = [seen.received(fields.get("alt_text", ""))]
                container.ready_at = time.time() + FILM_TAKES
        return container

    def _parent(self, fields: dict[str, str]) -> str | None:
        parent = fields.get("reply_to_id")
        if parent is not None and parent not in self.posts:
            words = "The requested resource does not exist: reply_to_id"
            raise refusal(24, words, 4279013)
        return parent

    def reason(self, container: Container) -> str:
        return "FAILED_PROCESSING_VIDEO" if container.problem else ""

    def told(self, post: Post) -> dict[str, Any]:
        replied = {"replied_to": {"id": post.parent}} if post.parent else {}
        return {**super().told(post), **replied}

    def address(self, origin: str, owner: Owner, code: str) -> str:
        return f"{origin}/threads/@{owner.username}/post/{code}"

    async def debug_token(self, request: Request) -> Response:
        access = self.authority.known(request, may_be_brief=True)
        told = {"is_valid": True, "scopes": list(access.scopes), "user_id": access.account_id}
        return JSONResponse({"data": told})

    async def show_me(self, request: Request) -> Response:
        access = self.authority.permitted(request, "threads_basic")
        owner = self.owners[access.account_id]
        return JSONResponse(
            {
                "id": owner.id,
                "username": owner.username,
                "name": owner.username.capitalize(),
                "threads_profile_picture_url": f"https://scontent.example/{owner.id}.jpg",
            }
        )

    async def find_places(self, request: Request) -> Response:
        self.authority.permitted(request, PLACES_SCOPE)
        wish = request.query_params.get("q", "").lower()
        if not wish:
            raise refusal(100, "The parameter q is required without a latitude and a longitude")
        asked = request.query_params.get("fields", "id,name").split(",")
        found = [
            {"id": int(place), **told}
            for place, told in PLACES.items()
            if wish in told["name"].lower()
        ]
        data = [{name: one[name] for name in asked if name in one} for one in found]
        return JSONResponse({"data": data})

    async def show(self, request: Request) -> Response:
        return self.shown(request.path_params["id"], request, "threads_basic")

    async def show_limit(self, request: Request) -> Response:
        owner = self.owner(request, "threads_content_publish")
        told: dict[str, Any] = {}
        for name, window in (("", owner.posts), ("reply_", owner.replies)):
            window.turn()
            told[f"{name}quota_usage"] = window.used
            told[f"{name}config"] = {
                "quota_total": window.limit,
                "quota_duration": window.seconds,
            }
        return JSONResponse({"data": [told]})

    async def list_roots(self, request: Request) -> Response:
        owner = self.owner(request, "threads_basic")
        posts = [post for post in self.posts.values() if post.parent is None]
        return self.listed(request, owner, posts)

    async def list_replies(self, request: Request) -> Response:
        owner = self.owner(request, "threads_read_replies")
        posts = [post for post in self.posts.values() if post.parent is not None]
        return self.listed(request, owner, posts)

    async def show_account_insights(self, request: Request) -> Response:
        self.owner(request, "threads_manage_insights")
        return _counted(request)

    async def show_insights(self, request: Request) -> Response:
        access = self.authority.permitted(request, "threads_manage_insights")
        post = self.posts.get(request.path_params["id"])
        if post is None or post.owner != access.account_id:
            raise no_such_object(request.path_params["id"])
        return _counted(request)

    async def show_page(self, request: Request) -> Response:
        for post in self.posts.values():
            if post.url.endswith(f"/post/{request.path_params['code']}"):
                return page(f"@{self.owners[post.owner].username}", post.text)
        return Response("This post is not available", 404)


def _counted(request: Request) -> Response:
    names = request.query_params.get("metric", "").split(",")
    data = [
        {"name": name, "values": [{"value": number}]} for number, name in enumerate(names, start=1)
    ]
    return JSONResponse({"data": data})


imitation = Threads
