"""One's own account: what it says, and where one is at home."""

from typing import Annotated

from pydantic import BaseModel

from functions.dependencies import personal
from functions.envelopes import Data
from functions.identity.schemas import ChangeProfile, OrganizationOut, UserOut
from functions.routing import Router
from shared.identity.adapters.postgres import begin
from shared.identity.application.accounts.change_profile import change_profile
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.clock import utc_now

router = Router(tags=["profile"])


class DashboardOut(BaseModel):
    """Whom the page greets, and all organizations they may switch to."""

    message: str
    user: UserOut
    organizations: list[OrganizationOut]


@router.get("/users/me")
def own(actor: Annotated[SignedIn, personal]) -> UserOut:
    """The caller, with what they prefer."""
    return UserOut.of(actor.profile, actor.membership)


@router.patch("/users/me")
def change_own(body: ChangeProfile, actor: Annotated[SignedIn, personal]) -> UserOut:
    """Change the caller's name, time zone, language or picture."""
    profile = change_profile(
        begin, utc_now, actor=actor, user_id=actor.user_id, changes=body.changes()
    )
    return UserOut.of(profile, profile.within(actor.organization_id))


@router.get("/user/dashboard")
def dashboard(actor: Annotated[SignedIn, personal]) -> Data[DashboardOut]:
    """Where the caller arrives after signing in."""
    return Data[DashboardOut].of(
        DashboardOut(
            message="Welcome to your dashboard",
            user=UserOut.of(actor.profile, actor.membership),
            organizations=[OrganizationOut.of(each) for each in actor.profile.memberships],
        )
    )


app = create_app("Profile")
app.include_router(router, prefix="/api/v1")
handler = lambda_handler(app)
