"""New aggregates, stored without a session that watches what becomes of them.

The ORM's unit of work is for what is loaded and changed. Of what is new it would ask in which order
to write it and what the database has made of it, for longer than the database takes to write it.
"""

from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Mapper, Session, object_mapper

from shared.infrastructure.database import engine
from shared.infrastructure.pipelining import send_unawaited


def insert_new(session: Session, *aggregates: object) -> None:
    """Insert aggregates after all that was added before; nobody waits for it.

    They are stored as they are now: what is changed in them later is not.
    """
    session.flush()
    connection = session.connection()
    for each in aggregates:
        insertion = _insertion(object_mapper(each))
        send_unawaited(connection, insertion.statement, insertion.values(each))


class _Insertion:
    """How a kind of aggregate is written, in the words of the driver."""

    def __init__(self, mapper: Mapper[Any]) -> None:
        dialect, table = engine().dialect, mapper.local_table
        assert isinstance(table, Table)
        self._attributes = [each.key for each in mapper.column_attrs]
        self._defaults = {
            column.key: column.default.arg
            for column in table.c
            if column.default is not None and column.key not in self._attributes
        }
        columns = [*self._attributes, *self._defaults]
        self._processors = {
            name: process
            for name in columns
            if (process := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        }
        self.statement = str(insert(table).compile(dialect=dialect, column_keys=columns))

    def values(self, aggregate: object) -> dict[str, Any]:
        values = {name: getattr(aggregate, name) for name in self._attributes}
        values |= {name: default(None) for name, default in self._defaults.items()}
        for name, process in self._processors.items():
            values[name] = process(values[name])
        return values


@cache
def _insertion(mapper: Mapper[Any]) -> _Insertion:
    return _Insertion(mapper)
