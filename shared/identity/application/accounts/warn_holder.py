"""Tell the holder of an account that somebody tried to register with its address."""

from datetime import datetime

from shared.identity.application.ports import AttemptLimits, Begin
from shared.identity.domain.attempts import TAKEN_BY_ACCOUNT
from shared.kernel.errors import LimitExceeded


def warn_holder(begin: Begin, limits: AttemptLimits, *, email: str, now: datetime) -> None:
    """It may have been the holder, who forgot; at most once an hour."""
    try:
        limits.count(TAKEN_BY_ACCOUNT.by(email))
    except LimitExceeded:
        return
    with begin() as work:
        holder = work.users.by_email(email)
        if holder is None or not holder.may_come_back:
            return
        work.outbox.mail(
            "account_exists",
            to=holder.email,
            locale=holder.locale,
            organization_id=work.organizations.of(holder.id)[0].organization_id,
            at=now,
            parameters={"name": holder.name},
        )
