"""The accounts somewhere else that open one's own: look at them, link one more, let one go."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Body, Response
from pydantic import BaseModel, SecretStr

from functions.dependencies import personal
from functions.envelopes import Data
from functions.identity.schemas import IdentityOut
from functions.routing import Router
from functions.setting_out import (
    CALLBACK,
    DepartureOut,
    FromKnownBrowser,
    depart,
    keep_secret,
)
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.oidc import provider_named
from shared.identity.adapters.own_credentials import own_identities
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.application.external.unlink_identity import unlink_identity
from shared.identity.application.second_factor.own_password import demand_fresh_proof
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/auth/identities", tags=["identities"])


class Link(BaseModel):
    """`password`: where the session is more than ten minutes old."""

    password: SecretStr | None = None


@router.get("")
def list_(actor: Annotated[SignedIn, personal]) -> Data[list[IdentityOut]]:
    """The accounts somewhere else that open the caller's, oldest first."""
    return Data[list[IdentityOut]].of(own_identities(actor.user_id))


@router.post(
    "/{provider}/link",
    responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY),
)
def link(
    provider: str,
    actor: Annotated[SignedIn, personal],
    browser: FromKnownBrowser,
    response: Response,
    body: Annotated[Link | None, Body()] = None,
) -> DepartureOut:
    """Say where to send the browser, so that the caller may sign in from there, too.

    Where the session is more than ten minutes old, the password is asked for once more.
    """
    found = provider_named(provider)
    demand_fresh_proof(
        begin,
        passwords(),
        attempt_limits(),
        utc_now,
        actor=actor,
        password=body.password.get_secret_value() if body and body.password else None,
    )
    departure = depart(found, CALLBACK.format(provider), browser, actor)
    keep_secret(departure, response)
    return DepartureOut.model_validate(departure)


@router.delete(
    "/{provider}",
    status_code=204,
    responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def unlink(provider: str, actor: Annotated[SignedIn, personal]) -> None:
    """Let the caller no longer sign in from there, unless there is no other way in."""
    unlink_identity(begin, utc_now, actor=actor, provider=provider)


app = create_app("External identities")
app.include_router(router)
handler = lambda_handler(app)
