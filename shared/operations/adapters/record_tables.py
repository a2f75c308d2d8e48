"""The tables of the four tiers of records, whose ids sort by time.

All but `audit_logs` are partitioned: by how long a row is kept, and below that by month of its id.
The partitions lie in a schema of their own, `partitions`; see `retention`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, REAL

from shared.infrastructure.database import metadata, one_of, word
from shared.kernel.retention import Kept

_ADDRESS = 45  # an IPv6 address that holds an IPv4 one


def _kept(**options: Any) -> "Column[Any]":
    return Column(
        "kept", word(Kept), nullable=False, comment="how long: the partition it is in", **options
    )


request_logs = Table(
    "request_logs",
    metadata,
    Column("id", Uuid, nullable=False),
    _kept(),
    Column("request_id", String(128), nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False, comment="when it was answered"),
    Column("organization_id", Uuid, comment="null where nobody was proved to ask"),
    Column("principal_type", String(20)),
    Column("principal_id", Uuid, comment="the user's, or the API key's"),
    Column("user_id", Uuid),
    Column("method", String(10), nullable=False),
    Column("path", String(200), nullable=False, comment="as the contract writes it"),
    Column("status_code", SmallInteger, nullable=False),
    Column("duration_ms", REAL, nullable=False),
    Column("request_bytes", Integer, nullable=False),
    Column("response_bytes", Integer, nullable=False),
    Column("error_code", String(100)),
    Column("address", String(_ADDRESS)),
    Column("user_agent", String(255)),
    Column("function", String(100), nullable=False),
    Column("context", JSONB, nullable=False),
    PrimaryKeyConstraint("id", "kept"),
    one_of("kept", Kept),
    Index(None, "organization_id", "id"),
    Index(None, "path", "id"),
    Index(None, "request_id"),
    postgresql_partition_by="LIST (kept)",
    comment="every request, and how it was answered",
)

system_logs = Table(
    "system_logs",
    metadata,
    Column("id", Uuid, nullable=False),
    _kept(),
    Column("request_id", String(128), nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("organization_id", Uuid, comment="null where it is nobody's in particular"),
    Column("principal_type", String(20)),
    Column("principal_id", Uuid),
    Column("level", String(20), nullable=False),
    Column("logger", String(255), nullable=False),
    Column("event", Text, nullable=False),
    Column("function", String(100), nullable=False),
    Column("context", JSONB, nullable=False),
    Column("trace", Text),
    PrimaryKeyConstraint("id", "kept"),
    one_of("kept", Kept),
    one_of("level", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    Index(None, "organization_id", "id"),
    Index(None, "request_id"),
    postgresql_partition_by="LIST (kept)",
    comment="what was logged on the way",
)

business_events = Table(
    "business_events",
    metadata,
    Column("id", Uuid, nullable=False),
    _kept(server_default=text("'two_years'")),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("post_id", Uuid, comment="the post it is about, where it is about one"),
    Column("actor_id", Uuid),
    Column("request_id", String(128), comment="the request that it goes back to"),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("details", JSONB, nullable=False),
    PrimaryKeyConstraint("id", "kept"),
    one_of("kept", Kept),
    Index(None, "organization_id", "id"),
    Index(None, "subject_id", "id"),
    Index(None, "post_id", "id", postgresql_where=text("post_id IS NOT NULL")),
    Index(None, "request_id", postgresql_where=text("request_id IS NOT NULL")),
    postgresql_partition_by="LIST (kept)",
    comment="what has happened, written in the transaction in which it did",
)

audit_logs = Table(
    "audit_logs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("actor_id", Uuid),
    Column("action", String(60), nullable=False),
    Column("resource_type", String(60), nullable=False),
    Column("resource_id", Uuid, nullable=False),
    Column("address", String(_ADDRESS)),
    Column("user_agent", Text),
    Column("details", JSONB, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("request_id", String(128), comment="the request that it goes back to"),
    Index(None, "organization_id", "id"),
    Index(None, "resource_id"),
    Index(None, "request_id", postgresql_where=text("request_id IS NOT NULL")),
    comment="who did what, for whoever has to prove it; rows are only added",
)

audit_unsealed = Table(
    "audit_unsealed",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    comment="entries that no link of a chain holds yet; a trigger adds them",
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("position", BigInteger, nullable=False, comment="from 1, without a gap"),
    Column("entry_id", Uuid, nullable=False),
    Column("hash", LargeBinary, nullable=False, comment="of the link before and of the entry"),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("organization_id", "position"),
    UniqueConstraint("entry_id"),
    comment="an organization's entries, each chained to the one before; rows are only added",
)
