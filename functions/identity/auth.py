"""Register, log in, stay in, log out, and who am I."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, Field, SecretStr

from functions.dependencies import public, signed_in
from functions.identity.schemas import EmailAddress, UserOut
from shared.identity.adapters.attempts import attempts
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.registration import registration_mode
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.application.log_in import log_in
from shared.identity.application.log_out import log_out
from shared.identity.application.ports import Device
from shared.identity.application.refresh_session import refresh_session
from shared.identity.application.register import register
from shared.identity.application.sign_in import Entrance
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now

app = create_app("Authentication")
router = APIRouter(prefix="/api/v1/auth", tags=["auth"])

_USER_AGENT_LENGTH = 255


class Register(BaseModel):
    """`name` loses its tags; `timezone` is an IANA name."""

    email: EmailAddress
    password: SecretStr = Field(examples=["Correct-Horse-1"])
    name: str = Field(examples=["Ada Lovelace"])
    timezone: str = Field("UTC", examples=["Europe/Berlin"])
    locale: str = Field("en", max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")


class LogIn(BaseModel):
    email: EmailAddress
    password: SecretStr = Field(min_length=1)


class Refresh(BaseModel):
    refresh_token: SecretStr = Field(min_length=1)


class TokensOut(BaseModel):
    """`expires_in` is the access token's life in seconds. A refresh token is good once."""

    access_token: str
    refresh_token: str
    expires_in: int


class EntranceOut(TokensOut):
    user: UserOut

    @classmethod
    def of(cls, entrance: Entrance, **more: object) -> Self:
        return cls.model_validate(
            {
                **more,
                "user": UserOut.of(entrance.profile, entrance.affiliation),
                "access_token": entrance.tokens.access_token,
                "refresh_token": entrance.tokens.refresh_token,
                "expires_in": entrance.tokens.expires_in,
            }
        )


class RegisteredOut(EntranceOut):
    """`is_pending`: the tokens begin to work when root has approved the account."""

    is_pending: bool


class MessageOut(BaseModel):
    message: str


def _device(request: Request, user_agent: Annotated[str, Header()] = "") -> Device:
    """The address is the gateway's word; a header could be anybody's."""
    http = request.scope["aws.event"]["requestContext"]["http"]
    return Device(address=http["sourceIp"], user_agent=user_agent[:_USER_AGENT_LENGTH])


FromDevice = Annotated[Device, Depends(_device)]


@router.post("/register", status_code=201, dependencies=[public])
def post_register(body: Register, device: FromDevice) -> RegisteredOut:
    entrance = register(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        utc_now,
        mode=registration_mode(),
        email=body.email,
        password=body.password.get_secret_value(),
        name=body.name,
        timezone=body.timezone,
        locale=body.locale,
        device=device,
    )
    return RegisteredOut.of(entrance, is_pending=entrance.profile.status == "pending_approval")


@router.post("/login", dependencies=[public])
def post_login(body: LogIn, device: FromDevice) -> EntranceOut:
    entrance = log_in(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        attempts(),
        utc_now,
        email=body.email,
        password=body.password.get_secret_value(),
        device=device,
    )
    return EntranceOut.of(entrance)


@router.post("/refresh", dependencies=[public])
def post_refresh(body: Refresh) -> TokensOut:
    pair = refresh_session(
        begin,
        JwtSessionTokens(tokens()),
        attempts(),
        utc_now,
        refresh_token=body.refresh_token.get_secret_value(),
    )
    return TokensOut.model_validate(pair, from_attributes=True)


@router.post("/logout")
def post_logout(actor: Annotated[SignedIn, signed_in]) -> MessageOut:
    log_out(begin, utc_now, actor=actor)
    return MessageOut(message="Logged out successfully")


@router.get("/me")
def get_me(actor: Annotated[SignedIn, signed_in]) -> UserOut:
    return UserOut.of(actor.profile, actor.affiliation)


app.include_router(router)
handler = lambda_handler(app)
