"""The tables of answers kept under idempotency keys, and of the outbox."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.infrastructure.database import metadata, one_of, word
from shared.operations.domain.idempotency import State
from shared.operations.domain.outbox import OutboxState

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

outbox_messages = Table(
    "outbox_messages",
    metadata,
    Column("id", Uuid, primary_key=True, comment="travels with the message: what is done once"),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("queue", String(60), nullable=False),
    Column("state", word(OutboxState), nullable=False),
    Column("key_id", String(60), nullable=False),
    Column("sealed_body", LargeBinary, nullable=False, comment="empty once it is done"),
    Column("attempts", Integer, nullable=False, comment="how often it was handed to the broker"),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("taken_until", DateTime(timezone=True), comment="somebody is at it until then"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("last_error", String(500)),
    Column("request_id", String(128), comment="the request that it goes back to"),
    one_of("state", OutboxState),
    CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_at"),
    Index(
        "ix_outbox_messages_next_attempt_at",
        "next_attempt_at",
        postgresql_where=text("state = 'waiting'"),
    ),
)
