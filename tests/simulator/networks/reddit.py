"""Reddit's API and site, imitated from reddit.com/dev/api and from what praw-dev/praw expects."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Grants
from tests.simulator.own_application import typed
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.reddit.answers import broken, done, error, errors, refused, throttled
from tests.simulator.reddit.submissions import (
    SUBREDDITS,
    Asset,
    Comment,
    Invalid,
    Submission,
    check,
    check_comment,
    items_of,
    subreddit_of,
)
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page

POSTS_ALLOWED = 1000
_SCOPES = ("identity", "read", "submit", "flair", "history", "mysubreddits")
_BUCKET = "/bucket"
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class User:
    id: str
    name: str
    posts: RateWindow


@dataclass(kw_only=True)
class Reddit:
    world: World
    users: dict[str, User] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(network="reddit", world=self.world, lives=86_400.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset(_SCOPES),
            open_account=lambda _: self._open(POSTS_ALLOWED).id,
            by_header=True,
            challenges=False,
            rotates=False,
            demands={"duration": "permanent"},
            refuses_softly=True,
        )
        remember: dict[str, Callable[..., None]] = {
            "user": self._add_user,
            "submission": self._add_submission,
            "comment": self._add_comment,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("reddit"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/api/v1/authorize", self.authority.authorize),
            Route("/api/v1/access_token", self.authority.token, methods=["POST"]),
            Route("/api/v1/revoke_token", self.authority.revoke, methods=["POST"]),
            Route("/api/v1/me", self.show_me),
            Route("/api/v1/{subreddit}/post_requirements", self.show_requirements),
            Route("/api/media/asset.json", self.lease, methods=["POST"]),
            Route(_BUCKET, self.take_file, methods=["POST"]),
            Route("/api/submit", self.submit, methods=["POST"]),
            Route("/api/submit_gallery_post.json", self.submit_gallery, methods=["POST"]),
            Route("/api/comment", self.comment, methods=["POST"]),
            Route("/api/info", self.show_info),
            Route("/r/{subreddit}/api/link_flair_v2", self.list_flairs),
            Route("/subreddits/mine/subscriber", self.list_subreddits),
            Route("/subreddits/search", self.list_subreddits),
            Route("/user/{name}/{kind}", self.list_own),
            Route("/comments/{link}/", self.show_page),
            Route("/comments/{link}/_/{comment}/", self.show_page),
        ]

    def new_account(
        self, origin: str, *, posts_allowed: int = POSTS_ALLOWED, renews: bool = True
    ) -> dict[str, str]:
        """What a person would type who has an application of their own."""
        user = self._open(posts_allowed)
        return typed(self.grants, f"{origin}/reddit", user.id, _SCOPES, renews=renews)

    def _open(self, posts_allowed: int) -> User:
        said: dict[str, Any] = {
            "user_id": _id(),
            "name": f"redditor_{len(self.users) + 1}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep("reddit", "user", **said)
        self._add_user(**said)
        return self.users[said["user_id"]]

    def _add_user(self, user_id: str, name: str, posts_allowed: int) -> None:
        posts = RateWindow(limit=posts_allowed, seconds=600)
        self.users[user_id] = User(id=user_id, name=name, posts=posts)

    async def submit(self, request: Request) -> Response:
        """A picture or a film is worked on, and has no id before that."""
        wish = await _form(request)
        is_shown = wish.get("kind") in {"image", "video", "videogif"}
        user, fault = self._begin(request, str(wish.get("text", "")))
        try:
            check(wish, user.name, is_gallery=False)
            seen = self._attached(wish, user) if is_shown else []
        except Invalid as invalid:
            return errors(*invalid.args)
        submission = self._accept(request, user, wish, seen, hidden=int(is_shown and not fault))
        if fault:
            return await broken(fault)
        if is_shown:
            place = f"{origin(request)}/reddit/user/{user.name}/submitted/"
            told = {"user_submitted_page": place, "websocket_url": "wss://ws.example/lost"}
            return done(told, user.posts)
        url = f"{origin(request)}/reddit/comments/{submission.name[3:]}/"
        named = {"id": submission.name[3:], "name": submission.name}
        return done({"url": url, "drafts_count": 0, **named}, user.posts)

    async def submit_gallery(self, request: Request) -> Response:
        wish = await json_of(request)
        user, fault = self._begin(request, str(wish.get("text", "")))
        try:
            check(wish, user.name, is_gallery=True)
            seen = [self._picture(one, user) for one in items_of(wish)]
        except Invalid as invalid:
            return errors(*invalid.args)
        submission = self._accept(request, user, wish, seen, hidden=0)
        if fault:
            return await broken(fault)
        url = f"{origin(request)}/reddit/gallery/{submission.name[3:]}"
        return done({"url": url, "id": submission.name}, user.posts)

    async def comment(self, request: Request) -> Response:
        received_at = time.time()
        wish = await _form(request)
        user, fault = self._begin(request, wish.get("text", ""))
        try:
            check_comment(wish)
        except Invalid as invalid:
            return errors(*invalid.args)
        parent = wish["thing_id"]
        above = self.submissions.get(parent) or self.comments.get(parent)
        if above is None:
            return errors("DELETED_COMMENT", "that comment has been deleted", "parent")
        said: dict[str, Any] = {
            "name": f"t1_{_id()}",
            "owner": user.name,
            "parent": parent,
            "link": above.link if isinstance(above, Comment) else above.name,
            "text": wish["text"],
            "created_at": time.time(),
        }
        self.world.memory.keep("reddit", "comment", **said)
        self._add_comment(**said)
        place = f"/reddit/comments/{said['link'][3:]}/_/{said['name'][3:]}/"
        self._acknowledge(request, said, place, received_at, parent=parent)
        if fault:
            return await broken(fault)
        things = [{"kind": "t1", "data": self.comments[said["name"]].shown()}]
        return done({"things": things}, user.posts)

    def _begin(self, request: Request, text: str) -> tuple[User, Fault | None]:
        """Who it is, and what is to go wrong once it was accepted."""
        user = self._caller(request, "submit")
        fault = self.world.faults.take("reddit", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            raise Refusal(refused(fault, user.posts, bearer(request)))
        if not user.posts.take():
            raise Refusal(throttled(user.posts))
        return user, fault

    def _attached(self, wish: dict[str, Any], user: User) -> list[Seen]:
        """Raises Invalid."""
        if wish["kind"] == "image":
            return [self._picture(wish["url"].rpartition("/")[2], user)]
        film = self._file(wish["url"].rpartition("/")[2], user)
        self._picture(wish.get("video_poster_url", "").rpartition("/")[2], user)
        if not film.mime_type.startswith("video/") or not 2 <= film.seconds <= 900:
            raise Invalid("VIDEO_INVALID", "that video cannot be shown", "url")
        return [film]

    def _picture(self, asset_id: str, user: User) -> Seen:
        seen = self._file(asset_id, user)
        if seen.mime_type not in _PICTURES or seen.size > 20 * 1024 * 1024:
            raise Invalid("IMAGE_INVALID", "that image cannot be shown", "url")
        return seen

    def _file(self, asset_id: str, user: User) -> Seen:
        asset = self.assets.get(asset_id)
        if asset is None or asset.owner != user.name or asset.seen is None:
            raise Invalid("IMAGE_INVALID", "that file cannot be shown", "url")
        return asset.seen

    def _accept(
        self, request: Request, user: User, wish: dict[str, Any], seen: list[Seen], hidden: int
    ) -> Submission:
        said: dict[str, Any] = {
            "name": f"t3_{_id()}",
            "owner": user.name,
            "subreddit": wish["sr"],
            "title": wish["title"],
            "text": str(wish.get("text", "")),
            "created_at": time.time(),
        }
        self.world.memory.keep("reddit", "submission", **said)
        self._add_submission(**said, hidden=hidden)
        place = f"/reddit/comments/{said['name'][3:]}/"
        media = [one.received() for one in seen]
        self._acknowledge(request, said, place, said["created_at"], media=media)
        return self.submissions[said["name"]]

    def _acknowledge(
        self, request: Request, said: dict[str, Any], place: str, received_at: float, **more: Any
    ) -> None:
        self.world.receipts.add(
            Receipt(
                network="reddit",
                account=said["owner"],
                id=said["name"],
                url=f"{origin(request)}{place}",
                text=said["text"],
                key=None,
                received_at=received_at,
                **more,
            )
        )

    def _add_submission(self, **said: Any) -> None:
        self.submissions[said["name"]] = Submission(**said)

    def _add_comment(self, **said: Any) -> None:
        self.comments[said["name"]] = Comment(**said)

    async def lease(self, request: Request) -> Response:
        user = self._caller(request, "submit")
        fault = self.world.faults.take("reddit", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, user.posts, bearer(request))
        wish = await _form(request)
        if wish.keys() != {"filepath", "mimetype"}:
            return error(400, "Bad Request")
        asset_id = _id()
        form = {"key": f"rte_images/{asset_id}", "Content-Type": wish["mimetype"]}
        self.assets[asset_id] = Asset(owner=user.name, form=form)
        if fault:
            return await broken(fault)
        fields = [{"name": name, "value": value} for name, value in form.items()]
        action = f"{origin(request)}/reddit{_BUCKET}"
        asset = {"asset_id": asset_id, "processing_state": "incomplete", "payload": {}}
        return JSONResponse({"args": {"action": action, "fields": fields}, "asset": asset})

    async def take_file(self, request: Request) -> Response:
        """As S3 takes a form: no token, all fields as they were told, the file the last of them."""
        if "authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400)
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            asset = self.assets.get(fields.get("key", "").rpartition("/")[2])
            file = form.get("file")
            if asset is None or fields != asset.form or not isinstance(file, UploadFile):
                return Response("<Error><Code>AccessDenied</Code></Error>", 403)
            data = await file.read()
        try:
            asset.seen = look_at(data)
        except NoSuchFile:
            asset.seen = None
        return Response("<PostResponse></PostResponse>", 201, media_type="application/xml")

    def _caller(self, request: Request, scope: str) -> User:
        access = self.authority.caller(request)
        if access is None:
            raise Refusal(error(401, "Unauthorized"))
        if scope not in access.scopes:
            raise Refusal(error(403, "Forbidden", reason="insufficient scope"))
        return self.users[access.account_id]

    async def show_me(self, request: Request) -> Response:
        user = self._caller(request, "identity")
        own = {"title": user.name.capitalize(), "subscribers": 3}
        karma = {"total_karma": 50, "link_karma": 40, "comment_karma": 10}
        return JSONResponse({"id": user.id, "name": user.name, "subreddit": own, **karma})

    async def list_own(self, request: Request) -> Response:
        user = self._caller(request, "history")
        kind, name = request.path_params["kind"], request.path_params["name"]
        if name != user.name or kind not in {"submitted", "comments"}:
            return error(404, "Not Found")
        found = self._comments_of(user) if kind == "comments" else self._submissions_of(user)
        start = int(request.query_params.get("after", "0"))
        end = start + min(100, int(request.query_params.get("limit", "25")))
        newest = found[::-1]
        children = [{"kind": kind, "data": one} for one in newest[start:end]]
        after = str(end) if end < len(newest) else None
        return JSONResponse({"kind": "Listing", "data": {"children": children, "after": after}})

    def _comments_of(self, user: User) -> list[dict[str, Any]]:
        return [one.shown() for one in self.comments.values() if one.owner == user.name]

    def _submissions_of(self, user: User) -> list[dict[str, Any]]:
        """But for those that are worked on; the next list has them."""
        own = [one for one in self.submissions.values() if one.owner == user.name]
        shown = [one.shown() for one in own if not one.hidden]
        for one in own:
            one.hidden = max(0, one.hidden - 1)
        return shown

    async def show_info(self, request: Request) -> Response:
        self._caller(request, "read")
        one = self.submissions.get(request.query_params.get("id", ""))
        children = [{"kind": "t3", "data": one.shown()}] if one else []
        return JSONResponse({"kind": "Listing", "data": {"children": children}})

    async def list_flairs(self, request: Request) -> Response:
        user = self._caller(request, "flair")
        subreddit = self._subreddit(request, user)
        told = [{"id": key, "text": text} for key, text in subreddit.flairs.items()]
        return JSONResponse(told)

    async def show_requirements(self, request: Request) -> Response:
        user = self._caller(request, "submit")
        subreddit = self._subreddit(request, user)
        told = {"title_text_max_length": 300, "is_flair_required": subreddit.demands_flair}
        return JSONResponse({**told, "body_restriction_policy": "none"})

    def _subreddit(self, request: Request, user: User) -> Any:
        try:
            return subreddit_of(request.path_params["subreddit"], user.name)
        except Invalid as invalid:
            raise Refusal(error(404, "Not Found")) from invalid

    async def list_subreddits(self, request: Request) -> Response:
        is_search = request.url.path.endswith("/search")
        self._caller(request, "read" if is_search else "mysubreddits")
        wanted = request.query_params.get("q", "") if is_search else ""
        found = [{"display_name": one, "subscribers": 9} for one in SUBREDDITS if wanted in one]
        children = [{"kind": "t5", "data": one} for one in found]
        return JSONResponse({"kind": "Listing", "data": {"children": children}})

    async def show_page(self, request: Request) -> Response:
        wanted = request.path_params
        shown = self.submissions.get(f"t3_{wanted['link']}")
        below = self.comments.get(f"t1_{wanted.get('comment', '')}")
        if shown is None:
            return Response("page not found", 404)
        return page(shown.owner, f"{shown.text}\n{below.text if below else ''}")


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _id() -> str:
    return "1" + "".join(secrets.choice(_DIGITS) for _ in range(8))


imitation = Reddit
