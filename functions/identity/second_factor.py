"""The second factor: set up an authenticator app, keep recovery codes, sign in with either."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import Depends, Response
from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from functions.browser_mode import own_site
from functions.dependencies import personal, signing_in
from functions.routing import Router
from functions.signing_in import FromDevice, OpenedOut, opened_out
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.own_credentials import own_second_factor
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.recovery_codes import KeyedRecoveryCodes
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.adapters.totp import totp_codes
from shared.identity.application.second_factor.begin_totp import begin_totp
from shared.identity.application.second_factor.confirm_totp import confirm_totp
from shared.identity.application.second_factor.disable_totp import (
    disable_totp_by_code,
    disable_totp_by_password,
)
from shared.identity.application.second_factor.log_in_with_code import log_in_with_code
from shared.identity.application.second_factor.renew_recovery_codes import renew_recovery_codes
from shared.identity.application.second_factor.shown_code import ShownCode
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.second_factor import FactorMethod
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/auth", tags=["second_factor"])


async def _shown_once(response: Response) -> None:
    """Nobody on the way keeps what is never shown again."""
    response.headers["Cache-Control"] = "no-store"


_SHOWN_ONCE = Depends(_shown_once)

_Code = Annotated[SecretStr, Field(min_length=1, max_length=20, examples=["123456"])]
_RecoveryCode = Annotated[
    SecretStr, Field(min_length=1, max_length=40, examples=["abcd-efgh-jkmn-pqrs"])
]
_Password = Annotated[SecretStr, Field(min_length=1, examples=["Correct-Horse-1"])]
_REFUSED = refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


class _Shown(BaseModel):
    """Exactly one of its fields."""

    code: _Code | None = None
    recovery_code: _RecoveryCode | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        proofs = {"code", "recovery_code", "password"} & type(self).model_fields.keys()
        if sum(getattr(self, name) is not None for name in proofs) != 1:
            raise PydanticCustomError(
                "VALIDATION_ERROR", f"Send one of {', '.join(sorted(proofs))}"
            )
        return self

    @property
    def shown(self) -> ShownCode:
        if self.code is not None:
            return ShownCode(method=FactorMethod.TOTP, text=self.code.get_secret_value())
        assert self.recovery_code is not None
        return ShownCode(
            method=FactorMethod.RECOVERY_CODE, text=self.recovery_code.get_secret_value()
        )


class ShowCode(_Shown):
    """Either six digits of the authenticator app or one of the recovery codes."""


class LogInWithCode(_Shown):
    """`challenge` is what the first step answered, with either kind of code."""

    challenge: SecretStr = Field(
        min_length=1, max_length=100, examples=["what the login answered as challenge"]
    )


class DisableTotp(_Shown):
    """Either the password or a code of either kind."""

    password: _Password | None = None


class BeginTotp(BaseModel):
    """`password` may be left out within ten minutes of signing in."""

    password: _Password | None = None


class ConfirmTotp(BaseModel):
    code: _Code


class SecondFactorOut(BaseModel):
    """Where `enabled`, a password or an identity provider is not enough to sign in.

    Passkeys sign in by themselves: the device that has them is the second factor.
    """

    enabled: bool
    enabled_at: datetime | None
    recovery_codes_left: int
    passkeys: int


class BegunTotpOut(BaseModel):
    """Shown this once: `otpauth_uri` belongs in a QR code, `secret` is for typing it in."""

    secret: str
    otpauth_uri: str


class RecoveryCodesOut(BaseModel):
    """Shown this once, to be kept on paper; each is good for one sign-in."""

    recovery_codes: list[str]


@router.get("/second-factor")
def get(actor: Annotated[SignedIn, personal]) -> SecondFactorOut:
    """Whether the caller's second factor is enabled, and what is left of it."""
    own = own_second_factor(actor.user_id)
    return SecondFactorOut(
        enabled=own.enabled_at is not None,
        enabled_at=own.enabled_at,
        recovery_codes_left=own.recovery_codes_left,
        passkeys=own.passkeys,
    )


@router.post(
    "/second-factor/totp",
    dependencies=[_SHOWN_ONCE],
    responses={**_REFUSED, **refuses(HTTPStatus.CONFLICT)},
)
def begin_setup(
    actor: Annotated[SignedIn, personal], body: BeginTotp | None = None
) -> BegunTotpOut:
    """Begin to set up an authenticator app; nothing changes until a code confirms it.

    Somebody who signed in more than ten minutes ago sends the password, too.
    """
    password = body.password if body else None
    begun = begin_totp(
        begin,
        passwords(),
        totp_codes(),
        attempt_limits(),
        utc_now,
        actor=actor,
        password=password.get_secret_value() if password else None,
    )
    return BegunTotpOut(secret=begun.secret, otpauth_uri=begun.otpauth_uri)


@router.post(
    "/second-factor/totp/confirm",
    dependencies=[_SHOWN_ONCE],
    responses={**_REFUSED, **refuses(HTTPStatus.CONFLICT)},
)
def confirm(body: ConfirmTotp, actor: Annotated[SignedIn, personal]) -> RecoveryCodesOut:
    """Enable the second factor with a code of the app; the answer is ten recovery codes."""
    codes = confirm_totp(
        begin,
        totp_codes(),
        KeyedRecoveryCodes(tokens()),
        attempt_limits(),
        utc_now,
        actor=actor,
        code=body.code.get_secret_value(),
    )
    return RecoveryCodesOut(recovery_codes=codes)


@router.post(
    "/second-factor/recovery-codes",
    dependencies=[_SHOWN_ONCE],
    responses={**_REFUSED, **refuses(HTTPStatus.NOT_FOUND)},
)
def renew(body: ShowCode, actor: Annotated[SignedIn, personal]) -> RecoveryCodesOut:
    """Get ten new recovery codes; the old ones open nothing from now on."""
    codes = renew_recovery_codes(
        begin,
        totp_codes(),
        KeyedRecoveryCodes(tokens()),
        attempt_limits(),
        utc_now,
        actor=actor,
        shown=body.shown,
    )
    return RecoveryCodesOut(recovery_codes=codes)


@router.post(
    "/second-factor/totp/disable",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**_REFUSED, **refuses(HTTPStatus.NOT_FOUND)},
)
def disable(body: DisableTotp, actor: Annotated[SignedIn, personal]) -> None:
    """Sign in without a second factor again; the recovery codes are forgotten, too."""
    if body.password is not None:
        disable_totp_by_password(
            begin,
            passwords(),
            attempt_limits(),
            utc_now,
            actor=actor,
            password=body.password.get_secret_value(),
        )
        return
    disable_totp_by_code(
        begin,
        totp_codes(),
        KeyedRecoveryCodes(tokens()),
        attempt_limits(),
        utc_now,
        actor=actor,
        shown=body.shown,
    )


@router.post(
    "/login/second-factor",
    dependencies=[signing_in, own_site],
    responses={**_REFUSED, **refuses(HTTPStatus.FORBIDDEN)},
)
def log_in(body: LogInWithCode, device: FromDevice, response: Response) -> OpenedOut:
    """Finish signing in with a code; five wrong ones end the challenge."""
    opened = log_in_with_code(
        begin,
        JwtSessionTokens(tokens()),
        ONE_TIME_SECRETS,
        totp_codes(),
        KeyedRecoveryCodes(tokens()),
        attempt_limits(),
        utc_now,
        challenge=body.challenge.get_secret_value(),
        shown=body.shown,
        device=device,
    )
    return opened_out(opened, response)


app = create_app("Second factor")
app.include_router(router)
handler = lambda_handler(app)
