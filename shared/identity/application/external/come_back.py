"""Receive a person whom an identity provider sends back: no transaction while it is asked."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from shared.identity.application.external.account_of import account_of
from shared.identity.application.external.finish_linking import finish_linking
from shared.identity.application.external.ports import IdentityProvider, Returned
from shared.identity.application.external.spend_state import spend_state
from shared.identity.application.ports import Begin, Device, OneTimeSecrets
from shared.identity.domain.browser_binding import CODE_LASTS, BrowserSecret
from shared.identity.domain.external_identity import ExternalClaims, ExternalIdentity
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.registration import RegistrationMode
from shared.identity.domain.user import UserStatus, demand_active
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, FaultyService, PermissionDenied, RuleViolation
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import new_id

logger = logging.getLogger(__name__)

_LONGEST_LOGGED = 100


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody is known; `code` is to be changed for a session by the browser that brought them."""

    code: str = field(repr=False)


def come_back(
    begin: Begin,
    provider: IdentityProvider,
    secrets: OneTimeSecrets,
    clock: Clock,
    *,
    returned: Returned,
    browser: BrowserSecret | None,
    mode: RegistrationMode,
    device: Device,
) -> Arrival | ExternalIdentity:
    """Answers a code for whoever signs in, the identity for whoever linked it to their account.

    Raises:
        RuleViolation: `INVALID_OAUTH_STATE`, `OAUTH_ISSUER_MISMATCH`,
            `MISSING_AUTHORIZATION_CODE` or `INVALID_AUTHORIZATION_CODE`.
        PermissionDenied: `OAUTH_ACCESS_DENIED`, the person said no there; `EMAIL_NOT_VERIFIED`,
            `REGISTRATION_CLOSED`; or see `shared.identity.domain.user.demand_active`.
        Unauthenticated: see `finish_linking`.
        NotFound: see `accept_within`.
        Conflict: see `account_of` and `link_identity`.
        Unavailable, FaultyService: see `IdentityProvider`.
    """
    journey, browser = spend_state(
        begin, provider, secrets, state=returned.state, browser=browser, now=clock()
    )
    provider.demand_issuer(returned.issuer)
    claims = provider.redeem(
        _code(returned),
        redirect_uri=journey.redirect_uri,
        nonce=browser.nonce(returned.state),
        code_verifier=browser.code_verifier(returned.state),
    )
    now = clock()
    if journey.links_to is not None:
        return finish_linking(
            begin,
            provider,
            user_id=journey.links_to.user_id,
            session_id=journey.links_to.session_id,
            claims=claims,
            now=now,
        )

    def sign_in() -> tuple[UserStatus, str]:
        return _sign_in(
            begin,
            provider,
            secrets,
            claims=claims,
            invitation_hash=journey.invitation_hash,
            browser=browser,
            mode=mode,
            device=device,
            now=now,
        )

    try:
        status, code = sign_in()
    except Conflict:  # somebody was as quick, maybe this person in another tab: look once more
        status, code = sign_in()
    demand_active(status)
    return Arrival(code=code)


def _code(returned: Returned) -> str:
    if returned.error == "access_denied":
        raise PermissionDenied("OAUTH_ACCESS_DENIED", "You did not agree at the identity provider")
    if returned.error is not None:
        logger.warning("external_sign_in_failed", extra={"error": returned.error[:_LONGEST_LOGGED]})
        raise FaultyService("OAUTH_PROVIDER_ERROR", "The identity provider reports an error")
    if not returned.code:
        raise RuleViolation("MISSING_AUTHORIZATION_CODE", "The code is missing", field="code")
    return returned.code


def _sign_in(
    begin: Begin,
    provider: IdentityProvider,
    secrets: OneTimeSecrets,
    *,
    claims: ExternalClaims,
    invitation_hash: str | None,
    browser: BrowserSecret,
    mode: RegistrationMode,
    device: Device,
    now: datetime,
) -> tuple[UserStatus, str]:
    """A new account stays, and so does what is told of a refusal, whoever is refused after it."""
    code, code_hash = secrets.new()
    with begin() as work:
        user = account_of(
            work,
            provider,
            claims=claims,
            invitation_hash=invitation_hash,
            mode=mode,
            device=device,
            now=now,
        )
        if user.status is UserStatus.ACTIVE:
            work.one_time_tokens.add(
                OneTimeToken(
                    id=new_id(),
                    purpose=TokenPurpose.EXTERNAL_CODE,
                    token_hash=code_hash,
                    user_id=user.id,
                    created_at=now,
                    expires_at=now + CODE_LASTS,
                    details={"browser": secrets.hash(browser.text)},
                )
            )
        else:
            work.happenings.record(
                Happened(
                    what=Happening.OAUTH_LOGIN_FAILED,
                    organization_id=work.organizations.of(user.id)[0].organization_id,
                    subject_id=user.id,
                    at=now,
                    details={"provider": provider.name, "status": user.status},
                )
            )
        return user.status, code
