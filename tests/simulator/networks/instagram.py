"""Instagram's API with Facebook Login, imitated from developers.facebook.com."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.imitation import Habits
from tests.simulator.instagram.rules import (
    PICTURE_BYTES,
    PLACES,
    REEL_BYTES,
    STORY_BYTES,
    check_comment,
    kind_of,
)
from tests.simulator.meta.answers import broken, no_such_object, refusal, refused
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
from tests.simulator.meta.people import VERSION, People
from tests.simulator.receipts import Receipt
from tests.simulator.world import bearer, page

POSTS_ALLOWED = 100
SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "pages_show_list",
    "pages_read_engagement",
    "business_management",
)


@dataclass(kw_only=True)
class Comment:
    id: str
    post: str
    text: str
    made_at: float


@dataclass(kw_only=True)
class Instagram(ContainerNetwork):
    slug: ClassVar[str] = "instagram"
    publish_scope: ClassVar[str] = "instagram_content_publish"
    status_field: ClassVar[str] = "status_code"
    reason_field: ClassVar[str] = "status"
    words_field: ClassVar[str] = "caption"
    day_is_full: ClassVar[tuple[int, int | None]] = (9, 2207042)
    habits: ClassVar[Habits] = Habits(tells_wait=False, nests=False)

    comments: dict[str, Comment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(
            slug=self.slug,
            world=self.world,
            scopes=SCOPES,
            add_page=self._open,
            tell=self._page_shown,
        )
        self.authority = self.people.authority
        remember = {
            "account": self.add_owner,
            "post": self.add_post,
            "comment": self._add_comment,
            **self.people.remembering(),
        }
        for kind, said in self.world.memory.kept(self.slug):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            *self.people.routes(),
            Route(f"/{VERSION}/pages/search", self.search_pages),
            Route(f"/{VERSION}/{{id}}/media", self.make, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/media", self.list_posts),
            Route(f"/{VERSION}/{{id}}/stories", self.list_stories),
            Route(f"/{VERSION}/{{id}}/media_publish", self.publish, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/content_publishing_limit", self.show_limit),
            Route(f"/{VERSION}/{{id}}/comments", self.comment, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/comments", self.list_comments),
            Route(f"/{VERSION}/{{id}}/insights", self.show_insights),
            Route(f"/{VERSION}/{{id}}", self.show),
            Route("/p/{code}/", self.show_page),
        ]

    def new_account(self, origin: str, *, of_person: bool = False, **wish: Any) -> dict[str, str]:
        known = self.people.new_account(origin, of_person=of_person, **wish)
        *_, runs = self.people.runs.values()
        return known if of_person else {**known, "account_id": next(iter(runs))}

    def _open(self, name: str, *, posts_allowed: int = POSTS_ALLOWED) -> str:
        said: dict[str, Any] = {
            "account_id": self.next_id(),
            "username": f"{name.lower().replace(' ', '_')}{len(self.owners) + 1}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep(self.slug, "account", **said)
        self.add_owner(**said)
        return str(said["account_id"])

    def _page_shown(self, account_id: str) -> dict[str, Any]:
        return {
            "id": f"{account_id}0",
            "name": self.owners[account_id].username,
            "instagram_business_account": self._shown_owner(account_id),
        }

    def _shown_owner(self, account_id: str) -> dict[str, Any]:
        owner = self.owners[account_id]
        return {
            "id": owner.id,
            "username": owner.username,
            "name": owner.username.capitalize(),
            "profile_picture_url": f"https://scontent.example/{owner.id}.jpg",
            "followers_count": 120,
            "follows_count": 80,
            "media_count": sum(1 for post in self.posts.values() if post.owner == owner.id),
        }

    async def container_of(self, fields: dict[str, str], owner: Owner) -> Container:
        kind = kind_of(fields)
        container = Container(
            id=self.next_id(),
            owner=owner.id,
            text=fields.get("caption", ""),
            form=kind,
            is_item=fields.get("is_carousel_item") == "true",
        )
        if kind == "CAROUSEL":
            self.fill_carousel(container, fields.get("children", ""), 10)
        elif "image_url" in fields:
            seen = await fetched(fields["image_url"])
            least, most = (0.01, 10.0) if kind == "STORIES" else (0.8, 1.91)
            demand_picture(seen, ("image/jpeg",), PICTURE_BYTES, least, most)
            container.media = [seen.received(fields.get("alt_text", ""))]
            container.ready_at = time.time() + PICTURE_TAKES
        else:
            seen = await fetched(fields["video_url"])
            bounds = (STORY_BYTES, 3, 60) if kind == "STORIES" else (REEL_BYTES, 3, 900)
            container.problem = problem_of_film(seen, *bounds)
            container.media = [seen.received()]
            if "cover_url" in fields:
                cover = await fetched(fields["cover_url"])
                demand_picture(cover, ("image/jpeg",), PICTURE_BYTES, 0.01, 10.0)
            container.ready_at = time.time() + FILM_TAKES
        return container

    def reason(self, container: Container) -> str:
        return container.problem or {
            "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
            "PUBLISHED": "Published: Media has been successfully published.",
        }.get(container.status, "In Progress: Media is still being processed.")

    def address(self, origin: str, owner: Owner, code: str) -> str:
        return f"{origin}/instagram/p/{code}/"

    async def show(self, request: Request) -> Response:
        identifier = request.path_params["id"]
        if identifier in self.owners:
            self.owner(request, "instagram_basic")
            return JSONResponse(self._shown_owner(identifier))
        return self.shown(identifier, request, "instagram_basic")

    async def search_pages(self, request: Request) -> Response:
        self.authority.permitted(request, "pages_read_engagement")
        words = request.query_params.get("q", "").casefold()
        if not words:
            raise refusal(100, "(#100) The parameter q is required")
        found = [
            {"id": identifier, **told}
            for identifier, told in PLACES.items()
            if words in str(told["name"]).casefold()
        ]
        return JSONResponse({"data": found})

    async def show_limit(self, request: Request) -> Response:
        owner = self.owner(request, "instagram_content_publish")
        owner.posts.turn()
        config = {"quota_total": owner.posts.limit, "quota_duration": owner.posts.seconds}
        return JSONResponse({"data": [{"quota_usage": owner.posts.used, "config": config}]})

    async def list_posts(self, request: Request) -> Response:
        owner = self.owner(request, "instagram_basic")
        posts = [post for post in self.posts.values() if post.form != "STORIES"]
        return self.listed(request, owner, posts)

    async def list_stories(self, request: Request) -> Response:
        owner = self.owner(request, "instagram_basic")
        posts = [post for post in self.posts.values() if post.form == "STORIES"]
        return self.listed(request, owner, posts)

    async def comment(self, request: Request) -> Response:
        received_at = time.time()
        post = self._own_post(request, "instagram_manage_comments")
        text = str((await request.form()).get("message", ""))
        fault = self.world.faults.take(self.slug, text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, post.owner, bearer(request))
        check_comment(text)
        said: dict[str, Any] = {
            "id": self.next_id(),
            "post": post.id,
            "text": text,
            "made_at": time.time(),
        }
        self.world.memory.keep(self.slug, "comment", **said)
        self._add_comment(**said)
        self.world.receipts.add(
            Receipt(
                network=self.slug,
                account=post.owner,
                id=said["id"],
                url=post.url,
                text=text,
                key=None,
                received_at=received_at,
                parent=post.id,
            )
        )
        return await broken(fault) if fault else JSONResponse({"id": said["id"]})

    def _add_comment(self, **said: Any) -> None:
        self.comments[said["id"]] = Comment(**said)
        self.last_id = max(self.last_id, int(said["id"]))

    async def list_comments(self, request: Request) -> Response:
        post = self._own_post(request, "instagram_manage_comments")
        found = [one for one in reversed(self.comments.values()) if one.post == post.id]
        told = [
            {
                "id": one.id,
                "text": one.text,
                "timestamp": f"{datetime.fromtimestamp(one.made_at, UTC):%Y-%m-%dT%H:%M:%S}+0000",
            }
            for one in found[:50]
        ]
        return JSONResponse({"data": told})

    async def show_insights(self, request: Request) -> Response:
        access = self.authority.permitted(request, "instagram_manage_insights")
        identifier = request.path_params["id"]
        if identifier != access.account_id:
            self._own_post(request, "instagram_manage_insights")
        names = request.query_params.get("metric", "").split(",")
        data = [
            {"name": name, "period": "day", "total_value": {"value": number}}
            for number, name in enumerate(names, start=1)
        ]
        return JSONResponse({"data": data})

    def _own_post(self, request: Request, scope: str) -> Post:
        access = self.authority.permitted(request, scope)
        post = self.posts.get(request.path_params["id"])
        if post is None or post.owner != access.account_id:
            raise no_such_object(request.path_params["id"])
        return post

    async def show_page(self, request: Request) -> Response:
        for post in self.posts.values():
            if post.url.endswith(f"/p/{request.path_params['code']}/"):
                return page(f"@{self.owners[post.owner].username}", post.text)
        return Response("This page is not available", 404)


imitation = Instagram
