"""Containers, as Instagram and Threads keep them: made, worked on, published once."""

import secrets
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import Seen
from tests.simulator.meta.answers import broken, no_such_object, refusal, refused
from tests.simulator.meta.authority import MetaAuthority
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import World, bearer, origin

A_DAY = 86_400
PICTURE_TAKES, FILM_TAKES = 0.02, 0.1
_PAGE = 25


@dataclass(kw_only=True)
class Owner:
    """An account; what it has published within a day is counted, replies for themselves."""

    id: str
    username: str
    posts: RateWindow
    replies: RateWindow


@dataclass(kw_only=True)
class Container:
    """`problem` is why nothing can come of it, told when it has been worked on."""

    id: str
    owner: str
    text: str
    form: str
    parent: str | None = None
    is_item: bool = False
    media: list[dict[str, Any]] = field(default_factory=list)
    ready_at: float = 0.0
    problem: str = ""
    post: str = ""

    @property
    def status(self) -> str:
        if self.post:
            return "PUBLISHED"
        if time.time() < self.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if self.problem else "FINISHED"


@dataclass(kw_only=True)
class Post:
    id: str
    owner: str
    text: str
    form: str
    made_at: float
    url: str
    container: str
    parent: str | None = None


@dataclass(kw_only=True)
class ContainerNetwork(ABC):
    """What is one network's alone is in its class: its names of things, and its rules."""

    slug: ClassVar[str]
    publish_scope: ClassVar[str]
    status_field: ClassVar[str]
    reason_field: ClassVar[str]
    words_field: ClassVar[str]
    day_is_full: ClassVar[tuple[int, int | None]]

    world: World
    owners: dict[str, Owner] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    last_id: int = 17_000_000_000_000_000

    authority: MetaAuthority = field(init=False)

    @abstractmethod
    async def container_of(self, fields: dict[str, str], owner: Owner) -> Container:
        """What the fields make, or a refusal."""

    def next_id(self) -> str:
        self.last_id = max(self.last_id + 1, int(time.time() * 1_000_000))
        return str(self.last_id)

    def add_owner(self, *, account_id: str, username: str, posts_allowed: int) -> None:
        self.owners[account_id] = Owner(
            id=account_id,
            username=username,
            posts=RateWindow(limit=posts_allowed, seconds=A_DAY),
            replies=RateWindow(limit=1000, seconds=A_DAY),
        )
        self.last_id = max(self.last_id, int(account_id))

    def add_post(self, **said: Any) -> None:
        self.posts[said["id"]] = Post(**said)
        self.containers[said["container"]] = Container(
            id=said["container"],
            owner=said["owner"],
            text=said["text"],
            form=said["form"],
            post=said["id"],
        )
        self.last_id = max(self.last_id, int(said["id"]))

    def owner(self, request: Request, scope: str) -> Owner:
        """Of the account in the path, whose token must be shown."""
        access = self.authority.permitted(request, scope)
        named = request.path_params["id"]
        if named != access.account_id or named not in self.owners:
            raise no_such_object(named)
        return self.owners[named]

    async def make(self, request: Request) -> Response:
        owner = self.owner(request, self.publish_scope)
        fault = self.world.faults.take(self.slug, "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, owner.id, bearer(request))
        fields = {name: str(value) for name, value in (await request.form()).items()}
        made = await self.container_of(fields, owner)
        self.containers[made.id] = made
        if fault:
            return await broken(fault)
        return JSONResponse({"id": made.id})

    async def publish(self, request: Request) -> Response:
        received_at = time.time()
        owner = self.owner(request, self.publish_scope)
        fields = dict((await request.form()).items())
        if fields.keys() != {"creation_id"}:
            raise refusal(100, "(#100) The parameter creation_id is required.")
        container = self.containers.get(str(fields["creation_id"]))
        if container is None or container.owner != owner.id or container.is_item:
            raise refusal(24, "The requested resource does not exist", 2207006)
        fault = self.world.faults.take(self.slug, container.text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, owner.id, bearer(request))
        if container.post:
            self.world.receipts.repeated(self.slug, container.post)
            raise refusal(24, "The media builder does not exist", 2207008)
        if container.status != "FINISHED":
            raise refusal(9007, "Media ID is not available", 2207027)
        if not (owner.replies if container.parent else owner.posts).take():
            code, subcode = self.day_is_full
            raise refusal(code, "Application request limit reached", subcode, status=403)
        post = self._published(container, owner, request, received_at)
        return await broken(fault) if fault else JSONResponse({"id": post.id})

    def _published(
        self, container: Container, owner: Owner, request: Request, received_at: float
    ) -> Post:
        identifier = self.next_id()
        said: dict[str, Any] = {
            "id": identifier,
            "owner": owner.id,
            "text": container.text,
            "form": container.form,
            "made_at": time.time(),
            "url": self.address(origin(request), owner, secrets.token_urlsafe(8)),
            "container": container.id,
            "parent": container.parent,
        }
        self.world.memory.keep(self.slug, "post", **said)
        container.post = identifier
        self.posts[identifier] = Post(**said)
        self.world.receipts.add(
            Receipt(
                network=self.slug,
                account=owner.id,
                id=identifier,
                url=said["url"],
                text=container.text,
                key=container.id,
                received_at=received_at,
                parent=container.parent,
                media=container.media,
            )
        )
        return self.posts[identifier]

    @abstractmethod
    def address(self, origin: str, owner: Owner, code: str) -> str:
        """Of a new post."""

    def shown(self, identifier: str, request: Request, scope: str) -> Response:
        """A container or a post of whoever asks."""
        access = self.authority.permitted(request, scope)
        fields = request.query_params.get("fields", "id").split(",")
        container = self.containers.get(identifier)
        if container is not None and container.owner == access.account_id:
            told = {
                "id": identifier,
                self.status_field: container.status,
                self.reason_field: self.reason(container),
            }
            return _chosen(told, fields)
        post = self.posts.get(identifier)
        if post is None or post.owner != access.account_id:
            raise no_such_object(identifier)
        return _chosen(self.told(post), fields)

    def fill_carousel(self, container: Container, children: str, most: int) -> None:
        named = children.split(",")
        if not 2 <= len(named) <= most:
            raise refusal(100, f"A carousel has between 2 and {most} children", 2207028)
        for one in named:
            item = self.containers.get(one)
            if item is None or item.owner != container.owner or not item.is_item or item.post:
                raise refusal(100, f"{one} is no item of a carousel")
            if item.status != "FINISHED":
                raise refusal(9007, "Media ID is not available", 2207027)
            container.media += item.media
            item.post = "-"

    def reason(self, container: Container) -> str:
        return container.problem

    def told(self, post: Post) -> dict[str, Any]:
        made = datetime.fromtimestamp(post.made_at, UTC)
        return {
            "id": post.id,
            self.words_field: post.text,
            "timestamp": f"{made:%Y-%m-%dT%H:%M:%S}+0000",
            "permalink": post.url,
        }

    def listed(self, request: Request, owner: Owner, posts: list[Post]) -> Response:
        """Newest first, a page at a time."""
        wish = request.query_params
        fields = wish.get("fields", "id").split(",")
        below, size = int(wish.get("after", self.last_id + 1)), int(wish.get("limit", _PAGE))
        found = [
            post for post in reversed(posts) if post.owner == owner.id and int(post.id) < below
        ][:size]
        told: dict[str, Any] = {
            "data": [
                {name: one[name] for name in fields if name in one} for one in map(self.told, found)
            ]
        }
        if found:
            told["paging"] = {"cursors": {"before": found[0].id, "after": found[-1].id}}
        return JSONResponse(told)


def _chosen(told: dict[str, Any], fields: list[str]) -> Response:
    for name in fields:
        if name not in told:
            raise refusal(100, f"(#100) Tried accessing nonexisting field ({name})")
    return JSONResponse({"id": told["id"], **{name: told[name] for name in fields}})


def demand_picture(
    seen: Seen, formats: tuple[str, ...], max_bytes: int, least: float, most: float
) -> None:
    if seen.mime_type not in formats:
        raise refusal(36001, "The image format is not supported.", 2207005)
    if seen.size > max_bytes:
        raise refusal(36000, "The image size is too large.", 2207004)
    assert seen.width is not None
    assert seen.height is not None
    if not least - 0.005 <= seen.width / seen.height <= most + 0.005:
        raise refusal(36003, "The aspect ratio is not supported.", 2207009)


def problem_of_film(seen: Seen, max_bytes: int, least: float, most: float) -> str:
    """As it is told of a container that nothing can come of; nothing where something can."""
    if seen.mime_type not in {"video/mp4", "video/quicktime"}:
        return "Error: Media upload has failed with error code 2207026"
    assert seen.width
    is_good = (
        seen.size <= max_bytes
        and least <= seen.seconds + 0.05
        and seen.seconds <= most + 0.5
        and 22.9 <= seen.fps <= 60.1
        and seen.width <= 1920
    )
    return "" if is_good else "Error: Media upload has failed with error code 2207026"
