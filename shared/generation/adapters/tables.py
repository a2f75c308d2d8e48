"""The tables of sessions and suggestions, and the aggregates mapped to them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from shared.generation.domain.brief import Task
from shared.generation.domain.session import GenerationSession, SessionStatus
from shared.generation.domain.suggestion import Suggestion
from shared.infrastructure.database import mappers, metadata, one_of, word

generation_sessions = Table(
    "generation_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("task", word(Task), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("post_id", Uuid, ForeignKey("posts.id")),
    Column("template_id", Uuid),
    Column("tone", String(50)),
    Column("status", word(SessionStatus), nullable=False),
    Column("failure", String(60), comment="the code an aborted one ended with"),
    Column("ai_model", String(200)),
    Column("is_fallback", Boolean, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost", Numeric(12, 6), comment="in US dollars; empty where nobody knows"),
    Column("duration_ms", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    one_of("task", Task),
    one_of("status", SessionStatus),
    CheckConstraint("(status = 'aborted') = (failure IS NOT NULL)", name="failure"),
    Index(None, "organization_id", "created_at"),
    Index(None, "created_by", "created_at"),
)
Index(
    "ix_generation_sessions_in_progress",
    generation_sessions.c.organization_id,
    postgresql_where=text("status = 'in_progress'"),
)

generation_suggestions = Table(
    "generation_suggestions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "generation_session_id",
        Uuid,
        ForeignKey("generation_sessions.id"),
        nullable=False,
        index=True,
    ),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("content", Text, nullable=False),
    Column("score", Numeric(5, 2), nullable=False),
    Column("rank", Integer, nullable=False, comment="0 is the best of its session"),
    Column("accepted_at", DateTime(timezone=True)),
    Column("post_variant_id", Uuid, ForeignKey("post_variants.id")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("score BETWEEN 0 AND 100", name="score"),
    CheckConstraint("(accepted_at IS NULL) = (post_variant_id IS NULL)", name="accepted"),
)

mappers.map_imperatively(GenerationSession, generation_sessions)
mappers.map_imperatively(Suggestion, generation_suggestions)
