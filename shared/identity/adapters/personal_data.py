"""All that is kept about a person, for that person (GDPR, articles 15 and 20).

What is theirs is found by what the database says of its tables: a row that names its person by
`user_id` is about them; by any other name it is a thing that they had a part in, which belongs to
an organization, and of these only the number is told. So a table of tomorrow is covered, too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.operations.api.events import events_about

ROWS = 1_000
"""Of each kind, the newest by their ids, which are made in order of time."""

_SECRET = re.compile(
    r".*(hash|secret|sealed|password|token|credential|fingerprint).*|public_key|key_id|body"
)
_REFERENCES = text("""
    SELECT conrelid::regclass::text AS name, attname AS "column"
      FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
     WHERE contype = 'f' AND confrelid = 'users'::regclass AND cardinality(conkey) = 1
       AND connamespace = current_schema()::regnamespace AND conparentid = 0
     ORDER BY 1, 2
""")


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """`about` has rows by table, `made` how many there are by table and column."""

    account: Mapping[str, Any]
    about: Mapping[str, Sequence[Mapping[str, Any]]]
    made: Mapping[str, int]
    events: Sequence[Mapping[str, Any]]


def personal_data(user_id: UUID) -> PersonalData:
    """Without what proves them: no hash, no key and no secret."""
    about: dict[str, Sequence[Mapping[str, Any]]] = {}
    made: dict[str, int] = {}
    with transaction() as session:
        (account,) = _rows(session, "users", "id", user_id)
        for name, column in session.execute(_REFERENCES).all():
            if column == "user_id":
                about[name] = _rows(session, name, column, user_id)
            else:
                counted = text(f"SELECT count(*) FROM {name} WHERE {column} = :person")  # noqa: S608 the database's own names
                made[f"{name}.{column}"] = session.scalar(counted, {"person": user_id}) or 0
        events = events_about(session, user_id, limit=ROWS)
    return PersonalData(
        account=account,
        about=about,
        made={name: number for name, number in made.items() if number},
        events=events,
    )


def _rows(session: Session, name: str, column: str, user_id: UUID) -> list[dict[str, Any]]:
    query = text(
        f"SELECT to_jsonb(one) FROM {name} AS one WHERE {column} = :person"  # noqa: S608 as above
        " ORDER BY one::text DESC LIMIT :rows"
    )
    rows = session.scalars(query, {"person": user_id, "rows": ROWS})
    return [
        {key: value for key, value in row.items() if not _SECRET.fullmatch(key)} for row in rows
    ]
