"""Send the link that verifies an e-mail address once more."""

from shared.identity.application.accounts.mailed_secret import MailedSecret, mail_secret
from shared.identity.application.ports import AttemptLimits, Begin, Device, Links, OneTimeSecrets
from shared.identity.domain.attempts import RESEND_BY_ACCOUNT, RESEND_BY_ADDRESS
from shared.identity.domain.email import normalise_email
from shared.kernel.clock import Clock


def resend_verification(
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

    Nor whether its address is verified already; then nothing is sent.

    Raises:
        LimitExceeded: `TOO_MANY_ATTEMPTS`; see `forgot_password`.
    """
    email = normalise_email(email)
    limits.count(RESEND_BY_ADDRESS.at(device.address), RESEND_BY_ACCOUNT.by(email))
    with begin() as work:
        found = work.users.by_email(email)
        waits = found is not None and found.may_come_back and found.email_verified_at is None
        mail_secret(
            work,
            secrets,
            MailedSecret.VERIFICATION,
            user=found if waits else None,
            link=links.verify_email,
            now=clock(),
        )
