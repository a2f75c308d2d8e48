"""Register: by the longer form, or by e-mail and password alone."""

from http import HTTPStatus

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr

from functions.browser_mode import own_site_if_asked
from functions.dependencies import public
from functions.identity.schemas import EmailAddress, Locale
from functions.routing import Router
from functions.signing_in import (
    Browser,
    BrowserSessionOut,
    FromDevice,
    OpenedSessionOut,
    keep,
)
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.links import links
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.registration import RegistrationSettings
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.adapters.waking import begin
from shared.identity.application.accounts.register import register as register_person
from shared.identity.application.ports import Device
from shared.identity.domain.password import MAXIMUM_LENGTH, MINIMUM_LENGTH
from shared.identity.domain.user import UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now

router = Router(tags=["auth"])


class SignUp(BaseModel):
    """`name` loses its tags, and is what comes before the at sign where it is not given.

    `timezone` is an IANA name. `invitation_token` is what came by mail: whoever registers with it
    joins the organization at once, and the address it came to is verified.
    """

    email: EmailAddress
    password: SecretStr = Field(
        examples=["Correct-Horse-1"],
        json_schema_extra={"minLength": MINIMUM_LENGTH, "maxLength": MAXIMUM_LENGTH},
    )
    name: str | None = Field(None, examples=["Ada Lovelace"])
    timezone: str = Field("UTC", examples=["Europe/Berlin"])
    locale: Locale = "en"
    invitation_token: SecretStr | None = Field(None, max_length=256)
    browser: Browser = False


class Register(SignUp):
    """The same, by name."""

    name: str = Field(examples=["Ada Lovelace"])


class _PendingOut(BaseModel):
    is_pending: bool = Field(
        description="The tokens begin to work when the account is active; before that root approves"
        " it, or its e-mail address is verified, or both: see the user's status"
    )


class RegisteredTokensOut(_PendingOut, OpenedSessionOut):
    """A session with its tokens in the answer."""


class RegisteredBrowserOut(_PendingOut, BrowserSessionOut):
    """A session with its tokens in cookies."""


RegisteredOut = RegisteredTokensOut | RegisteredBrowserOut

_REFUSES = refuses(
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_MANY_REQUESTS,
)


@router.post(
    "/register", status_code=201, dependencies=[public, own_site_if_asked], responses=_REFUSES
)
def register(body: Register, device: FromDevice, response: Response) -> RegisteredOut:
    """Open an account with an organization of its own; the first of all belongs to root."""
    return _register(body, device, response)


@router.post(
    "/signup", status_code=201, dependencies=[public, own_site_if_asked], responses=_REFUSES
)
def sign_up(body: SignUp, device: FromDevice, response: Response) -> RegisteredOut:
    """Open an account with no more than an e-mail address and a password."""
    return _register(body, device, response)


def _register(body: SignUp, device: Device, response: Response) -> RegisteredOut:
    settings, invitation = RegistrationSettings.read(), body.invitation_token
    opened = register_person(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        ONE_TIME_SECRETS,
        links(),
        attempt_limits(),
        utc_now,
        mode=settings.mode,
        demands_verification=settings.verified_email,
        email=body.email,
        password=body.password.get_secret_value(),
        name=body.name,
        timezone=body.timezone,
        locale=body.locale,
        device=device,
        browser=body.browser,
        invitation_token=invitation.get_secret_value() if invitation else None,
    )
    is_pending = opened.profile.status is not UserStatus.ACTIVE
    if not opened.browser:
        return RegisteredTokensOut.of(opened, is_pending=is_pending)
    keep(response, opened.tokens)
    return RegisteredBrowserOut.of(opened, is_pending=is_pending)


app = create_app("Registration")
app.include_router(router, prefix="/api/v1/auth")
app.include_router(router, prefix="/api/v1/system/auth", include_in_schema=False)
handler = lambda_handler(app)
