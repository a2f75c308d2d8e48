"""Passwords changed, forgotten and set anew; e-mail addresses verified."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from functions.browser_mode import FromBrowser, forget_cookies
from functions.dependencies import personal, public
from functions.even_time import even_time
from functions.identity.schemas import EmailAddress, MessageOut, SessionsRevokedOut
from functions.routing import Router
from functions.signing_in import FromDevice
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.links import links
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.registration import RegistrationSettings
from shared.identity.adapters.waking import begin
from shared.identity.application.accounts import (
    change_password,
    forgot_password,
    resend_verification,
    reset_password,
    verify_email,
)
from shared.identity.domain.password import MAXIMUM_LENGTH, MINIMUM_LENGTH
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.clock import utc_now

router = Router(tags=["auth"])

_TOKEN_LENGTH = 256
_LIMITED = refuses(HTTPStatus.TOO_MANY_REQUESTS)


class NewPassword(BaseModel):
    """`new_password_confirm` is compared where it is sent."""

    new_password: SecretStr = Field(
        examples=["Correct-Horse-2"],
        json_schema_extra={"minLength": MINIMUM_LENGTH, "maxLength": MAXIMUM_LENGTH},
    )
    new_password_confirm: SecretStr | None = Field(None, examples=["Correct-Horse-2"])

    @field_validator("new_password_confirm")
    @classmethod
    def _is_the_same(cls, given: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        new = others.data.get("new_password")
        if given is not None and new is not None and given != new:
            raise PydanticCustomError("PASSWORD_MISMATCH", "The passwords differ")
        return given


class ChangePassword(NewPassword):
    """`revoke_all_sessions` ends this session as well; the others end anyway."""

    current_password: SecretStr = Field(min_length=1, examples=["Correct-Horse-1"])
    revoke_all_sessions: bool = False


class ResetPassword(NewPassword):
    token: SecretStr = Field(
        max_length=_TOKEN_LENGTH, examples=["what the link in the mail ends with"]
    )


class Address(BaseModel):
    email: EmailAddress


class VerifyEmail(BaseModel):
    token: SecretStr = Field(
        max_length=_TOKEN_LENGTH, examples=["what the link in the mail ends with"]
    )


class ChangedPasswordOut(SessionsRevokedOut):
    password_changed_at: datetime


@router.post("/change-password", responses=_LIMITED)
def change(
    body: ChangePassword,
    actor: Annotated[SignedIn, personal],
    in_browser: FromBrowser,
    response: Response,
) -> ChangedPasswordOut:
    """Change the caller's password; whoever else is signed in with the old one no longer is."""
    changed = change_password.change_password(
        begin,
        passwords(),
        attempt_limits(),
        utc_now,
        actor=actor,
        current_password=body.current_password.get_secret_value(),
        new_password=body.new_password.get_secret_value(),
        revoke_all_sessions=body.revoke_all_sessions,
    )
    if in_browser and body.revoke_all_sessions:
        forget_cookies(response)
    return ChangedPasswordOut(
        message="Password changed",
        sessions_revoked=changed.sessions_revoked,
        password_changed_at=changed.password_changed_at,
    )


@router.post(
    "/forgot-password",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[public],
    responses=_LIMITED,
)
def forgot(body: Address, device: FromDevice) -> MessageOut:
    """Have a link sent with which to set a new password, good once and for half an hour."""
    with even_time():
        forgot_password.forgot_password(
            begin,
            ONE_TIME_SECRETS,
            links(),
            attempt_limits(),
            utc_now,
            email=body.email,
            device=device,
        )
    return MessageOut(message="If there is such an account, a mail is on its way to it")


@router.post("/reset-password", dependencies=[public], responses=_LIMITED)
def reset(body: ResetPassword, device: FromDevice) -> SessionsRevokedOut:
    """Set a new password by what came by mail; every session ends."""
    ended = reset_password.reset_password(
        begin,
        passwords(),
        ONE_TIME_SECRETS,
        attempt_limits(),
        utc_now,
        token=body.token.get_secret_value(),
        new_password=body.new_password.get_secret_value(),
        mode=RegistrationSettings.read().mode,
        device=device,
    )
    return SessionsRevokedOut(message="Password set: log in with it", sessions_revoked=ended)


@router.post("/verify-email", dependencies=[public], responses=_LIMITED)
def verify(body: VerifyEmail, device: FromDevice) -> MessageOut:
    """Verify an e-mail address by what came by mail."""
    verify_email.verify_email(
        begin,
        ONE_TIME_SECRETS,
        attempt_limits(),
        utc_now,
        token=body.token.get_secret_value(),
        mode=RegistrationSettings.read().mode,
        device=device,
    )
    return MessageOut(message="E-mail address verified")


@router.post(
    "/resend-verification",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[public],
    responses=_LIMITED,
)
def resend(body: Address, device: FromDevice) -> MessageOut:
    """Have the link that verifies the address sent once more."""
    with even_time():
        resend_verification.resend_verification(
            begin,
            ONE_TIME_SECRETS,
            links(),
            attempt_limits(),
            utc_now,
            email=body.email,
            device=device,
        )
    return MessageOut(message="If there is such an account to verify, a mail is on its way to it")


app = create_app("Credentials")
app.include_router(router, prefix="/api/v1/auth")
app.include_router(router, prefix="/api/v1/system/auth", include_in_schema=False)
handler = lambda_handler(app)
