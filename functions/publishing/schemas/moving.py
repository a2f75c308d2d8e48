"""What moving many schedules takes and answers."""

from collections.abc import Mapping
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.publishing.schemas.moments import RUN_AT, Written, with_moment
from functions.publishing.schemas.requests import by_id
from functions.publishing.schemas.schedules import RefusedOut, ScheduleOut
from shared.kernel.versions import ANY, Expected
from shared.publishing.application.reschedule_many import Move, MoveTo, Rescheduled, Shift

_MOST = 500
_YEAR = 366 * 24 * 60
"""In minutes."""

WrittenId = Annotated[str, Field(max_length=100)]

_MOVE = {"schedule_id": "01890a5d-ac96-774b-bcce-b302099a8059", "timezone": "America/Lima"}


class MoveSchedule(BaseModel):
    model_config = ConfigDict(json_schema_extra=with_moment(_MOVE), populate_by_name=True)

    schedule_id: WrittenId
    run_at: Written = Field(
        validation_alias=AliasChoices("run_at", "run_at_local"),
        description=f"{RUN_AT} Or `run_at_local`, which means the same.",
    )
    timezone: str | None = Field(
        None, max_length=100, description="An IANA zone; by default the one it has"
    )
    version: str | None = Field(
        None,
        max_length=100,
        description="As it was shown; where it has changed since: `PRECONDITION_FAILED`",
    )

    def move(self) -> MoveTo:
        expected = ANY if self.version is None else Expected(frozenset({self.version}))
        return MoveTo(run_at=self.run_at, timezone=self.timezone, expected=expected)


def _with_moves(schema: dict[str, Any]) -> None:
    single: dict[str, Any] = {}
    with_moment(_MOVE)(single)
    schema["examples"] = [{"moves": single["examples"], "atomic": False}]


class MoveSchedules(BaseModel):
    """Either each to its own moment, or all by the same time."""

    model_config = ConfigDict(json_schema_extra=_with_moves)

    moves: list[MoveSchedule] | None = Field(None, min_length=1, max_length=_MOST)
    schedule_ids: list[WrittenId] | None = Field(
        None, min_length=1, max_length=_MOST, description="Of those to move by `shift_minutes`"
    )
    shift_minutes: int | None = Field(
        None,
        ge=-_YEAR,
        le=_YEAR,
        strict=True,
        description="Whole days go by the author's clock, across a change to summer time as well",
    )
    atomic: bool = Field(
        default=False, description="Leave all where they are unless every one can move"
    )

    @model_validator(mode="after")
    def _demand_one_way(self) -> Self:
        shifts = self.schedule_ids is not None or self.shift_minutes is not None
        if bool(self.moves) == shifts or shifts != bool(self.schedule_ids and self.shift_minutes):
            raise PydanticCustomError(
                "VALIDATION_ERROR", "Give moves, or schedule_ids and shift_minutes other than 0"
            )
        if self.moves and len(self.moves) != len(self.asked()):
            raise PydanticCustomError(
                "VALIDATION_ERROR", "One schedule cannot move to two moments: name each once"
            )
        return self

    def asked(self) -> dict[UUID | str, str]:
        """See `by_id`."""
        return by_id(self.schedule_ids or [each.schedule_id for each in self.moves or []])

    def by_id(self) -> dict[UUID | str, Move]:
        """What is asked of each; for the keys see `by_id`."""
        wanted: Mapping[str, Move] = (
            {each.schedule_id: each.move() for each in self.moves}
            if self.moves
            else dict.fromkeys(self.schedule_ids or [], Shift(minutes=self.shift_minutes or 0))
        )
        return {key: wanted[written] for key, written in self.asked().items()}


class MovedOut(BaseModel):
    """How many have moved and how many have not, and why each of these has not.

    `schedules` are those that have, as they are now.
    """

    moved: int
    failed: int
    errors: list[RefusedOut]
    schedules: list[ScheduleOut]

    @classmethod
    def of(cls, asked: Mapping[UUID | str, str], rescheduled: Rescheduled) -> Self:
        errors = RefusedOut.each(asked, rescheduled.refused)
        moved = [ScheduleOut.model_validate(each) for each in rescheduled.moved]
        return cls(moved=len(moved), failed=len(errors), errors=errors, schedules=moved)
