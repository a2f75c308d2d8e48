"""What the database hides, because it is another organization's, is refused and not unknown."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from shared.infrastructure.ownership import anothers
from shared.infrastructure.tenancy import is_confined
from shared.kernel.errors import DomainError, NotFound, PermissionDenied

Key = TypeVar("Key")

_UNKNOWN = "_NOT_FOUND"
_ANYBODYS = {"MEMBER", "USER"}
"""Whoever belongs elsewhere is not another's for that."""


def refusing_anothers(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The same endpoint; looks again only where it has found nothing."""
    if iscoroutinefunction(endpoint):

        @wraps(endpoint)
        async def awaited(*arguments: Any, **named: Any) -> Any:
            try:
                return await endpoint(*arguments, **named)
            except NotFound as missing:
                raise _judged(missing, named) from missing

        return awaited

    @wraps(endpoint)
    def called(*arguments: Any, **named: Any) -> Any:
        try:
            return endpoint(*arguments, **named)
        except NotFound as missing:
            raise _judged(missing, named) from missing

    return called


def judged_each(refused: Mapping[Key, DomainError]) -> dict[Key, DomainError]:
    """The same for many at once, by their ids."""
    missing = {key: error for key, error in refused.items() if _is_hidden(error)}
    others = anothers([each for each in missing if isinstance(each, UUID)]) if missing else set()
    return {key: _denied(error) if key in others else error for key, error in refused.items()}


def _judged(missing: NotFound, named: Mapping[str, Any]) -> DomainError:
    if not _is_hidden(missing):
        return missing
    ids = set(_ids(missing.field, _resource(missing).lower(), named))
    return _denied(missing) if ids and anothers(ids) else missing


def _is_hidden(error: DomainError) -> bool:
    """It may be."""
    return (
        is_confined()
        and isinstance(error, NotFound)
        and error.code.endswith(_UNKNOWN)
        and _resource(error) not in _ANYBODYS
    )


def _resource(missing: DomainError) -> str:
    return missing.code.removesuffix(_UNKNOWN)


def _denied(missing: DomainError) -> PermissionDenied:
    resource = _resource(missing)
    return PermissionDenied(
        f"{resource}_ACCESS_DENIED",
        f"This {resource.lower().replace('_', ' ')} is not yours",
        field=missing.field,
    )


def _ids(field: str | None, resource: str, named: Mapping[str, Any]) -> Iterator[UUID]:
    """What the request may have called it by: under the field's name, else under its own."""
    name = f"{resource}_id"
    if field is not None:
        name = next(step for step in reversed(field.split(".")) if not step.isdecimal())
    for key, given in named.items():
        if _says(key, name):
            yield from _uuids(given)
        yield from _called(name, given)


def _says(key: str, name: str) -> bool:
    """A `channel_connection_id` is the id of a connection."""
    return key == name or key.endswith(f"_{name}")


def _called(name: str, given: Any) -> Iterator[UUID]:
    """The ids that a body or a query gives under this name, however deep."""
    if isinstance(given, list):
        for each in given:
            yield from _called(name, each)
    elif isinstance(given, BaseModel):
        for key, value in given:
            if _says(key, name):
                yield from _uuids(value)
            yield from _called(name, value)


def _uuids(value: Any) -> Iterator[UUID]:
    several = value if isinstance(value, list) else [value]
    yield from (each for each in several if isinstance(each, UUID))
