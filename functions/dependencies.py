"""What every HTTP function may ask FastAPI for: who is asking, what they may, which page."""

from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.identity.adapters.authentication import authenticate
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied, Unauthenticated
from shared.kernel.paging import Paging

bearer = HTTPBearer(auto_error=False, description="The access token of POST /auth/login")


def current_actor(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Actor:
    if credentials is None:
        raise Unauthenticated("UNAUTHORIZED", "A bearer token is needed")
    return authenticate(credentials.credentials)


class Policy:
    """What a route demands of its caller; a test walks the routes and finds one on each."""

    def __init__(self, permission: str | None) -> None:
        self.permission = permission

    def __call__(self, actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
        if self.permission is not None and not actor.may(self.permission):
            raise PermissionDenied("FORBIDDEN", f"This needs the permission {self.permission}")
        return actor


class Public(Policy):
    """Anybody may call: said aloud."""

    def __init__(self) -> None:
        super().__init__(None)

    def __call__(self) -> None:  # type: ignore[override]
        return None


def requires(permission: str) -> Any:
    """Demand a permission: ``actor: Annotated[Actor, requires("posts:write")]``."""
    return Depends(Policy(permission))


signed_in: Any = Depends(Policy(None))
"""Any active user, whatever their role."""

public: Any = Depends(Public())


def paging(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Paging:
    return Paging(limit=limit, offset=offset)


PageOf = Annotated[Paging, Depends(paging)]
