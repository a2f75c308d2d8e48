"""What signing in answers: tokens to keep, cookies that scripts cannot read, or one more step."""

from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field

from functions.browser_mode import csrf_token, keep_in_cookies
from functions.identity.schemas import UserOut
from shared.identity.application.ports import Device, TokenPair
from shared.identity.application.sessions.admit import SecondFactorNeeded
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.second_factor import FactorMethod
from shared.infrastructure.tokens import tokens

_USER_AGENT_LENGTH = 255


async def _device(request: Request) -> Device:
    """In the gateway's words; a header could be anybody's."""
    http = request.scope["aws.event"]["requestContext"]["http"]
    return Device(address=http["sourceIp"], user_agent=http["userAgent"][:_USER_AGENT_LENGTH])


Browser = Annotated[
    bool,
    Field(description="Put the tokens into cookies that scripts cannot read, and answer none"),
]

FromDevice = Annotated[Device, Depends(_device)]


class TokensOut(BaseModel):
    """`expires_in` is the access token's life in seconds. A refresh token is good once."""

    access_token: str
    refresh_token: str
    expires_in: int


class CookiesOut(BaseModel):
    """The tokens are in cookies; `csrf_token` goes into `X-CSRF-Token` with whatever writes."""

    csrf_token: str
    expires_in: int


class _OpenedOut(BaseModel):
    """`session_version` may be sent back as `X-Session-Version`, which holds for this session only.

    Of another session it is refused with 401 `SESSION_KICKED`.
    """

    session_version: int
    user: UserOut


class OpenedSessionOut(TokensOut, _OpenedOut):
    @classmethod
    def of(cls, opened: OpenedSession, **more: object) -> Self:
        return cls.model_validate({**more, **_opened(opened), **_tokens(opened.tokens)})


class BrowserSessionOut(CookiesOut, _OpenedOut):
    @classmethod
    def of(cls, opened: OpenedSession, **more: object) -> Self:
        return cls.model_validate(
            {**more, **_opened(opened), **_cookies(opened.tokens, opened.session_id)}
        )


class SecondFactorNeededOut(BaseModel):
    """So far it is right; `challenge` is for `POST /auth/login/second-factor`, by one of `methods`.

    The step opens the session in the way that was asked for here, with tokens or with cookies.
    """

    second_factor_required: Literal[True]
    challenge: str
    methods: list[FactorMethod]
    expires_in: int


OpenedOut = OpenedSessionOut | BrowserSessionOut
SignedInOut = OpenedOut | SecondFactorNeededOut
RefreshedOut = TokensOut | CookiesOut


def signed_in_out(signed_in: OpenedSession | SecondFactorNeeded, response: Response) -> SignedInOut:
    """The answer, and its cookies where they were asked for."""
    match signed_in:
        case SecondFactorNeeded():
            return SecondFactorNeededOut(
                second_factor_required=True,
                challenge=signed_in.token,
                methods=list(signed_in.methods),
                expires_in=signed_in.expires_in,
            )
        case OpenedSession():
            return opened_out(signed_in, response)


def opened_out(opened: OpenedSession, response: Response) -> OpenedOut:
    """The answer where nothing more is asked for."""
    if not opened.browser:
        return OpenedSessionOut.of(opened)
    keep(response, opened.tokens)
    return BrowserSessionOut.of(opened)


def refreshed_out(
    pair: TokenPair, session_id: UUID, response: Response, *, browser: bool
) -> RefreshedOut:
    """New tokens of a session that goes on, in the way it keeps them."""
    if not browser:
        return TokensOut.model_validate(_tokens(pair))
    keep(response, pair)
    return CookiesOut.model_validate(_cookies(pair, session_id))


def keep(response: Response, pair: TokenPair) -> None:
    keep_in_cookies(response, pair, refresh_seconds=tokens().refresh_seconds)


def _opened(opened: OpenedSession) -> dict[str, object]:
    return {
        "session_version": opened.version,
        "user": UserOut.of(opened.profile, opened.membership),
    }


def _tokens(pair: TokenPair) -> dict[str, object]:
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expires_in": pair.expires_in,
    }


def _cookies(pair: TokenPair, session_id: UUID) -> dict[str, object]:
    return {"csrf_token": csrf_token(session_id), "expires_in": pair.expires_in}
