"""Challenges that a device signs: random, good for one answer, and for five minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.identity.application.passkeys.ports import Answered, Ceremonies, InvalidCeremony
from shared.identity.application.ports import Begin, IdentityUnitOfWork, OneTimeSecrets
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.kernel.ids import new_id

LASTS = timedelta(minutes=5)


def new_challenge(
    work: IdentityUnitOfWork,
    secrets: OneTimeSecrets,
    purpose: TokenPurpose,
    *,
    now: datetime,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
) -> str:
    challenge, challenge_hash = secrets.new()
    work.one_time_tokens.add(
        OneTimeToken(
            id=new_id(),
            purpose=purpose,
            token_hash=challenge_hash,
            user_id=user_id,
            created_at=now,
            expires_at=now + LASTS,
            details={"session_id": str(session_id)} if session_id else {},
        )
    )
    return challenge


def answered_challenge(
    begin: Begin,
    ceremonies: Ceremonies,
    secrets: OneTimeSecrets,
    purpose: TokenPurpose,
    *,
    answered: Answered,
    now: datetime,
    session_id: UUID | None = None,
) -> str:
    """Use up the challenge an answer is for, in a transaction of its own.

    It is spent before the answer is looked at: whatever comes of that, nobody tries again with it.

    Raises:
        InvalidCeremony: it is not ours, not this session's, was answered before or is too old.
    """
    challenge = ceremonies.challenge_of(answered)
    with begin() as work:
        token = work.one_time_tokens.get_for_update(purpose, secrets.hash(challenge))
        is_good = (
            token is not None
            and token.is_good(now)
            and token.details.get("session_id") == (str(session_id) if session_id else None)
        )
        if token is not None and is_good:
            token.use(now)
    if not is_good:
        raise InvalidCeremony("the challenge is unknown, used or too old")
    return challenge
