"""UI presets over HTTP: what the front end looks like to somebody, and presets of one's own."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from functions.dependencies import in_session, requires
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.presets.schemas import (
    ROLE_ID,
    Changes,
    ClonedPresetOut,
    Modifications,
    Name,
    NewName,
    PresetOut,
    PresetSummaryOut,
    SeenPresetOut,
    Settings,
    example,
)
from functions.putting_presets import CHANGED, put
from functions.routing import Router
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.presets.adapters import queries
from shared.presets.adapters.people import find_member, member_of
from shared.presets.adapters.postgres import begin
from shared.presets.application.change_preset import change_preset
from shared.presets.application.create_preset import clone_preset, create_preset
from shared.presets.application.delete_preset import delete_preset, reset_preset
from shared.presets.application.whose import whose
from shared.presets.domain.preset import ORGANIZATION, Audience, Member, PresetScope

router = Router(tags=["ui_presets"], route_class=IdempotentRoute)

Person = Annotated[SignedIn, in_session]
Manager = Annotated[Actor, requires("ui_presets:manage")]


class CreatePreset(BaseModel):
    """Without `user_id` the caller's own; root may make anybody's."""

    model_config = example("name", "settings", name="Personal Settings")

    name: Name = Field("", validate_default=True)
    user_id: UUID | None = Field(None, description="Whose it is to be; by default the caller's")
    settings: Settings = Field("", validate_default=True)


class SharePreset(BaseModel):
    """For a role, or without one for the whole organization."""

    model_config = example("preset_name", "settings", preset_name="Editors", role_id="editor")

    preset_name: Name = Field("", validate_default=True)
    role_id: Role | UUID | None = Field(None, description=ROLE_ID)
    settings: Settings = Field("", validate_default=True)


class ChangePreset(BaseModel):
    """A name that is absent stays."""

    model_config = example("settings")

    name: NewName | None = None
    settings: Changes = Field("", validate_default=True)


class ClonePreset(BaseModel):
    """`modifications` are merged into what the source says, as a change would be."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"modifications": {"menu": {"collapsed": True}}}]}
    )

    modifications: Modifications = {}


class ListPresets(BaseModel):
    scope: PresetScope | None = Field(None, description="Whom they are for")
    role_id: Role | UUID | None = Field(None, description=ROLE_ID)


@router.get("/users/{user_id}/ui-preset")
def see(user_id: UUID, actor: Person) -> SeenPresetOut:
    """What the front end looks like to oneself; root may ask for anybody.

    One's own preset, or that of one's role, of the organization, of the platform: the nearest.
    """
    return SeenPresetOut.of(queries.preset_seen_by(_whose(actor, user_id)))


@router.post("/users/{user_id}/ui-preset/reset")
def reset(user_id: UUID, actor: Person) -> SeenPresetOut:
    """Take one's own preset away, and answer what is seen instead."""
    member = _whose(actor, user_id)
    return SeenPresetOut.of(reset_preset(begin, utc_now, actor=actor, member=member))


@router.get("/ui-presets")
def list_(actor: Manager, wanted: Annotated[ListPresets, Query()]) -> Data[list[PresetSummaryOut]]:
    """What members share and what is the caller's own, without the settings."""
    found = queries.summaries(actor, queries.PresetFilter(scope=wanted.scope, role=wanted.role_id))
    return Data[list[PresetSummaryOut]].of(found)


@router.post("/ui-presets", status_code=201, responses=CHANGED)
def share(body: SharePreset, actor: Manager, response: Response) -> PresetOut:
    """Say what members see who have no preset of their own; 200 where there was one already."""
    audience = ORGANIZATION if body.role_id is None else Audience.of_role(body.role_id)
    return put(audience, actor, response, name=body.preset_name, settings=body.settings)


@router.post("/ui-presets/new", status_code=201)
def create(body: CreatePreset, actor: Person) -> PresetOut:
    """Make a preset of one's own."""
    preset = create_preset(
        begin,
        utc_now,
        actor=actor,
        member=_whose(actor, body.user_id or actor.user_id),
        name=body.name,
        settings=body.settings,
    )
    return PresetOut.of(preset)


@router.get("/ui-presets/{preset_id}")
def get(preset_id: UUID, actor: Person) -> PresetOut:
    """One preset: one's own, or one that members share."""
    return PresetOut.of(queries.one_preset(actor, preset_id))


@router.patch("/ui-presets/{preset_id}")
def update(preset_id: UUID, body: ChangePreset, actor: Person) -> PresetOut:
    """Change some of the settings.

    One's own are; those of roles and of the organization need `ui_presets:manage`, the platform's
    `platform:configure`.
    """
    preset = change_preset(
        begin,
        utc_now,
        actor=actor,
        preset_id=preset_id,
        name=body.name,
        changes=body.settings,
    )
    return PresetOut.of(preset)


@router.delete("/ui-presets/{preset_id}", status_code=204)
def delete(preset_id: UUID, actor: Person) -> None:
    """Delete for good what one may change; what it was for sees the next nearest."""
    delete_preset(begin, utc_now, actor=actor, preset_id=preset_id)


@router.post(
    "/ui-presets/{source_preset_id}/clone",
    status_code=201,
    responses=refuses(HTTPStatus.BAD_REQUEST),
)
def clone(
    source_preset_id: UUID, actor: Person, body: ClonePreset | None = None
) -> ClonedPresetOut:
    """Make a preset of one's own out of one that members share."""
    preset = clone_preset(
        begin,
        utc_now,
        actor=actor,
        member=_own(actor),
        source_id=source_preset_id,
        modifications=(body or ClonePreset()).modifications,
    )
    return ClonedPresetOut(**PresetOut.of(preset).model_dump(), cloned_from=source_preset_id)


def _own(actor: SignedIn) -> Member:
    return member_of(actor.user_id, actor.membership)


def _whose(actor: SignedIn, user_id: UUID) -> Member:
    return whose(find_member, actor=actor, own=_own(actor), user_id=user_id)


app = create_app("UI presets")
app.include_router(router, prefix="/api/v1")
app.include_router(router, prefix="/api/v1/system", include_in_schema=False)
handler = lambda_handler(app)
