"""What operations were told of."""

from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine


def told(name: str) -> dict[UUID, UUID | None]:
    """To what it has happened, once to each, and who did it."""
    query = text("SELECT subject_id, actor_id FROM business_events WHERE name = :name")
    with engine().connect() as database:
        rows = database.execute(query, {"name": name}).all()
    by_subject = {row.subject_id: row.actor_id for row in rows}
    assert len(by_subject) == len(rows)
    return by_subject
