"""The rule of routes below ``/organizations/{organization_id}``: they act where the caller is."""

from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from functions.dependencies import current_actor
from shared.identity.adapters.member_queries import organization_exists
from shared.infrastructure.tenancy import everywhere
from shared.kernel.errors import NotFound, PermissionDenied


async def _demand_own(organization_id: UUID, request: Request) -> None:
    actor = await current_actor(request)
    if organization_id == actor.organization_id:
        return
    with everywhere():
        is_there = organization_exists(organization_id)
    if not is_there:
        raise NotFound("ORGANIZATION_NOT_FOUND", "There is no such organization")
    raise PermissionDenied(
        "ORGANIZATION_ACCESS_DENIED", "Your session is in another organization: switch to it first"
    )


own_organization: Any = Depends(_demand_own)
"""For a router's `dependencies`: the organization of the path is the one the caller acts in."""
