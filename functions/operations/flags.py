"""Feature flags over HTTP: for everybody to read, for root to turn."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Generic, Self, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from functions.dependencies import known_actor, public, requires
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.proofs import SECURITY
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.adapters import flags
from shared.operations.application.change_flag import change_flag
from shared.operations.application.make_flag import let_go_of_flag, make_flag
from shared.operations.domain.flag import DESCRIPTION_LENGTH, Flag, FlagChanges

router = Router(prefix="/api/v1/ops", tags=["flags"], route_class=IdempotentRoute)

Root = Annotated[Actor, requires("platform:configure")]

_UNKNOWN = refuses(HTTPStatus.NOT_FOUND)
_LONGEST = 1000
_MOST_ORGANIZATIONS = 1000


def _simple(value: Any) -> Any:
    if not isinstance(value, bool | int) and not (
        isinstance(value, str) and len(value) <= _LONGEST
    ):
        raise PydanticCustomError(
            "VALIDATION_ERROR",
            "A value is true or false, a whole number, or text of at most {longest} characters",
            {"longest": _LONGEST},
        )
    return value


Shown = TypeVar("Shown", bound="FlagOut")

Simple = Annotated[
    Any,
    AfterValidator(_simple),
    Field(
        json_schema_extra={
            "anyOf": [
                {"type": "boolean"},
                {"type": "integer"},
                {"type": "string", "maxLength": _LONGEST},
            ]
        }
    ),
]


class FlagOut(BaseModel):
    """Its id and its key are the same word; the instants are null until root changes it.

    What is not `is_declared` was made by root: no code of ours goes by it.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(validation_alias="key")
    key: str
    value: Any
    description: str
    is_enabled: bool
    percentage: int | None
    is_declared: bool
    updated_at: datetime | None
    created_at: datetime | None


class WholeFlagOut(FlagOut):
    """With whom it is for, which is nobody else's to know."""

    organization_ids: list[UUID]


class FlagsOut(BaseModel, Generic[Shown]):
    flags: list[Shown]
    count: int

    @classmethod
    def of(cls, found: list[Flag]) -> Self:
        return cls.model_validate({"flags": found, "count": len(found)})


class CheckedFlagOut(BaseModel):
    key: str
    enabled: bool


class ChangeFlag(BaseModel):
    """What is absent stays. Everybody may read all of it but whom it is for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"is_enabled": True, "value": True}]},
        populate_by_name=True,
    )

    is_enabled: StrictBool = Field(
        default=True,
        validation_alias=AliasChoices("is_enabled", "enabled"),
        description="While it is false the flag is off, whatever its value; or `enabled`",
    )
    value: Simple = True
    description: str = Field("", max_length=DESCRIPTION_LENGTH)
    percentage: int | None = Field(
        None, ge=0, le=100, strict=True, description="Of all organizations; the same ones each time"
    )
    organization_ids: list[UUID] = Field(
        [], max_length=_MOST_ORGANIZATIONS, description="For whom it is on besides"
    )

    def changes(self) -> FlagChanges:
        return cast("FlagChanges", self.model_dump(exclude_unset=True, mode="json"))


class MakeFlag(ChangeFlag):
    """A flag for front ends to go by."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"key": "dashboard.new_calendar", "percentage": 10}]},
        populate_by_name=True,
    )

    key: str = Field(max_length=100, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")

    def flag(self) -> Flag:
        return Flag(
            key=self.key,
            value=self.value,
            description=self.description,
            is_enabled=self.is_enabled,
            percentage=self.percentage,
            organization_ids=[str(each) for each in self.organization_ids],
            is_declared=False,
        )


@router.get("/flags", dependencies=[public])
def list_(
    *, enabled_only: Annotated[bool, Query(description="Leave those out that are not")] = False
) -> FlagsOut[FlagOut]:
    """All flags, by their keys."""
    return FlagsOut[FlagOut].of(
        [each for each in flags.flags() if each.is_enabled or not enabled_only]
    )


@router.get("/flags/{flag_key}", dependencies=[public], responses=_UNKNOWN)
def get(flag_key: str) -> FlagOut:
    """One flag."""
    return FlagOut.model_validate(flags.flag(flag_key))


@router.get(
    "/flags/{flag_key}/check",
    dependencies=[public],
    openapi_extra={"security": [*SECURITY, {}]},
)
def check(flag_key: str, actor: Annotated[Actor | None, Depends(known_actor)]) -> CheckedFlagOut:
    """Whether a flag is on for whoever asks; an unknown one is off.

    A flag for some organizations is off for whoever does not show that they act in one of these.
    """
    organization_id = actor.organization_id if actor else None
    return CheckedFlagOut(key=flag_key, enabled=flags.is_on(flag_key, organization_id))


@router.get("/feature-flags", dependencies=[requires("platform:configure")])
def list_for_root() -> FlagsOut[WholeFlagOut]:
    """All flags, by their keys, for root."""
    return FlagsOut[WholeFlagOut].of(flags.flags())


@router.patch("/feature-flags/{flag_key}", responses=_UNKNOWN)
def change(flag_key: str, body: ChangeFlag, actor: Root) -> WholeFlagOut:
    """Turn a flag, for everybody or for whom it is, at once."""
    changed = change_flag(
        flags.begin,
        utc_now,
        by=actor.user_id,
        key=flag_key,
        changes=body.changes(),
    )
    return WholeFlagOut.model_validate(changed)


@router.post("/feature-flags", status_code=201, responses=refuses(HTTPStatus.CONFLICT))
def make(body: MakeFlag, actor: Root) -> WholeFlagOut:
    """Make a flag of a new key."""
    return WholeFlagOut.model_validate(
        make_flag(flags.begin, utc_now, by=actor.user_id, flag=body.flag())
    )


@router.delete(
    "/feature-flags/{flag_key}",
    status_code=204,
    dependencies=[requires("platform:configure")],
    responses=_UNKNOWN,
)
def let_go(flag_key: str) -> None:
    """Have a flag be as code declares it again, or not at all."""
    let_go_of_flag(flags.begin, key=flag_key)


app = create_app("Feature flags")
app.include_router(router)
handler = lambda_handler(app)
