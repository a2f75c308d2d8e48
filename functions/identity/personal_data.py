"""What is kept about the caller: handed out, or forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Self

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr

from functions.browser_mode import FromBrowser, forget_cookies
from functions.dependencies import personal
from functions.envelopes import Data
from functions.routing import Router
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.erasure import erase
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.personal_data import PersonalData, personal_data
from shared.identity.adapters.postgres import begin
from shared.identity.application.accounts.erase_user import erase_user
from shared.identity.application.second_factor.own_password import demand_password
from shared.identity.domain.password import MAXIMUM_LENGTH
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/users/me", tags=["personal_data"])


class PersonalDataOut(BaseModel):
    """`about` has rows by kind, `made` how many things of a kind the person had a part in."""

    exported_at: datetime
    account: Mapping[str, Any]
    about: Mapping[str, Sequence[Mapping[str, Any]]]
    made: Mapping[str, int]
    events: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, found: PersonalData) -> Self:
        return cls(
            exported_at=utc_now(),
            account=found.account,
            about=found.about,
            made=found.made,
            events=found.events,
        )


class EraseMe(BaseModel):
    password: SecretStr = Field(max_length=MAXIMUM_LENGTH)
    hand_over: bool = Field(
        default=False,
        description="Where others would lose their last owner, make the highest of them one",
    )


@router.get("/export")
def export(actor: Annotated[SignedIn, personal], response: Response) -> Data[PersonalDataOut]:
    """All that is kept about the caller, without what proves them.

    What they wrote belongs to their organization: `GET /posts/export`.
    """
    response.headers["Cache-Control"] = "no-store"
    return Data[PersonalDataOut].of(PersonalDataOut.of(personal_data(actor.user_id)))


@router.post(
    "/erase",
    status_code=HTTPStatus.NO_CONTENT,
    responses=refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
def erase_me(
    body: EraseMe,
    actor: Annotated[SignedIn, personal],
    in_browser: FromBrowser,
    response: Response,
) -> None:
    """Close the caller's account for good: what they did stays, and nothing tells who they were."""
    demand_password(
        begin,
        passwords(),
        attempt_limits(),
        actor=actor,
        password=body.password.get_secret_value(),
    )
    erase_user(begin, erase, utc_now, actor=actor, user_id=actor.user_id, hand_over=body.hand_over)
    if in_browser:
        forget_cookies(response)


app = create_app("Personal data")
app.include_router(router)
handler = lambda_handler(app)
