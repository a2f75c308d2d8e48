"""The pair of tokens that follows a session, as JWTs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.identity.application.ports import RefreshToken, TokenPair
from shared.infrastructure.tokens import InvalidToken, Tokens
from shared.kernel.errors import Unauthenticated
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class JwtSessionTokens:
    _tokens: Tokens

    def issue(
        self, *, user_id: UUID, organization_id: OrganizationId, session_id: UUID, now: datetime
    ) -> TokenPair:
        (access_token, _), (refresh_token, refresh_token_id) = (
            self._tokens.issue(
                kind,
                user_id=user_id,
                organization_id=organization_id,
                session_id=session_id,
                now=now,
            )
            for kind in ("access", "refresh")
        )
        return TokenPair(
            access_token=access_token,
            refresh_token=refresh_token,
            expires_in=self._tokens.access_seconds,
            refresh_token_hash=self._tokens.keyed_hash(str(refresh_token_id)),
            refresh_expires_at=now + timedelta(seconds=self._tokens.refresh_seconds),
        )

    def read_refresh_token(self, token: str) -> RefreshToken:
        try:
            claims = self._tokens.verify(token, kind="refresh")
        except InvalidToken as error:
            raise Unauthenticated("INVALID_TOKEN", "The token is invalid or expired") from error
        return RefreshToken(
            user_id=claims.user_id,
            organization_id=OrganizationId(claims.organization_id),
            session_id=claims.session_id,
            hash=self._tokens.keyed_hash(str(claims.token_id)),
        )
