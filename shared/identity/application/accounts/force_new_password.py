"""Make somebody set a new password, as root: the one there is counts no more."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.accounts.mailed_secret import MailedSecret, mail_secret
from shared.identity.application.accounts.set_password import end_what_it_opened
from shared.identity.application.accounts.take_keys import take_keys
from shared.identity.application.ports import Begin, Links, OneTimeSecrets
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def force_new_password(
    begin: Begin,
    secrets: OneTimeSecrets,
    links: Links,
    clock: Clock,
    *,
    actor: Actor,
    user_id: UUID,
) -> int:
    """End every session, send the link that sets a new one; answer how many sessions there were.

    Whoever was in without right may have made ways back in: passkeys, API keys and identities at
    providers are taken away. An authenticator app stays, for by itself it opens nothing; see
    `reset_second_factor`.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `CANNOT_RESET_ROOT` or `USER_NOT_ACTIVE`.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.lose_password(now=now)
        take_keys(work, user, by=actor.user_id, now=now)
        work.passkeys.remove_all(user.id)
        ended = end_what_it_opened(work, user, ended_by=actor.user_id, now=now)
        mail_secret(
            work,
            secrets,
            MailedSecret.PASSWORD_RESET_FORCED,
            user=user,
            link=links.reset_password,
            now=now,
        )
        work.happenings.record(
            happened_to(
                user,
                work.organizations.of(user.id),
                Happening.PASSWORD_RESET_REQUESTED,
                by=actor.user_id,
                at=now,
            )
        )
        return ended
