"""Counters of the library `limits`, kept in PostgreSQL."""

import hashlib
from datetime import timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from shared.identity.adapters.tables import limit_counters as counters
from shared.infrastructure.database import transaction


class PostgresCounters(Storage):
    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, starting anew where the window has passed; what has passed is swept away."""
        now = func.now()
        has_passed = counters.c.expires_at <= now
        fresh = insert(counters).values(
            key=_hashed(key), count=amount, expires_at=now + timedelta(seconds=expiry)
        )
        with transaction() as session:
            passed = (
                select(counters.c.key)
                .where(has_passed)
                .limit(100)
                .with_for_update(skip_locked=True)
            )
            session.execute(delete(counters).where(counters.c.key.in_(passed)))
            count: int = session.scalars(
                fresh.on_conflict_do_update(
                    index_elements=[counters.c.key],
                    set_={
                        "count": case((has_passed, amount), else_=counters.c.count + amount),
                        "expires_at": case(
                            (has_passed, fresh.excluded.expires_at), else_=counters.c.expires_at
                        ),
                    },
                ).returning(counters.c.count)
            ).one()
        return count

    def get(self, key: str) -> int:
        return self._live(counters.c.count, key) or 0

    def get_expiry(self, key: str) -> float:
        return float(self._live(func.extract("epoch", counters.c.expires_at), key) or 0)

    def clear(self, key: str) -> None:
        with transaction() as session:
            session.execute(delete(counters).where(counters.c.key == _hashed(key)))

    def check(self) -> bool:
        with transaction() as session:
            return session.scalar(select(1)) == 1

    def reset(self) -> int:
        with transaction() as session:
            return len(session.scalars(delete(counters).returning(counters.c.key)).all())

    def _live(self, column: Any, key: str) -> Any:
        with transaction() as session:
            return session.scalar(
                select(column).where(
                    counters.c.key == _hashed(key), counters.c.expires_at > func.now()
                )
            )


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
