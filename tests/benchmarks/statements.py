"""What a handler asks the database, written down, to be asked again by the bare driver."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import UUID

import psycopg
from psycopg.types.json import Json, Jsonb

from shared.infrastructure.database import CHANGE_ROLE
from shared.kernel.ids import new_id

Statement = tuple[str, Any]
T = TypeVar("T")


def is_asked(query: str) -> bool:
    """Not what changes the role in between."""
    return query != CHANGE_ROLE


_WRITTEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id within a text, such as a document of many."""


@contextmanager
def written_down() -> Iterator[list[Statement]]:
    """Every statement of this process, in its order, as long as the block lasts."""
    asked: list[Statement] = []
    execute = psycopg.Cursor.execute

    def note(cursor: Any, query: Any, parameters: Any = None, **options: Any) -> Any:
        asked.append((query, parameters))
        return execute(cursor, query, parameters, **options)

    with patch.object(psycopg.Cursor, "execute", note):
        yield asked


class Again:
    """The statements of one call, once more, with new ids where the call made new ones.

    What differs between two calls of the same request are the ids that each has made.
    """

    def __init__(self, first: list[Statement], second: list[Statement]) -> None:
        self._statements = [each for each in second if is_asked(each[0])]
        self._made = _ids(second) - _ids(first)

    def __len__(self) -> int:
        return len(self._statements)

    def ask(self, connection: psycopg.Connection[Any]) -> None:
        """In one transaction, each statement by itself."""
        names = {str(each): str(new_id()) for each in self._made}
        with connection.transaction():
            for query, parameters in self._statements:
                cursor = connection.execute(query, _renamed(parameters, names))
                if cursor.description:
                    cursor.fetchall()


def _ids(statements: list[Statement]) -> set[UUID]:
    return {each for _, parameters in statements for each in _found(parameters)}


def _found(value: Any) -> Iterator[UUID]:
    match value:
        case UUID():
            yield value
        case str():
            yield from map(UUID, _WRITTEN.findall(value))
        case Json() | Jsonb():
            yield from _found(value.obj)
        case dict():
            for each in value.values():
                yield from _found(each)
        case list() | tuple():
            for each in value:
                yield from _found(each)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    match value:
        case UUID():
            return UUID(names.get(str(value), str(value)))
        case str():
            for old, new in names.items():
                value = value.replace(old, new)
            return value
        case Json() | Jsonb():
            return type(value)(_renamed(value.obj, names))
        case dict():
            return {key: _renamed(each, names) for key, each in value.items()}
        case list():
            return [_renamed(each, names) for each in value]
        case _:
            return value
