"""How lists and JSON travel to and from PostgreSQL, where the driver's own way takes its time."""

import json
from struct import Struct
from typing import Any

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.types.array import ListBinaryDumper
from psycopg.types.json import set_json_loads
from psycopg.types.uuid import UUIDBinaryDumper

_HEAD = Struct("!5i")
_LENGTH = (16).to_bytes(4, "big")


def adapt(connection: Connection[Any]) -> None:
    connection.adapters.register_dumper(list, _Lists)
    set_json_loads(_read, connection)


class _Lists(ListBinaryDumper):
    """Lists as bytes: as text, each element would be searched for what must be quoted.

    An id takes 0.2 µs instead of 0.9, a JSON text 0.2 instead of 9 (psycopg 3.3). Ids are put
    together without asking at each what it is.
    """

    def dump(self, obj: list[Any]) -> Buffer | None:
        if obj and isinstance(self.sub_dumper, UUIDBinaryDumper):
            try:
                ids = [_LENGTH + each.int.to_bytes(16, "big") for each in obj]
            except AttributeError:  # one is nothing, or a list itself
                return super().dump(obj)
            return _HEAD.pack(1, 0, self.sub_dumper.oid, len(ids), 1) + b"".join(ids)
        return super().dump(obj)


def _read(text: bytes | str) -> Any:
    """Most of what is kept as JSON is empty, and to find that out takes ten times as long."""
    if text == b"{}":
        return {}
    if text == b"[]":
        return []
    return json.loads(text.decode() if isinstance(text, bytes) else text)
