"""Facebook's API for pages, imitated from developers.facebook.com."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.facebook.films import Film
from tests.simulator.facebook.posts import (
    COMMENT,
    MAXIMUM,
    Photo,
    Post,
    attached,
    check_feed,
    photo_of,
)
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.forms import parts_of
from tests.simulator.imitation import Habits
from tests.simulator.meta.answers import (
    broken,
    error,
    no_such_object,
    refusal,
    refused,
    throttled,
)
from tests.simulator.meta.fetching import fetched
from tests.simulator.meta.people import VERSION, People
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, origin, page

POSTS_ALLOWED = 4800
SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_read_user_content",
    "read_insights",
    "business_management",
)
_HOUR = 3600


@dataclass(kw_only=True)
class Page:
    id: str
    name: str
    calls: RateWindow


@dataclass(kw_only=True)
class Facebook:
    habits: ClassVar[Habits] = Habits(
        tells_rates=False, tells_wait=False, refuses_repeats=True, nests=False
    )

    world: World
    pages: dict[str, Page] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    films: dict[str, Film] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    last_id: int = 100_000_000_000

    def __post_init__(self) -> None:
        self.people = People(
            slug="facebook",
            world=self.world,
            scopes=SCOPES,
            add_page=self._open,
            tell=self._page_shown,
        )
        self.authority = self.people.authority
        remember = {
            "page": self._add_page,
            "post": self._add_post,
            **self.people.remembering(),
        }
        for kind, said in self.world.memory.kept("facebook"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            *self.people.routes(),
            Route(f"/{VERSION}/{{id}}/photos", self.upload_photo, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/feed", self.create_post, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/photo_stories", self.create_photo_story, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/videos", self.upload_film, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/video_reels", self.upload_upright, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/video_stories", self.upload_upright, methods=["POST"]),
            Route("/video-upload/{id}", self.take_address, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/published_posts", self.list_posts),
            Route(f"/{VERSION}/{{id}}/stories", self.list_stories),
            Route(f"/{VERSION}/{{id}}/comments", self.comment, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/comments", self.list_comments),
            Route(f"/{VERSION}/{{id}}/insights", self.show_insights),
            Route(f"/{VERSION}/{{id}}", self.show),
            Route("/{page}/posts/{code}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        pages: dict[str, list[str]] | None = None,
        of_person: bool = False,
    ) -> dict[str, str]:
        """`pages` are those of one person: names, and the person's tasks there.

        `of_person`: their own token, which is good for no page.
        """
        person = self.people.open(pages, posts_allowed=posts_allowed)
        token = self.people.person_token if of_person else self.people.page_token
        return {"server": f"{origin}/facebook", "access_token": token(person)}

    def _open(self, name: str, *, posts_allowed: int = POSTS_ALLOWED) -> str:
        said: dict[str, Any] = {
            "page_id": self._next_id(),
            "name": f"{name} {len(self.pages) + 1}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep("facebook", "page", **said)
        self._add_page(**said)
        return str(said["page_id"])

    def _add_page(self, page_id: str, name: str, posts_allowed: int) -> None:
        calls = RateWindow(limit=posts_allowed, seconds=_HOUR)
        self.pages[page_id] = Page(id=page_id, name=name, calls=calls)
        self.last_id = max(self.last_id, int(page_id))

    def _add_post(self, **said: Any) -> None:
        self.posts[said["id"]] = Post(**said)
        self.last_id = max(self.last_id, int(said["id"].rpartition("_")[2]))

    def _next_id(self) -> str:
        self.last_id = max(self.last_id + 1, int(time.time() * 1_000_000))
        return str(self.last_id)

    def _page_shown(self, page_id: str) -> dict[str, Any]:
        return {
            "id": page_id,
            "name": self.pages[page_id].name,
            "category": "Bakery",
            "picture": {"data": {"url": f"https://scontent.example/{page_id}.jpg"}},
            "followers_count": 12,
        }

    def _page(self, request: Request, scope: str) -> Page:
        """The page in the path, whose token must be shown."""
        access = self.authority.permitted(request, scope)
        named = request.path_params["id"]
        if named != access.account_id or named not in self.pages:
            raise no_such_object(named)
        return self.pages[named]

    def _fault(self, request: Request, account: str, text: str, call: Any) -> Fault | None:
        fault = self.world.faults.take("facebook", text, call)
        if fault and fault.kind not in AFTER_ACCEPTING:
            raise Refusal(refused(fault, account, bearer(request)))
        return fault

    async def upload_photo(self, request: Request) -> Response:
        where = self._page(request, "pages_manage_posts")
        fault = self._fault(request, where.id, "", "upload")
        fields, files = await parts_of(request)
        if files.keys() != {"source"}:
            raise refusal(324, "Missing or invalid image file", 1366046)
        identifier = self._next_id()
        self.photos[identifier] = photo_of(where.id, fields, files["source"])
        return await broken(fault) if fault else JSONResponse({"id": identifier})

    async def create_post(self, request: Request) -> Response:
        received_at = time.time()
        where = self._page(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        text = fields.get("message", "")
        fault = self._fault(request, where.id, text, "publish")
        self._count(where)
        photos = attached(fields)
        check_feed(fields, photos)
        self._demand_photos(where, photos)
        if not photos and any(
            post.page == where.id and post.form == "feed" and post.text == text
            for post in self.posts.values()
        ):
            words = "Duplicate status message"
            return error(400, 506, words, 1455006, "This status update is identical to the last")
        post = self._publish(request, received_at, where, text, "feed", photos=photos)
        return await broken(fault) if fault else JSONResponse({"id": post.id})

    async def create_photo_story(self, request: Request) -> Response:
        received_at = time.time()
        where = self._page(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        if fields.keys() != {"photo_id"}:
            raise refusal(100, "(#100) The parameter photo_id is required")
        fault = self._fault(request, where.id, "", "publish")
        self._count(where)
        photos = [fields["photo_id"]]
        self._demand_photos(where, photos)
        post = self._publish(request, received_at, where, "", "story", photos=photos)
        return await broken(fault) if fault else JSONResponse({"success": True, "post_id": post.id})

    def _count(self, where: Page) -> None:
        if not where.calls.take():
            words = "(#32) Page request limit reached"
            seconds = int(where.calls.ends_at - time.time())
            raise Refusal(throttled(where.id, 32, words, seconds))

    def _demand_photos(self, where: Page, photos: list[str]) -> None:
        for one in photos:
            photo = self.photos.get(one)
            if photo is None or photo.page != where.id or photo.is_shown:
                raise refusal(100, f"(#100) {one} is no unpublished photo of the page")
        for one in photos:
            self.photos[one].is_shown = True

    def _publish(
        self,
        request: Request,
        received_at: float,
        where: Page,
        text: str,
        form: str,
        *,
        identifier: str = "",
        parent: str | None = None,
        photos: list[str] | None = None,
        media: list[dict[str, Any]] | None = None,
    ) -> Post:
        code = secrets.token_hex(6)
        url = f"{origin(request)}/facebook/{where.id}/posts/{code}"
        said: dict[str, Any] = {
            "id": identifier or f"{(parent or where.id).rpartition('_')[2]}_{self._next_id()}",
            "page": where.id,
            "text": text,
            "form": form,
            "made_at": time.time(),
            "url": self.posts[parent].url if parent else url,
            "parent": parent,
            "photos": photos or [],
        }
        self.world.memory.keep("facebook", "post", **said)
        self._add_post(**said)
        shown = [self.photos[one].seen.received(self.photos[one].alt_text) for one in photos or ()]
        self.world.receipts.add(
            Receipt(
                network="facebook",
                account=where.id,
                id=said["id"],
                url=said["url"],
                text=text,
                key=identifier or None,
                received_at=received_at,
                parent=parent,
                media=media or shown,
            )
        )
        return self.posts[said["id"]]

    async def upload_film(self, request: Request) -> Response:
        received_at = time.time()
        where = self._page(request, "pages_manage_posts")
        fields, files = await parts_of(request)
        phase = fields.get("upload_phase")
        if phase == "start":
            fault = self._fault(request, where.id, "", "upload")
            film = Film(
                id=self._next_id(), page=where.id, edge="videos", size=int(fields["file_size"])
            )
            self.films[film.id] = film
            told = {"video_id": film.id, "upload_session_id": film.session}
            return await broken(fault) if fault else JSONResponse({**told, **film.wanted_next()})
        film = self._film(where, session=fields.get("upload_session_id", ""))
        if phase == "transfer":
            if "video_file_chunk" not in files:
                raise refusal(100, "(#100) The parameter video_file_chunk is required")
            film.take(fields.get("start_offset", ""), files["video_file_chunk"])
            return JSONResponse(film.wanted_next())
        return await self._finish(request, received_at, where, film, fields)

    async def upload_upright(self, request: Request) -> Response:
        received_at = time.time()
        where = self._page(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        edge = request.url.path.rpartition("/")[2]
        if fields.get("upload_phase") == "start":
            fault = self._fault(request, where.id, "", "upload")
            film = Film(id=self._next_id(), page=where.id, edge=edge)
            self.films[film.id] = film
            address = f"{origin(request)}/facebook/video-upload/{film.id}"
            told = {"video_id": film.id, "upload_url": address}
            return await broken(fault) if fault else JSONResponse(told)
        if fields.get("video_state") != "PUBLISHED":
            raise refusal(100, "(#100) Param video_state must be PUBLISHED")
        film = self._film(where, identifier=fields.get("video_id", ""))
        return await self._finish(request, received_at, where, film, fields)

    async def take_address(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        film = self.films.get(request.path_params["id"])
        access = self.people.grants.access(token) if scheme == "OAuth" else None
        if film is None or access is None or access.account_id != film.page:
            raise refusal(190, "Invalid OAuth access token", status=401)
        film.seen = await fetched(request.headers.get("file_url", ""))
        film.judge()
        return JSONResponse({"success": True})

    async def _finish(
        self,
        request: Request,
        received_at: float,
        where: Page,
        film: Film,
        fields: dict[str, str],
    ) -> Response:
        text = fields.get("description", "")
        fault = self._fault(request, where.id, text, "publish")
        self._count(where)
        if fields.get("upload_phase") != "finish" or len(text) > MAXIMUM:
            raise refusal(100, "(#100) Invalid parameter")
        if film.edge == "video_stories" and text:
            raise refusal(100, "(#100) Unexpected parameter: description")
        film.demand_finished()
        assert film.seen is not None
        film.post = film.id
        self._publish(
            request,
            received_at,
            where,
            text,
            "film",
            identifier=film.id,
            media=[film.seen.received()],
        )
        if fault:
            return await broken(fault)
        return JSONResponse({"success": True, "post_id": film.id})

    def _film(self, where: Page, *, session: str = "", identifier: str = "") -> Film:
        for film in self.films.values():
            if film.page == where.id and (film.session == session or film.id == identifier):
                return film
        raise no_such_object(session or identifier)

    async def show(self, request: Request) -> Response:
        access = self.authority.permitted(request, "pages_read_engagement")
        identifier = request.path_params["id"]
        if identifier == access.account_id:
            return JSONResponse(self._page_shown(identifier))
        film = self.films.get(identifier)
        post = self.posts.get(identifier)
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
        where = self._page(request, "pages_read_engagement")
        return self._listed(
            request,
            [
                post.told()
                for post in reversed(self.posts.values())
                if post.page == where.id and post.form in {"feed", "film"}
            ],
        )

    async def list_stories(self, request: Request) -> Response:
        where = self._page(request, "pages_read_engagement")
        stories = [
            {"id": post.id, "post_id": post.id, "media_id": post.photos[0], "status": "PUBLISHED"}
            for post in reversed(self.posts.values())
            if post.page == where.id and post.form == "story"
        ]
        return self._listed(request, stories)

    async def comment(self, request: Request) -> Response:
        received_at = time.time()
        root = self._own_post(request, "pages_manage_engagement")
        text = str((await request.form()).get("message", ""))
        fault = self._fault(request, root.page, text, "publish")
        if not text.strip() or len(text) > COMMENT:
            raise refusal(100, f"(#100) Param message must be 1 to {COMMENT} characters long")
        where = self.pages[root.page]
        made = self._publish(request, received_at, where, text, "comment", parent=root.id)
        return await broken(fault) if fault else JSONResponse({"id": made.id})

    async def list_comments(self, request: Request) -> Response:
        root = self._own_post(request, "pages_read_user_content")
        found = [one.told() for one in self.posts.values() if one.parent == root.id]
        if request.query_params.get("order") == "reverse_chronological":
            found.reverse()
        return self._listed(request, found)

    async def show_insights(self, request: Request) -> Response:
        access = self.authority.permitted(request, "read_insights")
        if request.path_params["id"] != access.account_id:
            self._own_post(request, "read_insights")
        names = request.query_params.get("metric", "").split(",")
        data = [
            {"name": name, "values": [{"value": number}]}
            for number, name in enumerate(names, start=1)
        ]
        return JSONResponse({"data": data})

    def _own_post(self, request: Request, scope: str) -> Post:
        access = self.authority.permitted(request, scope)
        post = self.posts.get(request.path_params["id"])
        if post is None or post.page != access.account_id:
            raise no_such_object(request.path_params["id"])
        return post

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
        for post in self.posts.values():
            if post.form != "comment" and post.url.endswith(
                f"/posts/{request.path_params['code']}"
            ):
                return page(self.pages[post.page].name, post.text)
        return Response("This content isn't available at the moment", 404)


imitation = Facebook
