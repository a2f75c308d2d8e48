"""Facebook's API for pages, imitated from developers.facebook.com."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.facebook.pages import Pages
from tests.simulator.facebook.posts import (
    COMMENT,
    attached,
    check_feed,
    photo_of,
)
from tests.simulator.facebook.uploads import FilmUploads
from tests.simulator.forms import parts_of
from tests.simulator.imitation import Habits
from tests.simulator.meta.answers import (
    broken,
    error,
    no_such_object,
    refusal,
)
from tests.simulator.meta.people import VERSION
from tests.simulator.world import World, page


@dataclass(kw_only=True)
class Facebook:
    habits: ClassVar[Habits] = Habits(
        tells_rates=False, tells_wait=False, refuses_repeats=True, nests=False
    )

    world: World

    def __post_init__(self) -> None:
        self.pages = Pages(world=self.world)
        self.uploads = FilmUploads(pages=self.pages)
        self.authority = self.pages.authority

    def routes(self) -> list[Route]:
        return [
            *self.pages.people.routes(),
            *self.uploads.routes(),
            Route(f"/{VERSION}/{{id}}/photos", self.upload_photo, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/feed", self.create_post, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/photo_stories", self.create_photo_story, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/published_posts", self.list_posts),
            Route(f"/{VERSION}/{{id}}/stories", self.list_stories),
            Route(f"/{VERSION}/{{id}}/comments", self.comment, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/comments", self.list_comments),
            Route(f"/{VERSION}/{{id}}/insights", self.show_insights),
            Route(f"/{VERSION}/{{id}}", self.show),
            Route("/{page}/posts/{code}", self.show_page),
        ]

    def new_account(self, origin: str, **wish: Any) -> dict[str, str]:
        return self.pages.people.new_account(origin, **wish)

    async def upload_photo(self, request: Request) -> Response:
        where = self.pages.permitted(request, "pages_manage_posts")
        fault = self.pages.fault(request, where.id, "", "upload")
        fields, files = await parts_of(request)
        if files.keys() != {"source"}:
            raise refusal(324, "Missing or invalid image file", 1366046)
        identifier = self.pages.next_id()
        self.pages.photos[identifier] = photo_of(where.id, fields, files["source"])
        return await broken(fault) if fault else JSONResponse({"id": identifier})

    async def create_post(self, request: Request) -> Response:
        received_at = time.time()
        where = self.pages.permitted(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        text = fields.get("message", "")
        fault = self.pages.fault(request, where.id, text, "publish")
        self.pages.count(where)
        photos = attached(fields)
        check_feed(fields, photos)
        self.pages.demand_photos(where, photos)
        if not photos and any(
            post.page == where.id and post.form == "feed" and post.text == text
            for post in self.pages.posts.values()
        ):
            words = "Duplicate status message"
            return error(400, 506, words, 1455006, "This status update is identical to the last")
        post = self.pages.publish(request, received_at, where, text, "feed", photos=photos)
        return await broken(fault) if fault else JSONResponse({"id": post.id})

    async def create_photo_story(self, request: Request) -> Response:
        received_at = time.time()
        where = self.pages.permitted(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        if fields.keys() != {"photo_id"}:
            raise refusal(100, "(#100) The parameter photo_id is required")
        fault = self.pages.fault(request, where.id, "", "publish")
        self.pages.count(where)
        photos = [fields["photo_id"]]
        self.pages.demand_photos(where, photos)
        post = self.pages.publish(request, received_at, where, "", "story", photos=photos)
        return await broken(fault) if fault else JSONResponse({"success": True, "post_id": post.id})

    async def show(self, request: Request) -> Response:
        access = self.pages.authority.permitted(request, "pages_read_engagement")
        identifier = request.path_params["id"]
        if identifier == access.account_id:
            return JSONResponse(self.pages.shown(identifier))
        film = self.uploads.films.get(identifier)
        post = self.pages.posts.get(identifier)
        owner = film.page if film else post.page if post else ""
        if owner != access.account_id:
            raise no_such_object(identifier)
        told: dict[str, Any] = {"id": identifier}
        if film:
            told["status"] = film.status
        elif post and post.form == "film":
            told["status"] = {"publishing_phase": {"status": "complete"}}
        if post:
            told |= post.told()
        asked = request.query_params.get("fields", "id").split(",")
        return JSONResponse({name: told[name] for name in {"id", *asked} if name in told})

    async def list_posts(self, request: Request) -> Response:
        where = self.pages.permitted(request, "pages_read_engagement")
        return self._listed(
            request,
            [
                post.told()
                for post in reversed(self.pages.posts.values())
                if post.page == where.id and post.form in {"feed", "film"}
            ],
        )

    async def list_stories(self, request: Request) -> Response:
        where = self.pages.permitted(request, "pages_read_engagement")
        stories = [
            {"id": post.id, "post_id": post.id, "media_id": post.photos[0], "status": "PUBLISHED"}
            for post in reversed(self.pages.posts.values())
            if post.page == where.id and post.form == "story"
        ]
        return self._listed(request, stories)

    async def comment(self, request: Request) -> Response:
        received_at = time.time()
        root = self.pages.own_post(request, "pages_manage_engagement")
        text = str((await request.form()).get("message", ""))
        fault = self.pages.fault(request, root.page, text, "publish")
        if not text.strip() or len(text) > COMMENT:
            raise refusal(100, f"(#100) Param message must be 1 to {COMMENT} characters long")
        where = self.pages.pages[root.page]
        made = self.pages.publish(request, received_at, where, text, "comment", parent=root.id)
        return await broken(fault) if fault else JSONResponse({"id": made.id})

    async def list_comments(self, request: Request) -> Response:
        root = self.pages.own_post(request, "pages_read_user_content")
        found = [one.told() for one in self.pages.posts.values() if one.parent == root.id]
        if request.query_params.get("order") == "reverse_chronological":
            found.reverse()
        return self._listed(request, found)

    async def show_insights(self, request: Request) -> Response:
        access = self.pages.authority.permitted(request, "read_insights")
        if request.path_params["id"] != access.account_id:
            self.pages.own_post(request, "read_insights")
        names = request.query_params.get("metric", "").split(",")
        data = [
            {"name": name, "values": [{"value": number}]}
            for number, name in enumerate(names, start=1)
        ]
        return JSONResponse({"data": data})

    def _listed(self, request: Request, entries: list[dict[str, Any]]) -> Response:
        wish = request.query_params
        start, size = int(wish.get("after", "0")), int(wish.get("limit", "25"))
        fields = {"id", *wish.get("fields", "id").split(",")}
        shown = entries[start : start + size]
        told: dict[str, Any] = {
            "data": [{name: one[name] for name in one if name in fields} for one in shown]
        }
        if shown:
            told["paging"] = {"cursors": {"after": str(start + len(shown))}}
        return JSONResponse(told)

    async def show_page(self, request: Request) -> Response:
        for post in self.pages.posts.values():
            if post.form != "comment" and post.url.endswith(
                f"/posts/{request.path_params['code']}"
            ):
                return page(self.pages.pages[post.page].name, post.text)
        return Response("This content isn't available at the moment", 404)


imitation = Facebook
