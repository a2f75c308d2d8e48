"""LinkedIn's API and site, imitated from learn.microsoft.com/linkedin."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.imitation import Habits
from tests.simulator.linkedin.answers import broken, duplicate, error, refused, throttled
from tests.simulator.linkedin.comments import Comments
from tests.simulator.linkedin.posts import MAXIMUM, Misread, fault_of, length, read
from tests.simulator.linkedin.statistics import Statistics
from tests.simulator.linkedin.uploads import Uploads
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Access, Grants
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page

POSTS_ALLOWED = 150
SCOPES = ("openid", "profile", "w_member_social", "rw_organization_admin", "w_organization_social")
_OLDEST = "202512"
_PERSON, _ORGANIZATION = "urn:li:person:", "urn:li:organization:"


@dataclass(kw_only=True)
class Member:
    """`organizations` by their ids: what they are called, and what the member is to them."""

    id: str
    name: str
    calls: RateWindow
    organizations: dict[str, dict[str, str]] = field(default_factory=dict)

    def speaks_for(self, author: str) -> bool:
        runs = {
            f"{_ORGANIZATION}{one}"
            for one, told in self.organizations.items()
            if told["role"] in {"ADMINISTRATOR", "CONTENT_ADMINISTRATOR"}
        }
        return author in {f"{_PERSON}{self.id}", *runs}


@dataclass(kw_only=True)
class LinkedIn:
    habits = Habits(tells_rates=False, tells_wait=False, refuses_repeats=True, nests=False)

    world: World
    members: dict[str, Member] = field(default_factory=dict)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 0

    def __post_init__(self) -> None:
        self.grants = Grants(network="linkedin", world=self.world, lives=60 * 86_400.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset(SCOPES),
            open_account=lambda _: self._open().id,
            by_header=False,
            challenges=False,
            rotates=False,
            tells_between=",",
            denied="user_cancelled_authorize",
        )
        self.uploads = Uploads(
            world=self.world,
            demand=self._demand_author,
            known=self._versioned_or_not,
            next_id=self._next_id,
        )
        self.comments = Comments(
            world=self.world, posts=self.posts, demand=self._demand_author, next_id=self._next_id
        )
        self.statistics = Statistics(posts=self.posts, demand=self._demand_organization)
        remember: dict[str, Callable[..., None]] = {
            "member": self._add_member,
            "post": self._add_post,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("linkedin"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/v2/authorization", self.authority.authorize),
            Route("/oauth/v2/accessToken", self.authority.token, methods=["POST"]),
            Route("/v2/userinfo", self.show_member),
            Route("/rest/organizationAcls", self.list_roles),
            Route("/rest/organizations/{id}", self.show_organization),
            Route("/rest/posts", self.create_post, methods=["POST"]),
            *self.uploads.routes(),
            *self.comments.routes(),
            *self.statistics.routes(),
            Route("/feed/update/{urn}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        organizations: dict[str, str] | None = None,
        renews: bool = True,
    ) -> dict[str, str]:
        """What a person would type who has an application of their own.

        `organizations` are names and roles.
        """
        member = self._open(posts_allowed=posts_allowed, organizations=organizations)
        client_id, secret = self.grants.register()
        given = self.grants.give(member.id, client_id, SCOPES, refreshes=renews)
        return {
            "server": f"{origin}/linkedin",
            "access_token": given.token,
            **({"refresh_token": given.refresh_token} if given.refresh_token else {}),
            "own_client_id": client_id,
            "own_client_secret": secret,
        }

    def _open(
        self,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        organizations: dict[str, str] | None = None,
    ) -> Member:
        named = organizations or {}
        said: dict[str, Any] = {
            "member_id": secrets.token_urlsafe(8),
            "name": f"Person {len(self.members) + 1}",
            "posts_allowed": posts_allowed,
            "organizations": {
                self._next_id(): {"name": name, "role": role} for name, role in named.items()
            },
        }
        self.world.memory.keep("linkedin", "member", **said)
        self._add_member(**said)
        return self.members[said["member_id"]]

    def _add_member(
        self, member_id: str, name: str, posts_allowed: int, organizations: dict[str, Any]
    ) -> None:
        calls = RateWindow(limit=posts_allowed, seconds=86_400)
        self.members[member_id] = Member(
            id=member_id, name=name, calls=calls, organizations=organizations
        )

    async def show_member(self, request: Request) -> Response:
        member = self._caller(request, "profile", versioned=False)
        told = {"sub": member.id, "name": member.name, "given_name": member.name.split()[0]}
        return JSONResponse({**told, "picture": f"{origin(request)}/linkedin/{member.id}.jpg"})

    async def list_roles(self, request: Request) -> Response:
        member = self._caller(request, "rw_organization_admin")
        wish = request.query_params
        if (wish.get("q"), wish.get("state")) != ("roleAssignee", "APPROVED"):
            return error(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        start, count = int(wish.get("start", "0")), int(wish.get("count", "10"))
        elements = [
            {
                "role": told["role"],
                "organization": f"{_ORGANIZATION}{identifier}",
                "roleAssignee": f"{_PERSON}{member.id}",
                "state": "APPROVED",
            }
            for identifier, told in member.organizations.items()
        ]
        paging = {"start": start, "count": count, "links": []}
        return JSONResponse({"elements": elements[start : start + count], "paging": paging})

    async def show_organization(self, request: Request) -> Response:
        member = self._caller(request, "rw_organization_admin")
        identifier = request.path_params["id"]
        told = member.organizations.get(identifier)
        if told is None:
            return error(403, "ACCESS_DENIED", "Not enough permissions to access the organization")
        name = told["name"]
        vanity = name.lower().replace(" ", "-")
        shown = {"id": int(identifier), "localizedName": name, "vanityName": vanity}
        return JSONResponse(shown)

    async def create_post(self, request: Request) -> Response:
        received_at = time.time()
        wish = await json_of(request)
        author = str(wish.get("author", ""))
        is_organization = author.startswith(_ORGANIZATION)
        scope = "w_organization_social" if is_organization else "w_member_social"
        member = self._caller(request, scope)
        fault = self.world.faults.take("linkedin", str(wish.get("commentary", "")))
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        if not member.calls.take():
            return throttled()
        text = self._checked(wish, member)
        shown = self.uploads.shown(wish)
        said: dict[str, Any] = {
            "urn": f"urn:li:share:{self._next_id()}",
            "author": author,
            "text": text,
            "visibility": wish["visibility"],
        }
        self.world.memory.keep("linkedin", "post", **said)
        self._add_post(**said)
        self.world.receipts.add(
            Receipt(
                network="linkedin",
                account=author,
                id=said["urn"],
                url=f"{origin(request)}/linkedin/feed/update/{said['urn']}",
                text=text,
                key=None,
                received_at=received_at,
                media=[one.seen.received(alt_text) for one, alt_text in shown if one.seen],
            )
        )
        if fault:
            return await broken(fault)
        return Response(status_code=201, headers={"x-restli-id": said["urn"]})

    def _demand_author(self, request: Request, author: str) -> None:
        is_organization = author.startswith(_ORGANIZATION)
        scope = "w_organization_social" if is_organization else "w_member_social"
        if not self._caller(request, scope).speaks_for(author):
            words = f"Not enough permissions to create as {author}"
            raise Refusal(error(403, "ACCESS_DENIED", words, 100))

    def _demand_organization(self, request: Request, organization: str) -> None:
        """Whose figures they are, its administrators may see."""
        member = self._caller(request, "rw_organization_admin")
        told = member.organizations.get(organization.removeprefix(_ORGANIZATION), {})
        if told.get("role") != "ADMINISTRATOR":
            words = f"Not enough permissions to access {organization}"
            raise Refusal(error(403, "ACCESS_DENIED", words, 100))

    def _versioned_or_not(self, request: Request) -> object:
        """Files go to addresses that know no versions."""
        is_file = request.method == "PUT"
        return self._caller(request, "w_member_social", versioned=not is_file)

    def _caller(self, request: Request, scope: str, *, versioned: bool = True) -> Member:
        access: Access | None = self.authority.caller(request)
        if access is None:
            words = "The token used in the request has expired"
            raise Refusal(error(401, "EXPIRED_ACCESS_TOKEN", words, 65602))
        if versioned:
            _check_version(request)
        if scope not in access.scopes:
            words = "Not enough permissions to access: the scope is missing"
            raise Refusal(error(403, "ACCESS_DENIED", words, 100))
        return self.members[access.account_id]

    def _checked(self, wish: dict[str, Any], member: Member) -> str:
        """The text of a post that can be made."""
        if words := fault_of(wish):
            raise Refusal(error(422, "INPUT_VALIDATION_ERROR", words))
        if not member.speaks_for(wish["author"]):
            words = f"Not enough permissions to create as {wish['author']}"
            raise Refusal(error(403, "ACCESS_DENIED", words, 100))
        try:
            text = read(wish["commentary"])
        except Misread as misread:
            words = f"ERROR :: /commentary :: a reserved character must be escaped: {misread}"
            raise Refusal(error(422, "INPUT_VALIDATION_ERROR", words)) from misread
        if length(text) > MAXIMUM:
            words = f"ERROR :: /commentary :: length is more than maximum allowed {MAXIMUM}"
            raise Refusal(error(422, "INPUT_VALIDATION_ERROR", words))
        for urn, post in self.posts.items():
            if text and (post["author"], post["text"]) == (wish["author"], text):
                raise Refusal(duplicate(urn))
        return text

    def _add_post(self, urn: str, **said: Any) -> None:
        self.posts[urn] = said
        self.last_id = max(self.last_id, int(urn.rpartition(":")[2]))

    def _next_id(self) -> str:
        self.last_id = max(self.last_id + 1, int(time.time() * 1000) << 22)
        return str(self.last_id)

    async def show_page(self, request: Request) -> Response:
        post = self.posts.get(request.path_params["urn"])
        if post is None:
            return Response("This post cannot be displayed", 404)
        return page(post["author"], post["text"])


def _check_version(request: Request) -> None:
    version = request.headers.get("linkedin-version", "")
    if not version:
        words = "A version must be present. Please specify a version by adding the Linkedin-Version"
        raise Refusal(error(400, "VERSION_MISSING", words))
    if version < _OLDEST:
        words = f"Requested version {version} is not active"
        raise Refusal(error(426, "NONEXISTENT_VERSION", words))
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        raise Refusal(error(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables"))


imitation = LinkedIn
