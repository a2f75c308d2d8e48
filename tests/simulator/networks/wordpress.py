"""A WordPress site, imitated from developer.wordpress.org/rest-api and its source."""

import base64
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import NoSuchFile, look_at
from tests.simulator.imitation import Habits
from tests.simulator.receipts import Receipt
from tests.simulator.wordpress.answers import broken, error, refusal, refused
from tests.simulator.wordpress.blocks import files_in, text_in
from tests.simulator.world import World, json_of, origin, page

API = "/wp-json/wp/v2"
TYPES = {
    "post": {"rest_base": "posts", "name": "Posts"},
    "page": {"rest_base": "pages", "name": "Pages"},
    "attachment": {"rest_base": "media", "name": "Media"},
    "wp_block": {"rest_base": "blocks", "name": "Patterns"},
}
TERMS = {
    "categories": [{"id": 1, "name": "News", "count": 9}, {"id": 2, "name": "Tea", "count": 2}],
    "tags": [{"id": 7, "name": "green", "count": 4}],
}
STATUSES = {"publish", "draft", "pending", "private", "future"}
UPLOAD_BYTES = 64 * 1024 * 1024
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIELDS: dict[str, type] = {
    "title": str,
    "content": str,
    "slug": str,
    "status": str,
    "featured_media": int,
    "categories": list,
    "tags": list,
}


@dataclass(kw_only=True)
class User:
    id: int
    name: str
    password: str
    role: str = "editor"


@dataclass(kw_only=True)
class WordPress:
    """Many users of one site."""

    habits = Habits(limits=False)

    world: World
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 10

    def __post_init__(self) -> None:
        again: dict[str, Callable[..., object]] = {
            "user": self._add_user,
            "post": self._add_post,
            "file": self._add_file,
        }
        for kind, said in self.world.memory.kept("wordpress"):
            again[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/wp-json/", self.show_site),
            Route(f"{API}/users/me", self.show_me),
            Route(f"{API}/types", self.list_types),
            Route(f"{API}/comments", self.list_comments),
            *(Route(f"{API}/{name}", self.list_terms) for name in TERMS),
            Route(f"{API}/media", self.upload, methods=["POST"]),
            Route(f"{API}/media", self.list_files),
            Route(f"{API}/{{type}}", self.create_post, methods=["POST"]),
            Route(f"{API}/{{type}}", self.list_posts),
            Route("/{slug}/", self.show_page),
        ]

    def new_account(self, origin: str, *, role: str = "editor") -> dict[str, str]:
        """What a person would type who has made an application password."""
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        password = " ".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(6))
        said: dict[str, Any] = {
            "name": f"writer{len(self.users) + 1}",
            "password": password,
            "role": role,
        }
        self.world.memory.keep("wordpress", "user", **said)
        self._add_user(**said)
        return {
            "site": f"{origin}/wordpress",
            "username": said["name"],
            "application_password": password,
        }

    def _add_user(self, name: str, **said: Any) -> None:
        self.users[name] = User(id=len(self.users) + 1, name=name, **said)

    def _caller(self, request: Request) -> User:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            raise refusal(401, "rest_not_logged_in", "You are not currently logged in.")
        name, _, password = base64.b64decode(encoded).decode().partition(":")
        user = self.users.get(name)
        if user is None:
            raise refusal(401, "invalid_username", "Error: The username is not registered here.")
        if user.password.replace(" ", "") != password.replace(" ", ""):
            words = "The provided password is an invalid application password."
            raise refusal(401, "incorrect_password", words)
        return user

    async def create_post(self, request: Request) -> Response:
        received_at = time.time()
        user, wish = self._caller(request), await json_of(request)
        kind = self._type(request)
        content = str(wish.get("content", ""))
        fault = self.world.faults.take("wordpress", content)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, user.password)
        self._check(wish, user)
        said: dict[str, Any] = {
            "post_id": self._next_id(),
            "type": kind,
            "author": user.name,
            "slug": self._free(wish.get("slug") or f"untitled-{self.last_id}"),
            "title": wish.get("title", ""),
            "content": content,
            "status": wish.get("status", "draft"),
            "base": f"{origin(request)}/wordpress",
        }
        self.world.memory.keep("wordpress", "post", **said)
        post = self._add_post(**said)
        shown = [*([wish["featured_media"]] if "featured_media" in wish else [])]
        self.world.receipts.add(
            Receipt(
                network="wordpress",
                account=user.name,
                id=str(said["post_id"]),
                url=post["link"],
                text=text_in(content),
                key=None,
                received_at=received_at,
                media=[self.files[each]["seen"] for each in [*shown, *files_in(content)]],
            )
        )
        if fault:
            return await broken(fault)
        return JSONResponse(post, 201)

    def _type(self, request: Request) -> str:
        kind: str = request.path_params["type"]
        if kind not in {"posts", "pages"}:
            raise refusal(404, "rest_no_route", "No route was found matching the URL and method.")
        return kind

    def _check(self, wish: dict[str, Any], user: User) -> None:
        for name, value in wish.items():
            if not isinstance(value, _FIELDS.get(name, type(None))):
                raise refusal(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
        if not (wish.get("title", "").strip() or wish.get("content", "").strip()):
            raise refusal(400, "empty_content", "Content, title, and excerpt are empty.")
        if wish.get("status", "draft") not in STATUSES:
            raise refusal(400, "rest_invalid_param", "Invalid parameter(s): status")
        if wish.get("status") in {"publish", "private"} and user.role == "contributor":
            words = "Sorry, you are not allowed to publish posts in this post type."
            raise refusal(403, "rest_cannot_publish", words)
        if not _SLUG.fullmatch(wish.get("slug", "a")):
            raise refusal(400, "rest_invalid_param", "Invalid parameter(s): slug")
        named = [*files_in(wish.get("content", "")), wish.get("featured_media", 0)]
        if not {0, *self.files}.issuperset(named):
            raise refusal(400, "rest_invalid_featured_media", "Invalid featured media ID.")
        for name, terms in TERMS.items():
            if not {one["id"] for one in terms}.issuperset(wish.get(name, ())):
                raise refusal(400, "rest_invalid_param", f"Invalid parameter(s): {name}")

    def _free(self, slug: str) -> str:
        """What is taken is changed, not refused."""
        taken = {one["slug"] for one in (*self.posts.values(), *self.files.values())}
        free, number = slug, 1
        while free in taken:
            number += 1
            free = f"{slug}-{number}"
        return free

    def _add_post(
        self, post_id: int, content: str, title: str, base: str, **said: Any
    ) -> dict[str, Any]:
        post = {
            "id": post_id,
            "link": f"{base}/{said['slug']}/",
            "title": {"raw": title},
            "content": {"raw": content},
            **said,
        }
        self.posts[post_id] = post
        self.last_id = max(self.last_id, post_id)
        return post

    def _next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    async def upload(self, request: Request) -> Response:
        user = self._caller(request)
        async with request.form() as form:
            fault = self.world.faults.take("wordpress", str(form.get("alt_text", "")), "upload")
            if fault and fault.kind not in AFTER_ACCEPTING:
                return refused(fault, user.password)
            given = form.get("file")
            if not isinstance(given, UploadFile):
                return error(400, "rest_upload_no_data", "No data supplied.")
            data = await given.read()
            alt_text, slug = str(form.get("alt_text", "")), str(form.get("slug", ""))
        if len(data) > UPLOAD_BYTES:
            return error(413, "rest_upload_file_too_big", "This file is too big.")
        try:
            seen = look_at(data)
        except NoSuchFile:
            words = "Sorry, you are not allowed to upload this file type."
            return error(500, "rest_upload_unknown_error", words)
        said: dict[str, Any] = {
            "file_id": self._next_id(),
            "slug": self._free(slug or f"file-{self.last_id}"),
            "source_url": f"{origin(request)}/wordpress/uploads/{given.filename}",
            "seen": seen.received(alt_text),
        }
        self.world.memory.keep("wordpress", "file", **said)
        file = self._add_file(**said)
        return await broken(fault) if fault else JSONResponse(file, 201)

    def _add_file(self, file_id: int, **said: Any) -> dict[str, Any]:
        self.files[file_id] = {"id": file_id, "status": "inherit", **said}
        self.last_id = max(self.last_id, file_id)
        return self.files[file_id]

    async def list_files(self, request: Request) -> Response:
        self._caller(request)
        wanted = request.query_params.get("slug", "").split(",")
        return _listed([one for one in self.files.values() if one["slug"] in wanted])

    async def list_posts(self, request: Request) -> Response:
        """Those that everybody sees, unless all are asked for."""
        user, kind, wish = self._caller(request), self._type(request), request.query_params
        statuses = STATUSES if wish.get("status") == "any" else {"publish"}
        return _listed(
            [
                post
                for post in self.posts.values()
                if (post["type"] == kind and post["status"] in statuses)
                and ("slug" not in wish or post["slug"] in wish["slug"].split(","))
                and ("author" not in wish or post["author"] == user.name)
            ]
        )

    async def list_comments(self, request: Request) -> Response:
        self._caller(request)
        if int(request.query_params["post"]) not in self.posts:
            return error(404, "rest_post_invalid_id", "Invalid post ID.")
        return _listed([{"id": 1}, {"id": 2}])

    async def list_terms(self, request: Request) -> Response:
        self._caller(request)
        terms = TERMS[request.url.path.rpartition("/")[2]]
        wanted = request.query_params.get("search", "").lower()
        return _listed([one for one in terms if wanted in str(one["name"]).lower()])

    async def list_types(self, request: Request) -> Response:
        self._caller(request)
        return JSONResponse(TYPES)

    async def show_me(self, request: Request) -> Response:
        user = self._caller(request)
        shown = {"id": user.id, "name": user.name.capitalize(), "slug": user.name}
        return JSONResponse({**shown, "username": user.name, "roles": [user.role]})

    async def show_site(self, request: Request) -> Response:
        home = f"{origin(request)}/wordpress"
        return JSONResponse({"name": "Notes on tea", "home": home, "namespaces": ["wp/v2"]})

    async def show_page(self, request: Request) -> Response:
        for post in self.posts.values():
            if post["slug"] == request.path_params["slug"]:
                return page(post["author"], text_in(post["content"]["raw"]))
        return Response("That page cannot be found.", 404)


def _listed(found: list[dict[str, Any]]) -> Response:
    return JSONResponse(found, headers={"X-WP-Total": str(len(found))})


imitation = WordPress
