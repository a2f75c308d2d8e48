"""The tables of what is kept about requests and of what has happened."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.infrastructure.database import metadata, one_of, word
from shared.operations.domain.idempotency import State

idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    Column("id", Uuid, primary_key=True, comment="a new one with each claim to the key"),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("state", word(State), nullable=False),
    Column("status_code", SmallInteger),
    Column("content_type", String(255)),
    Column("body", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column(
        "expires_at",
        DateTime(timezone=True),
        nullable=False,
        index=True,
        comment="from then on the row is as if absent",
    ),
    UniqueConstraint("organization_id", "user_id", "key"),
    one_of("state", State),
    CheckConstraint(
        "(state = 'done') = (status_code IS NOT NULL AND body IS NOT NULL)", name="answer"
    ),
)

business_events = Table(
    "business_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("subject_id", Uuid, nullable=False, index=True),
    Column("actor_id", Uuid),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("details", JSONB, nullable=False),
    Index(None, "organization_id", "occurred_at"),
    comment="what has happened, written in the transaction in which it did",
)
