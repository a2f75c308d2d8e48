"""Request and system logs; records in partitions; the audit log immutable, and chained.

`business_events` is copied into its partitions while nobody writes to it: whoever would waits.

Old code goes on: what it does not know has defaults, or may be absent.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

KEPT = ("month", "quarter", "half_year", "year", "two_years", "for_good")
PARTITIONED = {
    "request_logs": ("month", "quarter", "half_year", "year"),
    "system_logs": ("month", "quarter", "year", "for_good"),
    "business_events": ("two_years", "for_good"),
}
AHEAD = 3
"""Months that are made with the tables: this one and those that follow."""

# Whoever runs the functions needs not own the tables: these two run as whoever does. A month is
# made beside what goes on, with what has come for it into the rest meanwhile.
MAKE = """
CREATE FUNCTION partitions.make(parent text, month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made text := format('%s_%s', parent, to_char(month, 'YYYYMM'));
    low uuid := partitions.earliest_id(date_trunc('month', month::timestamp));
    high uuid := partitions.earliest_id(date_trunc('month', month::timestamp) + interval '1 month');
BEGIN
    IF to_regclass(format('partitions.%I', made)) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE partitions.%I (LIKE partitions.%I INCLUDING ALL)', made, parent);
    EXECUTE format(
        'WITH moved AS (DELETE FROM partitions.%I WHERE id >= %L AND id < %L RETURNING *)'
        ' INSERT INTO partitions.%I SELECT * FROM moved', parent || '_rest', low, high, made);
    EXECUTE format(
        'ALTER TABLE partitions.%I ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)',
        parent, made, low, high);
END $$
"""

# Not younger than the shortest period: whoever asks for that is mistaken, or no friend.
FORGET = """
CREATE FUNCTION partitions.forget(parent text, before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old text;
    forgotten integer := 0;
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE EXCEPTION 'records are kept for 30 days at least';
    END IF;
    FOR old IN
        SELECT child.relname FROM pg_inherits
        JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = format('partitions.%I', parent)::regclass
            AND child.relname ~ (parent || '_[0-9]{6}$')
            AND to_date(right(child.relname, 6), 'YYYYMM') + interval '1 month'
                <= before AT TIME ZONE 'UTC'
        ORDER BY child.relname
    LOOP
        EXECUTE format('DROP TABLE partitions.%I', old);
        forgotten := forgotten + 1;
    END LOOP;
    EXECUTE format('DELETE FROM partitions.%I WHERE id < %L', parent || '_rest',
                   partitions.earliest_id(before AT TIME ZONE 'UTC'));
    RETURN forgotten;
END $$
"""

EARLIEST_ID = """
CREATE FUNCTION partitions.earliest_id(at timestamp) RETURNS uuid
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || repeat('0', 20))::uuid
$$
"""

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

ADD_UNSEALED = """
CREATE FUNCTION add_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA partitions")
    op.execute("GRANT USAGE ON SCHEMA partitions TO PUBLIC")
    for function in (EARLIEST_ID, MAKE, FORGET):
        op.execute(function)
    _logs()
    _events()
    _audit()
    op.add_column("outbox_messages", _goes_back_to())
    op.add_column("schedules", _goes_back_to())
    op.add_column("publish_events", _goes_back_to())


def _goes_back_to() -> "sa.Column[str]":
    return sa.Column("request_id", sa.String(128), comment="the request that it goes back to")


def _kept(**options: object) -> "sa.Column[str]":
    return sa.Column(
        "kept",
        sa.String(20),
        nullable=False,
        comment="how long: the partition it is in",
        **options,  # type: ignore[arg-type]
    )


def _one_of(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _logs() -> None:
    op.create_table(
        "request_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        _kept(),
        sa.Column("request_id", sa.String(128), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was answered",
        ),
        sa.Column("organization_id", sa.Uuid(), comment="null where nobody was proved to ask"),
        sa.Column("principal_type", sa.String(20)),
        sa.Column("principal_id", sa.Uuid(), comment="the user's, or the API key's"),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("path", sa.String(200), nullable=False, comment="as the contract writes it"),
        sa.Column("status_code", sa.SmallInteger(), nullable=False),
        sa.Column("duration_ms", postgresql.REAL(), nullable=False),
        sa.Column("request_bytes", sa.Integer(), nullable=False),
        sa.Column("response_bytes", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(100)),
        sa.Column("address", sa.String(45)),
        sa.Column("user_agent", sa.String(255)),
        sa.Column("function", sa.String(100), nullable=False),
        sa.Column("context", postgresql.JSONB(), nullable=False),
        _one_of("request_logs", "kept", KEPT),
        sa.PrimaryKeyConstraint("id", "kept", name=op.f("pk_request_logs")),
        postgresql_partition_by="LIST (kept)",
        comment="every request, and how it was answered",
    )
    op.create_index(
        op.f("ix_request_logs_organization_id_id"), "request_logs", ["organization_id", "id"]
    )
    op.create_index(op.f("ix_request_logs_path_id"), "request_logs", ["path", "id"])
    op.create_index(op.f("ix_request_logs_request_id"), "request_logs", ["request_id"])
    _partition("request_logs")
    op.create_table(
        "system_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        _kept(),
        sa.Column("request_id", sa.String(128), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), comment="null where it is nobody's in particular"),
        sa.Column("principal_type", sa.String(20)),
        sa.Column("principal_id", sa.Uuid()),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("logger", sa.String(255), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("function", sa.String(100), nullable=False),
        sa.Column("context", postgresql.JSONB(), nullable=False),
        sa.Column("trace", sa.Text()),
        _one_of("system_logs", "kept", KEPT),
        _one_of("system_logs", "level", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
        sa.PrimaryKeyConstraint("id", "kept", name=op.f("pk_system_logs")),
        postgresql_partition_by="LIST (kept)",
        comment="what was logged on the way",
    )
    op.create_index(
        op.f("ix_system_logs_organization_id_id"), "system_logs", ["organization_id", "id"]
    )
    op.create_index(op.f("ix_system_logs_request_id"), "system_logs", ["request_id"])
    _partition("system_logs")


def _partition(table: str) -> None:
    for kept in PARTITIONED[table]:
        name = f"{table}_{kept}"
        of = f"CREATE TABLE partitions.{name} PARTITION OF {table} FOR VALUES IN ('{kept}')"
        if kept == "for_good":
            op.execute(of)
            continue
        op.execute(f"{of} PARTITION BY RANGE (id)")
        op.execute(
            f"CREATE TABLE partitions.{name}_rest PARTITION OF partitions.{name} DEFAULT"
        )
        op.execute(
            f"SELECT partitions.make('{name}', (date_trunc('month', now() AT TIME ZONE 'UTC')"
            f" + later * interval '1 month')::date) FROM generate_series(0, {AHEAD - 1}) AS later"
        )


def _events() -> None:
    _put_aside()
    op.create_table(
        "business_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        _kept(server_default=sa.text("'two_years'")),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), comment="the post it is about, where it is about one"),
        sa.Column("actor_id", sa.Uuid()),
        _goes_back_to(),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        _one_of("business_events", "kept", KEPT),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_business_events_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", "kept", name=op.f("pk_business_events")),
        postgresql_partition_by="LIST (kept)",
        comment="what has happened, written in the transaction in which it did",
    )
    for columns in (["organization_id", "id"], ["subject_id", "id"]):
        op.create_index(
            op.f(f"ix_business_events_{columns[0]}_id"), "business_events", columns
        )
    op.create_index(
        op.f("ix_business_events_post_id_id"),
        "business_events",
        ["post_id", "id"],
        postgresql_where=sa.text("post_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_business_events_request_id"),
        "business_events",
        ["request_id"],
        postgresql_where=sa.text("request_id IS NOT NULL"),
    )
    _partition("business_events")
    op.execute("""
        INSERT INTO business_events (id, kept, organization_id, name, subject_id, actor_id,
                                     occurred_at, details)
        SELECT id,
               CASE WHEN name ~ '^(SCHEDULE|POST|CHANNEL|TEMPLATE|GENERATION|SUGGESTION|UI_PRESET)'
                    THEN 'two_years' ELSE 'for_good' END,
               organization_id, name, subject_id, actor_id, occurred_at, details
        FROM events_before
    """)


def _put_aside() -> None:
    """Twice copied, so that the new table and all that belongs to it have the names they should."""
    op.execute("LOCK TABLE business_events")
    op.execute(
        "CREATE TEMPORARY TABLE events_before ON COMMIT DROP AS SELECT * FROM business_events"
    )
    op.drop_table("business_events")


def _audit() -> None:
    op.add_column("audit_logs", _goes_back_to())
    op.drop_index("ix_audit_logs_organization_id_occurred_at", "audit_logs")
    op.create_index(
        op.f("ix_audit_logs_organization_id_id"), "audit_logs", ["organization_id", "id"]
    )
    op.create_index(
        op.f("ix_audit_logs_request_id"),
        "audit_logs",
        ["request_id"],
        postgresql_where=sa.text("request_id IS NOT NULL"),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_unsealed")),
        comment="entries that no link of a chain holds yet; a trigger adds them",
    )
    op.create_table(
        "audit_chain",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "position", sa.BigInteger(), nullable=False, comment="from 1, without a gap"
        ),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "hash", sa.LargeBinary(), nullable=False, comment="of the link before and of the entry"
        ),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_audit_chain_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "position", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_chain_entry_id")),
        comment="an organization's entries, each chained to the one before; rows are only added",
    )
    op.execute(
        "INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_logs"
    )
    op.execute(REFUSE)
    op.execute(ADD_UNSEALED)
    for table in ("audit_logs", "audit_chain"):
        op.execute(
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER unsealed AFTER INSERT ON audit_logs"
        " FOR EACH ROW EXECUTE FUNCTION add_unsealed()"
    )


def downgrade() -> None:
    for table in ("publish_events", "schedules", "outbox_messages"):
        op.drop_column(table, "request_id")
    op.drop_table("audit_chain")
    for trigger in ("unsealed", "never_emptied", "only_added"):
        op.execute(f"DROP TRIGGER {trigger} ON audit_logs")
    op.drop_table("audit_unsealed")
    op.execute("DROP FUNCTION add_unsealed(), refuse_change()")
    op.drop_index("ix_audit_logs_request_id", "audit_logs")
    op.drop_index("ix_audit_logs_organization_id_id", "audit_logs")
    op.create_index(
        op.f("ix_audit_logs_organization_id_occurred_at"),
        "audit_logs",
        ["organization_id", "occurred_at"],
    )
    op.drop_column("audit_logs", "request_id")
    _put_aside()
    op.create_table(
        "business_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_business_events_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_events")),
        comment="what has happened, written in the transaction in which it did",
    )
    op.create_index(
        op.f("ix_business_events_organization_id_occurred_at"),
        "business_events",
        ["organization_id", "occurred_at"],
    )
    op.create_index(op.f("ix_business_events_subject_id"), "business_events", ["subject_id"])
    op.execute(
        "INSERT INTO business_events SELECT id, organization_id, name, subject_id, actor_id,"
        " occurred_at, details FROM events_before"
    )
    for table in ("system_logs", "request_logs"):
        op.drop_table(table)
    op.execute("DROP SCHEMA partitions CASCADE")
