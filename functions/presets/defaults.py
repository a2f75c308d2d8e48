"""What the front end looks like to those who have no preset of their own, over HTTP."""

from typing import Annotated

from fastapi import Response

from functions.dependencies import requires
from functions.idempotency import IdempotentRoute
from functions.presets.schemas import PresetOut, PutPreset, RoleId
from functions.putting_presets import CHANGED, put
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.presets.adapters import queries
from shared.presets.domain.preset import ORGANIZATION, PLATFORM, Audience

router = Router(prefix="/admin", tags=["ui_presets"], route_class=IdempotentRoute)

Manager = Annotated[Actor, requires("ui_presets:manage")]
Root = Annotated[Actor, requires("platform:configure")]


@router.get("/roles/{role_id}/ui-preset")
def get_for_role(role_id: RoleId, actor: Manager) -> PresetOut:
    """The preset of a role in one's organization: a built-in one's word, or the id of its own."""
    return PresetOut.of(queries.preset_for(actor, Audience.of_role(role_id)))


@router.post("/roles/{role_id}/ui-preset", status_code=201, responses=CHANGED)
def put_for_role(role_id: RoleId, body: PutPreset, actor: Manager, response: Response) -> PresetOut:
    """Say what the members with a role see; 200 where there was such a preset already."""
    return put(Audience.of_role(role_id), actor, response, name=body.name, settings=body.settings)


@router.get("/ui-presets/organization")
def get_for_organization(actor: Manager) -> PresetOut:
    """The preset of one's organization."""
    return PresetOut.of(queries.preset_for(actor, ORGANIZATION))


@router.post("/ui-presets/organization", status_code=201, responses=CHANGED)
def put_for_organization(body: PutPreset, actor: Manager, response: Response) -> PresetOut:
    """Say what the members see whose role has none; 200 where there was such a preset already."""
    return put(ORGANIZATION, actor, response, name=body.name, settings=body.settings)


@router.get("/ui-presets/global")
@router.get("/ui-preset/global", include_in_schema=False)
def get_for_platform(actor: Root) -> PresetOut:
    """The preset of the platform."""
    return PresetOut.of(queries.preset_for(actor, PLATFORM))


@router.post("/ui-presets/global", status_code=201, responses=CHANGED)
@router.post("/ui-preset/global", status_code=201, responses=CHANGED, include_in_schema=False)
def put_for_platform(body: PutPreset, actor: Root, response: Response) -> PresetOut:
    """Say what everybody sees for whom there is nothing else; 200 where there was one already."""
    return put(PLATFORM, actor, response, name=body.name, settings=body.settings)


app = create_app("Default UI presets")
app.include_router(router, prefix="/api/v1")
app.include_router(router, prefix="/api/v1/system", include_in_schema=False)
handler = lambda_handler(app)
