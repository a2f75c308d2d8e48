"""What the routes of presets take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.fields import exemplified, kept
from shared.identity.domain.roles import Role
from shared.presets.domain.preset import NAME_LENGTH, Preset, PresetScope, sound_name
from shared.presets.domain.settings_document import SETTINGS_BYTES, SETTINGS_DEPTH, settled

_SETTINGS = {"menu": {"collapsed": False}, "grids": {"posts": {"columns": ["title", "status"]}}}


def needed(code: str) -> BeforeValidator:
    """What is blank by default, so that nothing, null and spaces are refused with this code."""

    def check(value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            raise PydanticCustomError(code, "This is needed")
        return value

    return BeforeValidator(check)


def example(*required: str, **more: Any) -> ConfigDict:
    """A model's configuration: settings such as a front end may have, and what goes with them."""
    return ConfigDict(json_schema_extra=exemplified({**more, "settings": _SETTINGS}, *required))


_DESCRIPTION = (
    f"Any JSON object of at most {SETTINGS_BYTES} bytes, nested at most {SETTINGS_DEPTH} deep;"
    " keys `__proto__`, `constructor` and `prototype` are left out"
)
NewName = Annotated[
    str,
    kept(sound_name),
    Field(
        description=f"At most {NAME_LENGTH} characters; HTML tags are stripped",
        json_schema_extra={"minLength": 1, "maxLength": NAME_LENGTH},
    ),
]
Name = Annotated[NewName, needed("MISSING_FIELDS")]
_Document = Annotated[dict[str, Any], kept(settled)]
Settings = Annotated[_Document, needed("MISSING_FIELDS"), Field(description=_DESCRIPTION)]
_MERGED = (
    "Merged into the settings there are (RFC 7396): objects are merged, arrays replaced, and null"
    " takes a setting away"
)
Changes = Annotated[_Document, needed("MISSING_SETTINGS"), Field(description=_MERGED)]
Modifications = Annotated[_Document, Field(description=_MERGED)]
ROLE_ID = "A built-in role's word, or the id of one of the organization's own"
RoleId = Annotated[Role | UUID, Field(description=ROLE_ID)]


class PutPreset(BaseModel):
    """Takes the place of the one there was."""

    model_config = example("name", "settings", name="Editors")

    name: Name = Field("", validate_default=True)
    settings: Settings = Field("", validate_default=True)


class PresetOut(BaseModel):
    """`scope` says whom it is for; a `role_id` is a built-in role's word or a custom one's id.

    `is_default`: seen by those who have none of their own.
    """

    id: UUID
    name: str
    scope: PresetScope
    user_id: UUID | None
    role_id: str | None
    is_global: bool
    is_default: bool
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, preset: Preset) -> Self:
        return cls.model_validate(preset, from_attributes=True)


class SeenPresetOut(BaseModel):
    """What somebody sees, and where it comes from.

    Without an id there is no preset at all, and the front end's own defaults hold.
    """

    id: UUID | None = None
    source: Literal["user", "role", "global", "none"] = "none"
    name: str | None = None
    scope: PresetScope | None = None
    user_id: UUID | None = None
    role_id: str | None = None
    is_global: bool = False
    settings: dict[str, Any] = {}
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, preset: Preset | None) -> Self:
        if preset is None:
            return cls()
        shown = PresetOut.of(preset).model_dump(exclude={"is_default"})
        source = "global" if preset.is_global else str(preset.scope)
        return cls.model_validate({**shown, "source": source})


class ClonedPresetOut(PresetOut):
    source: Literal["user"] = "user"
    cloned_from: UUID


class PresetSummaryOut(BaseModel):
    """Without its settings, which may be long."""

    id: UUID
    name: str
    scope: PresetScope
    user_id: UUID | None
    role_id: str | None
    created_at: datetime
    updated_at: datetime
