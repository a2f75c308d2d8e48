"""Feature flags over HTTP: for everybody to read, for root to turn."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Self, cast

from fastapi import Query
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from functions.dependencies import public, requires
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.adapters import flags
from shared.operations.application.change_flag import change_flag
from shared.operations.domain.flag import DESCRIPTION_LENGTH, Flag, FlagChanges

router = Router(prefix="/api/v1/ops", tags=["flags"])

Root = Annotated[Actor, requires("platform:configure")]

_UNKNOWN = refuses(HTTPStatus.NOT_FOUND)
_LONGEST = 1000


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
    """Its id and its key are the same word; the instants are null until root changes it."""

    id: str
    key: str
    value: Any
    description: str
    is_enabled: bool
    updated_at: datetime | None
    created_at: datetime | None

    @classmethod
    def of(cls, flag: Flag) -> Self:
        return cls(
            id=flag.key,
            key=flag.key,
            value=flag.value,
            description=flag.description,
            is_enabled=flag.is_enabled,
            updated_at=flag.updated_at,
            created_at=flag.created_at,
        )


class FlagsOut(BaseModel):
    flags: list[FlagOut]
    count: int

    @classmethod
    def of(cls, shown: list[Flag]) -> Self:
        return cls(flags=[FlagOut.of(each) for each in shown], count=len(shown))


class CheckedFlagOut(BaseModel):
    key: str
    enabled: bool


class ChangeFlag(BaseModel):
    """What is absent stays. Everybody may read all of it."""

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


@router.get("/flags", dependencies=[public])
def list_(
    *, enabled_only: Annotated[bool, Query(description="Leave those out that are not")] = False
) -> FlagsOut:
    """All flags, by their keys."""
    return FlagsOut.of([each for each in flags.flags() if each.is_enabled or not enabled_only])


@router.get("/flags/{flag_key}", dependencies=[public], responses=_UNKNOWN)
def get(flag_key: str) -> FlagOut:
    """One flag."""
    return FlagOut.of(flags.flag(flag_key))


@router.get("/flags/{flag_key}/check", dependencies=[public])
def check(flag_key: str) -> CheckedFlagOut:
    """Whether a flag is on; one that there is not is off."""
    return CheckedFlagOut(key=flag_key, enabled=flags.is_on(flag_key))


@router.get("/feature-flags", dependencies=[requires("platform:configure")])
def list_for_root() -> FlagsOut:
    """All flags, by their keys, for root."""
    return FlagsOut.of(flags.flags())


@router.patch("/feature-flags/{flag_key}", responses=_UNKNOWN)
def change(flag_key: str, body: ChangeFlag, actor: Root) -> FlagOut:
    """Turn a flag for everybody, at once."""
    changed = change_flag(
        flags.begin,
        utc_now,
        by=actor.user_id,
        key=flag_key,
        changes=cast("FlagChanges", body.model_dump(exclude_unset=True)),
    )
    return FlagOut.of(changed)


app = create_app("Feature flags")
app.include_router(router)
handler = lambda_handler(app)
