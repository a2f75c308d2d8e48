"""Send somebody who forgot their password a link to set a new one."""

from shared.identity.application.accounts.mailed_secret import MailedSecret, mail_secret
from shared.identity.application.ports import AttemptLimits, Begin, Device, Links, OneTimeSecrets
from shared.identity.domain.attempts import FORGOT_BY_ACCOUNT, FORGOT_BY_ADDRESS
from shared.identity.domain.email import normalise_email
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def forgot_password(
    begin: Begin,
    secrets: OneTimeSecrets,
    links: Links,
    limits: AttemptLimits,
    clock: Clock,
    *,
    email: str,
    device: Device,
) -> None:
    """Neither what follows nor how long it takes tells whether there is such an account.

    Raises:
        LimitExceeded: `TOO_MANY_ATTEMPTS`; for the address asked for, whoever asks, or for whoever
            asks, whatever for.
    """
    email = normalise_email(email)
    limits.count(FORGOT_BY_ADDRESS.at(device.address), FORGOT_BY_ACCOUNT.by(email))
    now = clock()
    with begin() as work:
        found = work.users.by_email(email)
        user = found if found is not None and found.may_come_back else None
        organization_id = mail_secret(
            work,
            secrets,
            MailedSecret.PASSWORD_RESET,
            user=user,
            link=links.reset_password,
            now=now,
        )
        if user is None or organization_id is None:
            work.happenings.record_nobodys()
            return
        work.happenings.record(
            Happened(
                what=Happening.PASSWORD_RESET_REQUESTED,
                organization_id=organization_id,
                subject_id=user.id,
                at=now,
                details={"address": device.address},
            )
        )
