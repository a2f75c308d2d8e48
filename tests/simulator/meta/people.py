"""People of Facebook and the pages they run, as `/me` and its lists tell of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.meta.answers import refusal
from tests.simulator.meta.authority import MetaAuthority
from tests.simulator.oauth_grants import Grants
from tests.simulator.world import World

VERSION = "v24.0"
LIVES = 3650 * 86_400.0
TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")


@dataclass(kw_only=True)
class People:
    """`add_page` opens a page, or what a page has, and answers its id; `tell` shows it."""

    slug: str
    world: World
    scopes: tuple[str, ...]
    add_page: Callable[..., str]
    tell: Callable[[str], dict[str, Any]]
    runs: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(network=self.slug, world=self.world, lives=LIVES)
        self.authority = MetaAuthority(
            grants=self.grants,
            scopes=frozenset(self.scopes),
            open_account=lambda _: self.open(),
            by_header=False,
            challenges=False,
            rotates=False,
        )

    def remembering(self) -> dict[str, Callable[..., None]]:
        return {"person": self._add, **self.grants.remembering()}

    def routes(self) -> list[Route]:
        return [
            Route(f"/{VERSION}/dialog/oauth", self.authority.authorize),
            Route(f"/{VERSION}/oauth/access_token", self.authority.token, methods=["POST"]),
            Route(f"/{VERSION}/me/permissions", self.show_permissions),
            Route(f"/{VERSION}/me/accounts", self.list_pages),
            Route(f"/{VERSION}/me", self.show_page),
        ]

    def open(self, pages: dict[str, list[str]] | None = None, **wish: Any) -> str:
        """A person who has tasks at pages of these names; answers their id."""
        named = {"One": list(TASKS)} if pages is None else pages
        said: dict[str, Any] = {
            "person_id": f"person-{secrets.token_hex(6)}",
            "pages": {self.add_page(name, **wish): tasks for name, tasks in named.items()},
        }
        self.world.memory.keep(self.slug, "person", **said)
        self._add(**said)
        return str(said["person_id"])

    def new_account(
        self,
        origin: str,
        *,
        pages: dict[str, list[str]] | None = None,
        of_person: bool = False,
        **wish: Any,
    ) -> dict[str, str]:
        """`pages` are those of one person: names, and the person's tasks there.

        `of_person`: their own token, which is good for no page.
        """
        person = self.open(pages, **wish)
        token = self.person_token(person) if of_person else self.page_token(person)
        return {"server": f"{origin}/{self.slug}", "access_token": token}

    def person_token(self, person_id: str) -> str:
        client_id, _ = self.grants.register()
        return self.grants.give(person_id, client_id, self.scopes, refreshes=False).token

    def page_token(self, person_id: str) -> str:
        """Of the person's first page."""
        client_id, _ = self.grants.register()
        page_id = next(iter(self.runs[person_id]))
        return self.grants.give(page_id, client_id, self.scopes, refreshes=False).token

    def _add(self, person_id: str, pages: dict[str, list[str]]) -> None:
        self.runs[person_id] = pages

    async def show_permissions(self, request: Request) -> Response:
        access = self.authority.known(request, may_be_brief=True)
        given = [{"permission": scope, "status": "granted"} for scope in access.scopes]
        missing = [
            {"permission": scope, "status": "declined"}
            for scope in self.scopes
            if scope not in access.scopes
        ]
        return JSONResponse({"data": [*given, *missing]})

    async def list_pages(self, request: Request) -> Response:
        """Their tokens last only where the person's own does."""
        access = self.authority.permitted(request, "pages_show_list")
        person = self._person(access.account_id)
        if person not in self.runs:
            raise refusal(100, "(#100) Tried accessing nonexisting field (accounts) on a page")
        size, start = (int(request.query_params.get(one, "0")) for one in ("limit", "after"))
        pages = [
            {
                **self.tell(page_id),
                "tasks": tasks,
                "access_token": self.grants.give(
                    page_id, access.client_id, access.scopes, refreshes=False
                ).token,
            }
            for page_id, tasks in self.runs[person].items()
        ][start : start + (size or 25)]
        told: dict[str, Any] = {"data": pages}
        if pages:
            told["paging"] = {"cursors": {"after": str(start + len(pages))}}
        return JSONResponse(told)

    def _person(self, account_id: str) -> str:
        """A test may come as `owner-of-` a page."""
        page_id = account_id.removeprefix("owner-of-")
        if page_id == account_id:
            return account_id
        return next((person for person, pages in self.runs.items() if page_id in pages), "")

    async def show_page(self, request: Request) -> Response:
        access = self.authority.known(request)
        if self._person(access.account_id) in self.runs:
            asked = set(request.query_params.get("fields", "id").split(","))
            if asked - {"id", "name", "picture{url}"}:
                raise refusal(100, "(#100) Tried accessing nonexisting field on node type (User)")
            return JSONResponse({"id": access.account_id, "name": "A person"})
        return JSONResponse(self.tell(access.account_id))
