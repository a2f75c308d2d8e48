"""Pages of Facebook: whose they are, and what stands on them."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from tests.simulator.facebook.posts import Photo, Post
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.meta.answers import no_such_object, refusal, refused, throttled
from tests.simulator.meta.people import People
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, origin

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
class Pages:
    world: World
    pages: dict[str, Page] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    last_id: int = 100_000_000_000

    def __post_init__(self) -> None:
        self.people = People(
            slug="facebook",
            world=self.world,
            scopes=SCOPES,
            add_page=self._open,
            tell=self.shown,
        )
        self.authority = self.people.authority
        remember: dict[str, Callable[..., None]] = {
            "page": self._add_page,
            "post": self._add_post,
            **self.people.remembering(),
        }
        for kind, said in self.world.memory.kept("facebook"):
            remember[kind](**said)

    def _open(self, name: str, *, posts_allowed: int = POSTS_ALLOWED) -> str:
        said: dict[str, Any] = {
            "page_id": self.next_id(),
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

    def next_id(self) -> str:
        self.last_id = max(self.last_id + 1, int(time.time() * 1_000_000))
        return str(self.last_id)

    def shown(self, page_id: str) -> dict[str, Any]:
        return {
            "id": page_id,
            "name": self.pages[page_id].name,
            "category": "Bakery",
            "picture": {"data": {"url": f"https://scontent.example/{page_id}.jpg"}},
            "followers_count": 12,
        }

    def permitted(self, request: Request, scope: str) -> Page:
        """The page in the path, whose token must be shown."""
        access = self.authority.permitted(request, scope)
        named = request.path_params["id"]
        if named != access.account_id or named not in self.pages:
            raise no_such_object(named)
        return self.pages[named]

    def fault(self, request: Request, account: str, text: str, call: Any) -> Fault | None:
        fault = self.world.faults.take("facebook", text, call)
        if fault and fault.kind not in AFTER_ACCEPTING:
            raise Refusal(refused(fault, account, bearer(request)))
        return fault

    def count(self, where: Page) -> None:
        if not where.calls.take():
            words = "(#32) Page request limit reached"
            seconds = int(where.calls.ends_at - time.time())
            raise Refusal(throttled(where.id, 32, words, seconds))

    def demand_photos(self, where: Page, photos: list[str]) -> None:
        for one in photos:
            photo = self.photos.get(one)
            if photo is None or photo.page != where.id or photo.is_shown:
                raise refusal(100, f"(#100) {one} is no unpublished photo of the page")
        for one in photos:
            self.photos[one].is_shown = True

    def publish(
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
            "id": identifier or f"{(parent or where.id).rpartition('_')[2]}_{self.next_id()}",
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

    def own_post(self, request: Request, scope: str) -> Post:
        access = self.authority.permitted(request, scope)
        post = self.posts.get(request.path_params["id"])
        if post is None or post.page != access.account_id:
            raise no_such_object(request.path_params["id"])
        return post
