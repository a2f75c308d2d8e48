"""Log in, stay in, log out, and who am I."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Body, Request, Response
from pydantic import BaseModel, Field, SecretStr

from functions.browser_mode import (
    REFRESH_COOKIE,
    FromBrowser,
    csrf_token,
    demand_no_forgery,
    forget_cookies,
    own_site_if_asked,
)
from functions.dependencies import public, signed_in, signing_in, signing_out
from functions.identity.schemas import EmailAddress, SessionsRevokedOut, UserOut
from functions.routing import Router
from functions.signing_in import (
    Browser,
    FromDevice,
    RefreshedOut,
    SignedInOut,
    refreshed_out,
    signed_in_out,
)
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.application.sessions.end_sessions import log_out_everywhere
from shared.identity.application.sessions.log_in import log_in
from shared.identity.application.sessions.log_out import log_out
from shared.identity.application.sessions.refresh_session import refresh_session
from shared.identity.domain.profile import ByKey, SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import CSRF_TOKEN, refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation, Unauthenticated

router = Router(tags=["auth"])


class LogIn(BaseModel):
    email: EmailAddress
    password: SecretStr = Field(min_length=1, examples=["Correct-Horse-1"])
    browser: Browser = False


class Refresh(BaseModel):
    refresh_token: SecretStr | None = Field(
        None, examples=["what the last login or refresh answered as refresh_token"]
    )


class LogOut(BaseModel):
    """`revoke_all_sessions` ends the others as well, as `POST /auth/logout-all` does."""

    revoke_all_sessions: bool = False


class CsrfOut(BaseModel):
    """What goes into `X-CSRF-Token`."""

    csrf_token: str


@router.post(
    "/login",
    dependencies=[signing_in, own_site_if_asked],
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
)
def login(body: LogIn, device: FromDevice, response: Response) -> SignedInOut:
    """Open a session with e-mail and password, or learn what the second factor is to prove."""
    signed = log_in(
        begin,
        passwords(),
        JwtSessionTokens(tokens()),
        ONE_TIME_SECRETS,
        attempt_limits(),
        utc_now,
        email=body.email,
        password=body.password.get_secret_value(),
        device=device,
        browser=body.browser,
    )
    return signed_in_out(signed, response)


@router.post(
    "/refresh",
    dependencies=[signing_in],
    openapi_extra={"parameters": [CSRF_TOKEN]},
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
)
def refresh(
    request: Request, response: Response, body: Annotated[Refresh | None, Body()] = None
) -> RefreshedOut:
    """Change a refresh token for two new tokens; one that was used before ends the session.

    Without a body the token in the browser's cookie is meant.
    """
    in_body = body.refresh_token.get_secret_value() if body and body.refresh_token else None
    presented = in_body or request.cookies.get(REFRESH_COOKIE)
    if not presented:
        raise RuleViolation("VALIDATION_ERROR", "A refresh token is needed", field="refresh_token")
    session_tokens = JwtSessionTokens(tokens())
    given = session_tokens.read_refresh_token(presented)
    if not in_body:
        demand_no_forgery(request, given.session_id)
    refreshed = refresh_session(begin, session_tokens, attempt_limits(), utc_now, given=given)
    return refreshed_out(refreshed.tokens, refreshed.session_id, response, browser=not in_body)


@router.get("/csrf", dependencies=[public], responses=refuses(HTTPStatus.UNAUTHORIZED))
def csrf(request: Request) -> CsrfOut:
    """The token that a browser's session writes with, for a page that was loaded anew."""
    presented = request.cookies.get(REFRESH_COOKIE)
    if not presented:
        raise Unauthenticated("UNAUTHORIZED", "A browser's session is needed")
    given = JwtSessionTokens(tokens()).read_refresh_token(presented)
    return CsrfOut(csrf_token=csrf_token(given.session_id))


@router.post("/logout")
def logout(
    actor: Annotated[SignedIn, signing_out],
    in_browser: FromBrowser,
    response: Response,
    body: Annotated[LogOut | None, Body()] = None,
) -> SessionsRevokedOut:
    """End this session; its tokens are worth nothing from now on."""
    if body is not None and body.revoke_all_sessions:
        ended = log_out_everywhere(begin, utc_now, actor=actor, but_here=False)
    else:
        ended = log_out(begin, utc_now, actor=actor)
    if in_browser:
        forget_cookies(response)
    return SessionsRevokedOut(message="Logged out successfully", sessions_revoked=ended)


@router.post("/logout-all")
def logout_all(
    actor: Annotated[SignedIn, signing_out], in_browser: FromBrowser, response: Response
) -> SessionsRevokedOut:
    """End every session of the caller, this one, too."""
    ended = log_out_everywhere(begin, utc_now, actor=actor, but_here=False)
    if in_browser:
        forget_cookies(response)
    return SessionsRevokedOut(message="Logged out everywhere", sessions_revoked=ended)


@router.get("/me")
async def me(actor: Annotated[SignedIn | ByKey, signed_in]) -> UserOut:
    """The caller, as seen in the organization of this session or key, and what they may there."""
    return UserOut.of(actor.profile, actor.membership, may=actor.permissions)


app = create_app("Authentication")
app.include_router(router, prefix="/api/v1/auth")
app.include_router(router, prefix="/api/v1/system/auth", include_in_schema=False)
handler = lambda_handler(app)
