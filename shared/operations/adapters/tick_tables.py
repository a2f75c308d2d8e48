"""The table of when timers last went off, and what they found."""

from sqlalchemy import Column, DateTime, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from shared.infrastructure.database import metadata

ticks = Table(
    "ticks",
    metadata,
    Column("timer", String(100), primary_key=True),
    Column("ticked_at", DateTime(timezone=True), nullable=False),
    Column("next_due_at", DateTime(timezone=True)),
    Column("queues", JSONB, nullable=False),
    comment="when each timer last went off, for whoever watches over them",
)
