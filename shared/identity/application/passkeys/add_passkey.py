"""Keep the passkey a person's device has made."""

import logging

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.passkeys.ask_for_passkey import too_many
from shared.identity.application.passkeys.challenges import answered_challenge
from shared.identity.application.passkeys.ports import Answered, Ceremonies, InvalidCeremony
from shared.identity.application.ports import Begin, OneTimeSecrets
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.name import plain_name
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.passkey import MAXIMUM_PASSKEYS, Passkey
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation
from shared.kernel.happenings import Happening
from shared.kernel.ids import new_id

logger = logging.getLogger(__name__)


def add_passkey(
    begin: Begin,
    ceremonies: Ceremonies,
    secrets: OneTimeSecrets,
    clock: Clock,
    *,
    actor: SignedIn,
    name: str,
    answered: Answered,
) -> Passkey:
    """The session that asked for it is the one that may add it.

    Raises:
        RuleViolation: `INVALID_PASSKEY`, or `VALIDATION_ERROR` for the name.
        Unauthenticated, PermissionDenied: see `lock_maker`.
        Conflict: `TOO_MANY_PASSKEYS` or `PASSKEY_ALREADY_REGISTERED`.
    """
    name, now = plain_name(name), clock()
    try:
        challenge = answered_challenge(
            begin,
            ceremonies,
            secrets,
            TokenPurpose.PASSKEY_REGISTRATION,
            answered=answered,
            now=now,
            session_id=actor.session_id,
        )
        made = ceremonies.verify_creation(answered, challenge=challenge)
    except InvalidCeremony as error:
        logger.info("passkey_refused", extra={"reason": str(error)})
        raise RuleViolation(
            "INVALID_PASSKEY", "This does not answer what was asked for", field="credential"
        ) from error
    with begin() as work:
        user = lock_maker(work, actor=actor, now=clock())
        if len(work.passkeys.of(user.id)) >= MAXIMUM_PASSKEYS:
            raise too_many()
        passkey = Passkey(
            id=new_id(),
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=name,
            transports=made.transports,
            created_at=now,
        )
        work.passkeys.add(passkey)
        tell(
            work,
            Happening.PASSKEY_ADDED,
            user_id=user.id,
            now=now,
            subject_id=passkey.id,
            details={"name": name},
        )
        write_of(work, SecurityChange.PASSKEY_ADDED, user=user, now=now)
    return passkey
