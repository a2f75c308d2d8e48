"""Register, log in, stay in, log out, and who am I."""

from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, SecretStr

from functions.dependencies import in_session, public, signed_in
from functions.identity.schemas import EmailAddress, UserOut
from shared.identity.adapters.login_limits import login_limits
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.registration import RegistrationSettings
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.application.accounts.register import register as register_person
from shared.identity.application.ports import Device
from shared.identity.application.sessions.log_in import log_in
from shared.identity.application.sessions.log_out import log_out
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.application.sessions.refresh_session import refresh_session
from shared.identity.domain.password import MAXIMUM_LENGTH, MINIMUM_LENGTH
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])

_USER_AGENT_LENGTH = 255


class Register(BaseModel):
    """`name` loses its tags; `timezone` is an IANA name."""

    email: EmailAddress
    password: SecretStr = Field(
        examples=["Correct-Horse-1"],
        json_schema_extra={"minLength": MINIMUM_LENGTH, "maxLength": MAXIMUM_LENGTH},
    )
    name: str = Field(examples=["Ada Lovelace"])
    timezone: str = Field("UTC", examples=["Europe/Berlin"])
    locale: str = Field("en", max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")


class LogIn(BaseModel):
    email: EmailAddress
    password: SecretStr = Field(min_length=1, examples=["Correct-Horse-1"])


class Refresh(BaseModel):
    refresh_token: SecretStr = Field(
        min_length=1, examples=["what the last login or refresh answered as refresh_token"]
    )


class TokensOut(BaseModel):
    """`expires_in` is the access token's life in seconds. A refresh token is good once."""

    access_token: str
    refresh_token: str
    expires_in: int


class OpenedSessionOut(TokensOut):
    user: UserOut

    @classmethod
    def of(cls, opened: OpenedSession, **more: object) -> Self:
        return cls.model_validate(
            {
                **more,
                "user": UserOut.of(opened.profile, opened.membership),
                "access_token": opened.tokens.access_token,
                "refresh_token": opened.tokens.refresh_token,
                "expires_in": opened.tokens.expires_in,
            }
        )


class RegisteredOut(OpenedSessionOut):
    """`is_pending`: the tokens begin to work when root has approved the account."""

    is_pending: bool


class MessageOut(BaseModel):
    message: str


def _device(request: Request) -> Device:
    """In the gateway's words; a header could be anybody's."""
    http = request.scope["aws.event"]["requestContext"]["http"]
    return Device(address=http["sourceIp"], user_agent=http["userAgent"][:_USER_AGENT_LENGTH])


FromDevice = Annotated[Device, Depends(_device)]


@router.post(
    "/register",
    status_code=201,
    dependencies=[public],
    responses=refuses(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
def register(body: Register, device: FromDevice) -> RegisteredOut:
    """Open an account with an organization of its own; the first of all belongs to root."""
    opened = register_person(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        utc_now,
        mode=RegistrationSettings.read().mode,
        email=body.email,
        password=body.password.get_secret_value(),
        name=body.name,
        timezone=body.timezone,
        locale=body.locale,
        device=device,
    )
    return RegisteredOut.of(opened, is_pending=opened.profile.status is UserStatus.PENDING_APPROVAL)


@router.post(
    "/login",
    dependencies=[public],
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
)
def login(body: LogIn, device: FromDevice) -> OpenedSessionOut:
    """Open a session with e-mail and password."""
    opened = log_in(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        login_limits(),
        utc_now,
        email=body.email,
        password=body.password.get_secret_value(),
        device=device,
    )
    return OpenedSessionOut.of(opened)


@router.post(
    "/refresh",
    dependencies=[public],
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
)
def refresh(body: Refresh) -> TokensOut:
    """Change a refresh token for two new tokens; one that was used before ends the session."""
    pair = refresh_session(
        begin,
        JwtSessionTokens(tokens()),
        login_limits(),
        utc_now,
        refresh_token=body.refresh_token.get_secret_value(),
    )
    return TokensOut.model_validate(pair, from_attributes=True)


@router.post("/logout")
def logout(actor: Annotated[SignedIn, in_session]) -> MessageOut:
    """End this session; its tokens are worth nothing from now on."""
    log_out(begin, utc_now, actor=actor)
    return MessageOut(message="Logged out successfully")


@router.get("/me")
def me(actor: Annotated[SignedIn, signed_in]) -> UserOut:
    """The caller, as seen in the organization of this session."""
    return UserOut.of(actor.profile, actor.membership)


app = create_app("Authentication")
app.include_router(router)
handler = lambda_handler(app)
