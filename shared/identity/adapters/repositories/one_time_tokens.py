"""One-time tokens in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shared.identity.adapters.credential_tables import one_time_tokens as tokens
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose

_SWEPT_AT_ONCE = 100


@dataclass(frozen=True)
class PostgresOneTimeTokens:
    _session: Session

    def add(self, token: OneTimeToken) -> None:
        """What has expired is swept away, some at a time."""
        expired = (
            select(tokens.c.id)
            .where(tokens.c.expires_at < token.created_at)
            .limit(_SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        self._session.execute(delete(tokens).where(tokens.c.id.in_(expired)))
        self._session.add(token)

    def owner(self, purpose: TokenPurpose, token_hash: str) -> UUID | None:
        return self._session.scalar(
            select(tokens.c.user_id).where(
                tokens.c.token_hash == token_hash, tokens.c.purpose == purpose
            )
        )

    def get_for_update(self, purpose: TokenPurpose, token_hash: str) -> OneTimeToken | None:
        return self._session.scalar(
            select(OneTimeToken)
            .where(tokens.c.token_hash == token_hash, tokens.c.purpose == purpose)
            .with_for_update(key_share=True)
        )

    def use_all(self, user_id: UUID, *purposes: TokenPurpose, now: datetime) -> None:
        self._session.execute(
            update(tokens)
            .where(
                tokens.c.user_id == user_id,
                tokens.c.purpose.in_(purposes),
                tokens.c.used_at.is_(None),
            )
            .values(used_at=now)
        )
