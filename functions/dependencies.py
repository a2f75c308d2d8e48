"""What every HTTP function may ask FastAPI for: who is asking, and what they may."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.identity.adapters.authentication import authenticate
from shared.identity.domain.profile import SignedIn
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied, Unauthenticated

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="access_token",
    description="The access token of POST /api/v1/auth/login",
)


def current_actor(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Actor:
    """Who the request is from, proved once however often it is asked."""
    proved: Actor | None = getattr(request.state, "actor", None)
    if proved is None:
        if credentials is None:
            raise Unauthenticated("UNAUTHORIZED", "A bearer token is needed")
        proved = request.state.actor = authenticate(credentials.credentials)
    return proved


class Policy:
    """What a route demands of its caller; a test walks the routes and finds one on each.

    `word` is a permission, ``signed in``, ``in session`` or ``public``.
    """

    def __init__(self, word: str) -> None:
        self.word = word


class Guarded(Policy):
    def __init__(self, permission: str | None) -> None:
        super().__init__(permission or "signed in")
        self._permission = permission

    def __call__(self, actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
        if self._permission is not None and not actor.may(self._permission):
            raise PermissionDenied("FORBIDDEN", f"This needs the permission {self._permission}")
        return actor


class InSession(Policy):
    """What concerns a person's own account is not for programs that act for them."""

    def __init__(self) -> None:
        super().__init__("in session")

    def __call__(self, actor: Annotated[Actor, Depends(current_actor)]) -> SignedIn:
        if not isinstance(actor, SignedIn):
            raise PermissionDenied("SESSION_REQUIRED", "This needs a person who is signed in")
        return actor


class Public(Policy):
    """Anybody may call: said aloud."""

    def __init__(self) -> None:
        super().__init__("public")

    def __call__(self) -> None:
        return None


def requires(permission: str) -> Any:
    """Demand a permission: ``actor: Annotated[Actor, requires("posts:write")]``."""
    return Depends(Guarded(permission))


signed_in: Any = Depends(Guarded(None))
"""Any active user, whatever their role, or a program that acts for one."""

in_session: Any = Depends(InSession())
"""Any active person, signed in themselves."""

public: Any = Depends(Public())
