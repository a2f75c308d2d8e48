"""Seal with the first key what is sealed with another: a few rows at a time, while all goes on.

What is sealed is found by its columns: a `LargeBinary` beside the id of its key.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, Table, select, update

from shared.infrastructure.database import metadata, transaction
from shared.infrastructure.encryption import Encryption, Undecipherable

AT_A_TIME = 100
_KEY_COLUMNS = {
    "credentials": "credentials_key_id",
    "sealed_text": "sealed_key_id",
    "sealed_secret": "key_id",
    "sealed_body": "key_id",
}
"""By what is sealed, where the id of its key is."""


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """`lost`: what no key opens, left as it is."""

    table: str
    sealed: int
    lost: int


def sealed_columns() -> Iterator[tuple[Table, "Column[bytes]", "Column[str]"]]:
    """What is sealed in the tables that are known, and beside it the id of its key."""
    for table in metadata.sorted_tables:
        for name, key_name in _KEY_COLUMNS.items():
            if name in table.c and isinstance(table.c[name].type, LargeBinary):
                yield table, table.c[name], table.c[key_name]


def rotate(encryption: Encryption) -> Iterator[Rotated]:
    """Table by table; what is begun again goes on where it was left.

    Raises:
        Unavailable: `DATABASE_UNAVAILABLE`.
    """
    for table, sealed, key_id in sealed_columns():
        done = lost = 0
        last = None
        while True:
            with transaction() as session:
                query = (
                    select(table.c.id, sealed, key_id)
                    .where(key_id != encryption.current, sealed != b"")
                    .order_by(table.c.id)
                    .limit(AT_A_TIME)
                    .with_for_update(key_share=True)
                )
                rows = session.execute(query if last is None else query.where(table.c.id > last))
                found = rows.all()
                for row_id, text, key in found:
                    try:
                        plain = encryption.decrypt(text, key_id=key, row_id=row_id)
                    except Undecipherable:
                        lost += 1
                        continue
                    new_key, new_text = encryption.encrypt(plain, row_id=row_id)
                    session.execute(
                        update(table)
                        .where(table.c.id == row_id)
                        .values({sealed: new_text, key_id: new_key})
                    )
                    done += 1
            if len(found) < AT_A_TIME:
                break
            last = found[-1][0]
        yield Rotated(table=table.name, sealed=done, lost=lost)
