"""What may be done at all, and what the caller may do."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from functions.dependencies import signed_in
from functions.envelopes import Data
from functions.routing import Router
from shared.identity.adapters.decisions import Decision, Question, decide
from shared.identity.domain.permissions import CATALOGUE, OWNABLE
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor

router = Router(prefix="/api/v1/acl", tags=["acl"])

Anyone = Annotated[Actor, signed_in]
Condition = Literal["own", "any"]
_AT_MOST = 100
_WORD = 60


class PermissionOut(BaseModel):
    """A word for roles, grants and keys; `own` follows it as ``posts:write:own``.

    `held` is how far the caller holds it.
    """

    permission: str
    resource: str
    action: str
    description: str
    conditions: list[Condition]
    held: Condition | None


class Check(BaseModel):
    """`resource_id` narrows the question to one thing."""

    resource: str = Field(max_length=_WORD, examples=["posts"])
    action: str = Field(max_length=_WORD, examples=["write"])
    resource_id: UUID | None = None


class Checks(BaseModel):
    checks: list[Check] = Field(min_length=1, max_length=_AT_MOST)


class CheckedOut(BaseModel):
    """`condition` is how far the permission reaches; without `allowed` there is none."""

    resource: str
    action: str
    resource_id: UUID | None
    allowed: bool
    condition: Condition | None

    @classmethod
    def of(cls, decision: Decision) -> "CheckedOut":
        question = decision.question
        return cls(
            resource=question.resource,
            action=question.action,
            resource_id=question.resource_id,
            allowed=decision.allowed,
            condition=decision.condition,
        )


@router.get("/permissions")
def permissions(actor: Anyone) -> Data[list[PermissionOut]]:
    """Every permission that a member can have, and which the caller holds."""
    return Data[list[PermissionOut]].of(
        [
            PermissionOut(
                permission=word,
                resource=word.partition(":")[0],
                action=word.partition(":")[2],
                description=description,
                conditions=["own", "any"] if word in OWNABLE else ["any"],
                held=_held(actor, word),
            )
            for word, description in CATALOGUE.items()
        ]
    )


@router.post("/check")
def check(body: Checks, actor: Anyone) -> Data[list[CheckedOut]]:
    """Whether the caller may do each of these, answered in their order."""
    questions = [
        Question(resource=each.resource, action=each.action, resource_id=each.resource_id)
        for each in body.checks
    ]
    return Data[list[CheckedOut]].of([CheckedOut.of(each) for each in decide(actor, questions)])


def _held(actor: Actor, word: str) -> Condition | None:
    if not actor.may(word):
        return None
    return "own" if actor.exercising(word).only_own else "any"


app = create_app("Access")
app.include_router(router)
handler = lambda_handler(app)
