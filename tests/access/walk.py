"""Every route called as everybody, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network
from typing import Any
from uuid import UUID

from tests.access.callers import UNPROVED, Caller, Person, arrive
from tests.access.house import AccessRoute
from tests.access.rows import distinct
from tests.access.world import FIELDS, PERSONS, WORDS, World
from tests.api import ApiAnswer
from tests.author import in_future

_WHEN = {"from_date": 0, "to_date": 60}
"""Days ahead."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """How a caller fared with another's thing, and, where that was denied, with their own."""

    answer: ApiAnswer
    with_own: ApiAnswer | None = None


def codes(answer: ApiAnswer) -> list[str]:
    """Empty where nobody was refused by who they are."""
    return answer.codes if answer.status in {401, 403} else []


def is_denied(answer: ApiAnswer) -> bool:
    return any(code.endswith("_ACCESS_DENIED") for code in codes(answer))


def is_missing(route: AccessRoute, answer: ApiAnswer) -> bool:
    """Whether, for the caller, there is no such thing as the path names."""
    names = [name for name in route.parameters if name.endswith("_id")]
    missing = {f"{name.removesuffix('_id')}_not_found".upper() for name in names}
    return answer.status == HTTPStatus.NOT_FOUND and bool(missing & set(answer.codes))


@dataclass
class Walk:
    """People and things are used again until a call has changed something."""

    world: World
    _people: dict[tuple[Caller, str | None], Person] = field(default_factory=dict)
    _things: dict[tuple[str, UUID], UUID] = field(default_factory=dict)
    _addresses: Iterator[IPv4Address] = field(default_factory=IPv4Network("10.0.0.0/8").hosts)

    def meet(self, route: AccessRoute, caller: Caller) -> Met:
        person = self._person(route, caller)
        answer = self._call(route, person, of=self.world.author.user_id)
        if not is_denied(answer) or caller is Caller.STRANGER or not route.things:
            return Met(answer=answer)
        return Met(answer=answer, with_own=self._call(route, person, of=person.user_id))

    def all(self, routes: list[AccessRoute]) -> Iterator[tuple[AccessRoute, Caller, Met]]:
        for route in routes:
            for caller in Caller:
                yield route, caller, self.meet(route, caller)

    def _person(self, route: AccessRoute, caller: Caller) -> Person:
        of_route = route.permission if caller is Caller.OTHER_KEY else None
        if (caller, of_route) not in self._people:
            self._people[caller, of_route] = arrive(self.world, caller, of_route)
        return self._people[caller, of_route]

    def _call(self, route: AccessRoute, person: Person, *, of: UUID) -> ApiAnswer:
        named = dict(self.named(route, person, of))
        answer = person.api.request(
            route.method,
            route.path.format(**named),
            json=self._body(route),
            query=dict(self.queried(route)),
            headers=person.headers,
            source_ip=str(next(self._addresses)),
        )
        if route.method != "GET" and not codes(answer):
            self._forget(named if route.things or route.method == "POST" else None)
            if not route.permission or "organization_id" in route.parameters:
                self._leave(person)
        return answer

    def _body(self, route: AccessRoute) -> Any:
        """Of another account each time, as from another address, or all but a few had to wait."""
        body = self.filled(route.body)
        if route.is_public and isinstance(body, dict) and "email" in body:
            return {**body, "email": f"{distinct()}@example.com"}
        return body

    def named(
        self, route: AccessRoute, person: Person, of: UUID
    ) -> Iterator[tuple[str, UUID | str]]:
        """A person's own things are the caller's, but for strangers."""
        is_strange = person.organization_id != self.world.organization_id
        for name in route.parameters:
            if name in WORDS:
                yield name, WORDS[name]
            elif name == "organization_id":
                alone = name in route.things
                yield name, self.world.organization_id if alone else person.organization_id
            elif name == "connection_id" and (
                route.method == "POST" or route.path.endswith("/metrics")
            ):
                yield name, self.world.standing[name]  # a copy's credentials cannot be opened
            else:
                kind = route.kind(name)
                whose = person.user_id if kind in PERSONS and not is_strange else of
                yield name, self._thing(kind, whose)

    def _thing(self, kind: str, of: UUID) -> UUID:
        if (kind, of) not in self._things:
            self._things[kind, of] = self.world.new(kind, of=of)
        return self._things[kind, of]

    def _forget(self, named: Mapping[str, object] | None) -> None:
        """What was named may be gone, without a name anything."""
        self._things = {
            key: thing
            for key, thing in self._things.items()
            if named is not None and thing not in named.values()
        }

    def _leave(self, person: Person) -> None:
        """It may have been their session, their account, or their part in the organization."""
        self._people = {key: each for key, each in self._people.items() if each is not person}

    def filled(self, body: Any) -> Any:
        """With things of ours for those that it names."""
        of = self.world.author.user_id
        if isinstance(body, list):
            return [self.filled(each) for each in body]
        if not isinstance(body, dict):
            return body
        return {
            name: str(self._thing(FIELDS[name], of)) if name in FIELDS else self.filled(value)
            for name, value in body.items()
        }

    def queried(self, route: AccessRoute) -> Iterator[tuple[str, str]]:
        for name in route.query:
            if name in FIELDS and "slots" in route.path:
                yield name, str(self.world.standing[FIELDS[name]])
            elif name in _WHEN and "stats" not in route.path:
                yield name, in_future(days=_WHEN[name])
            elif name == "q":
                yield name, "morning"


def proves_somebody(caller: Caller) -> bool:
    return caller not in UNPROVED
