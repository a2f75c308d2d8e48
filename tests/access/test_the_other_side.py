"""Whoever names a thing of another organization is told what is said of one that there is not.

Or that it is not theirs, in words that say nothing of it; and nothing there has changed. Every
route is asked, by every id in its path, its query and its body: see `references`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from runner.gateway import Route
from shared.identity.domain.permissions import PLATFORM
from shared.infrastructure.database import engine, metadata
from shared.kernel.ids import new_id
from tests.access.callers import Caller, Person, arrive
from tests.access.house import AccessRoute, access_routes
from tests.access.references import KINDS, NO_THINGS, Reference, named_in, put, references
from tests.access.schema import example
from tests.access.walk import Walk
from tests.access.world import World, other_side, world
from tests.api import Api, ApiAnswer, keep_loop

INSTEAD: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "custom_role_id": ("role", {}),
    "schedule_ids": ("moves", {"shift_minutes": 5}),
}
"""What a body does not say as well, and what it has to."""

UNNOTICED = {"request_logs", "system_logs"}
"""What tells of every request, of whomever it is."""

_MADE_ANEW = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)"
)
_DENIED = re.compile(r"\b([A-Z_]+)_ACCESS_DENIED\b")
_WORDS = re.compile(
    "There is no such [a-z_ ]+|This [a-z ]+ is not yours"
    "|Your session is in another organization: switch to it first|You do not belong to it"
)
"""That there is none, and that it is another's: nothing of the thing but its kind."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one was answered about their own, about another's, and about what is nobody's.

    `named` is the other's thing, which an answer may name back.
    """

    named: UUID
    own: ApiAnswer
    anothers: ApiAnswer
    nobodys: ApiAnswer
    is_changed: bool


class OtherSide:
    """An owner of an organization, who asks about things of the other."""

    def __init__(self, here: World) -> None:
        self._here, self._there = here, other_side(here)
        for side in (self._here, self._there):
            _hang_on(side)
        self._digest = text(_digest())

    def told(self, reference: Reference) -> Told:
        own = self._ask(reference, lambda person: self._thing(self._there, reference, person))
        nobodys = self._ask(reference, lambda _: new_id())
        named = self._thing(self._here, reference, None)
        prepared = self._prepared(reference, lambda _: named)
        before = self._state()
        anothers = prepared()
        is_changed = self._state() != before
        return Told(named=named, own=own, anothers=anothers, nobodys=nobodys, is_changed=is_changed)

    def _ask(self, reference: Reference, thing: Callable[[Person], UUID]) -> ApiAnswer:
        return self._prepared(reference, thing)()

    def _prepared(
        self, reference: Reference, thing: Callable[[Person], UUID]
    ) -> Callable[[], ApiAnswer]:
        """A request that is right in all but, perhaps, the one thing it names there."""
        route = reference.route
        person = arrive(self._there, Caller.OWNER, None)
        walk = Walk(self._there)
        named: dict[str, Any] = dict(walk.named(route, person, person.user_id))
        query = dict(walk.queried(route))
        body = self._body(reference, person)
        wanted = str(thing(person))
        if reference.place == "body":
            put(body, reference.steps, wanted)
        else:
            (named if reference.place == "path" else query)[reference.name] = wanted
        return lambda: person.api.request(
            route.method,
            route.path.format(**named),
            json=body,
            query=query,
            headers=person.headers,
        )

    def _body(self, reference: Reference, person: Person) -> Any:
        if reference.route.schema is None:
            return None
        way = reference.steps if reference.place == "body" else ()
        body = example(reference.route.schema, way)
        for within, key, name in named_in(body):
            if name not in NO_THINGS:
                kind = KINDS.get(name, name)
                within[key] = str(self._of_kind(self._there, kind, person.user_id))
        if reference.name in INSTEAD:
            instead, more = INSTEAD[reference.name]
            body.pop(instead, None)
            body |= more
        return body

    def _thing(self, world: World, reference: Reference, person: Person | None) -> UUID:
        """Whatever is looked for has something that hangs on it."""
        of = world.author.user_id if person is None else person.user_id
        if reference.place == "query":
            return {
                **world.standing,
                "organization_id": world.organization_id,
                "user_id": world.author.user_id,
            }[reference.kind]
        if reference.kind == "connection_id" and reference.route.method == "POST":
            return world.standing["connection_id"]  # a copy's credentials cannot be opened
        if reference.kind == "user_id" and person is not None:
            return person.user_id
        return self._of_kind(world, reference.kind, of)

    @staticmethod
    def _of_kind(world: World, kind: str, of: UUID) -> UUID:
        return world.organization_id if kind == "organization_id" else world.new(kind, of=of)

    def _state(self) -> Any:
        """Of all that the other organization and its people have."""
        with engine().connect() as database:
            return database.scalar(self._digest, {"there": self._here.organization_id})

    def ids(self) -> set[str]:
        """Of all that the other organization has."""
        with engine().connect() as database:
            return {
                str(each)
                for table in metadata.tables.values()
                if "organization_id" in table.c and "id" in table.c
                for each in database.scalars(
                    text(f"SELECT id FROM {table.name} WHERE organization_id = :there"),
                    {"there": self._here.organization_id},
                )
            }


def _hang_on(side: World) -> None:
    """Something on each thing that lists can be asked by."""
    api, standing = side.author.api, {name: str(one) for name, one in side.standing.items()}
    program = {"service_account_id": standing["service_account_id"]}
    about = {
        "post_id": standing["post_id"],
        "template_id": standing["template_id"],
        "template_values": {"tea": "Tea"},
    }
    for path, body in {
        "/api-keys": {"name": "Import", "scopes": ["posts:read"], **program},
        "/generation/generate": {"prompt": "Tea", "channel_ids": ["mastodon"], **about},
        "/ui-presets": {
            "role_id": standing["role_id"],
            "preset_name": "Guests",
            "settings": {"dark": True},
        },
    }.items():
        answer = api.post(path, body)
        assert answer.status == 201, answer.content


def _digest() -> str:
    members = "SELECT user_id FROM memberships WHERE organization_id = :there"
    chosen = {
        table.name: "organization_id = :there"
        if "organization_id" in table.c
        else f"user_id IN ({members})"
        for table in metadata.tables.values()
        if {"organization_id", "user_id"} & set(table.c.keys()) and table.name not in UNNOTICED
    } | {"users": f"id IN ({members})", "organizations": "id = :there"}
    parts = [
        f"(SELECT md5(string_agg(one::text, ' ' ORDER BY one::text)) FROM {name} one WHERE {where})"
        for name, where in sorted(chosen.items())
    ]
    return f"SELECT ARRAY[{', '.join(parts)}]"


@pytest.fixture(scope="module")
def routes_of_all(environment: dict[str, str]) -> list[AccessRoute]:
    return access_routes()


@pytest.fixture(scope="module")
def side(shared_database: None, simulator_url: str, all_routes: list[Route]) -> OtherSide:
    keep_loop()
    return OtherSide(world(Api(all_routes)))


@pytest.fixture(scope="module")
def told(side: OtherSide, routes_of_all: list[AccessRoute]) -> Mapping[Reference, Told]:
    keep_loop()
    return {
        reference: side.told(reference)
        for route in routes_of_all
        if route.permission not in PLATFORM
        for reference in references(route)
    }


def said(answer: ApiAnswer) -> tuple[int, str]:
    """But for ids and moments."""
    return answer.status, _MADE_ANEW.sub("-", answer.content.decode(errors="replace"))


def judged(answer: ApiAnswer) -> tuple[int, str]:
    """The same, whether it is said that there is none or that it is another's."""
    status, told = said(answer)
    missing = _DENIED.sub(r"\1_NOT_FOUND", told)
    is_denied = status == HTTPStatus.FORBIDDEN and missing != told
    return (HTTPStatus.NOT_FOUND if is_denied else status), _WORDS.sub("-", missing)


def demand(told: Mapping[Reference, Told], holds: Callable[[Told], bool]) -> None:
    """Of all that was asked, or fail with each answer of which it does not hold."""
    wrong = [
        f"{reference}\n  own {said(each.own)}\n  another's {said(each.anothers)}"
        f"\n  nobody's {said(each.nobodys)}"
        for reference, each in told.items()
        if not holds(each)
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_there_is_something_of_every_kind(
    side: OtherSide, routes_of_all: list[AccessRoute]
) -> None:
    named = {each.kind for route in routes_of_all for each in references(route)}
    made = side._here.things.keys() | {"organization_id"}
    assert named <= made, f"tell tests/access of {named - made}"


def test_anothers_is_as_nobodys_or_denied(told: Mapping[Reference, Told]) -> None:
    demand(told, lambda each: judged(each.anothers) == judged(each.nobodys))


def test_it_is_ones_own_that_makes_the_difference(told: Mapping[Reference, Told]) -> None:
    demand(told, lambda each: said(each.own) != said(each.nobodys))


def test_nothing_there_is_changed(told: Mapping[Reference, Told]) -> None:
    demand(told, lambda each: not each.is_changed)


def test_nothing_there_is_shown(side: OtherSide, told: Mapping[Reference, Told]) -> None:
    ids = side.ids()
    assert len(ids) > 100
    for reference, each in told.items():
        shown = set(_MADE_ANEW.findall(each.anothers.content.decode(errors="replace"))) & ids
        assert shown <= {str(each.named)}, reference
