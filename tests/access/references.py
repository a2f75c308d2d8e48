"""Everything by which a request may name a thing: ids in its path, its query and its body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.access.house import AccessRoute
from tests.access.schema import Step, steps_to

KINDS = {
    "channel_connection_id": "connection_id",
    "connection_id": "connection_id",
    "cover_media_id": "media_id",
    "custom_role_id": "role_id",
    "media_id": "media_id",
    "post_variant_id": "variant_id",
    "schedule_ids": "schedule_id",
    "organization_ids": "organization_id",
    "actor_id": "user_id",
    "subject_id": "post_id",
    "resource_id": "post_id",
}
"""What a query or a body calls a thing by, where a path has another word for it."""

NO_THINGS = {
    "account_ids",
    "channel_id",
    "channel_ids",
    "client_id",
    "default_channel_id",
    "external_id",
    "request_id",
}
"""Words of the catalogue, of networks and of callers."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """`steps` lead to it within the body; of a path and a query there is only its name."""

    route: AccessRoute
    place: Literal["path", "query", "body"]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """Without regard to where in a list it is."""
        return next(str(step) for step in reversed(self.steps) if isinstance(step, str))

    @property
    def kind(self) -> str:
        if self.place == "path":
            return self.route.kind(self.name)
        return KINDS.get(self.name, self.name)

    def __str__(self) -> str:
        return f"{self.route.key} {self.place} {'.'.join(map(str, self.steps))}"


def references(route: AccessRoute) -> Iterator[Reference]:
    for name in route.parameters:
        if name.endswith("_id"):
            yield Reference(route=route, place="path", steps=(name,))
    for name in route.query:
        if _is_id(name) and name not in NO_THINGS:
            yield Reference(route=route, place="query", steps=(name,))
    for steps in steps_to(route.schema, _is_id):
        reference = Reference(route=route, place="body", steps=steps)
        if reference.name not in NO_THINGS:
            yield reference


def _is_id(name: str) -> bool:
    return name.endswith(("_id", "_ids"))


def put(body: Any, steps: tuple[Step, ...], value: Any) -> None:
    """Into an example that has room for it."""
    *way, last = steps
    for step in way:
        body = body[step]
    body[last] = value


def named_in(body: Any, name: str | None = None) -> Iterator[tuple[Any, Any, str]]:
    """Each place of a body that has an id: in what, under which key, by which name."""
    match body:
        case Mapping():
            for key, value in body.items():
                if isinstance(value, str) and _is_id(key):
                    yield body, key, key
                else:
                    yield from named_in(value, key)
        case list():
            for place, value in enumerate(body):
                if isinstance(value, str) and name is not None and _is_id(name):
                    yield body, place, name
                else:
                    yield from named_in(value, name)
