"""The audit log in PostgreSQL; rows are only added."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.operations.adapters.record_tables import audit_logs
from shared.operations.domain.audit import AuditEntry


class PostgresAuditLogs:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: AuditEntry, *, now: datetime) -> None:
        row = insert(audit_logs).values(**asdict(entry), recorded_at=now)
        self._session.execute(row.on_conflict_do_nothing(index_elements=[audit_logs.c.id]))


@contextmanager
def begin() -> Iterator[PostgresAuditLogs]:
    with transaction() as session:
        yield PostgresAuditLogs(session)
