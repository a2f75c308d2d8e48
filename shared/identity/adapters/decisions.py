"""Answers to what an actor may do, many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.identity.adapters.reach import REACHED
from shared.identity.domain.permissions import CATALOGUE, PLATFORM
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Question:
    """Without `resource_id`: whether there may be anything the actor may do this to."""

    resource: str
    action: str
    resource_id: UUID | None

    @property
    def permission(self) -> str:
        return f"{self.resource}:{self.action}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`condition`: how far the permission reaches, where it is held."""

    question: Question
    allowed: bool
    condition: Literal["own", "any"] | None


def decide(actor: Actor, questions: Sequence[Question]) -> list[Decision]:
    """In the order of the questions; a query for each permission that is asked about by id.

    A word that is no permission is held by nobody, and a thing that is unknown, or another
    organization's, is reached by nobody.
    """
    acting = {
        word: actor.exercising(word)
        for word in {question.permission for question in questions}
        if word in CATALOGUE.keys() | PLATFORM.keys() and actor.may(word)
    }
    reached = _reached(acting, questions)
    return [_decision(question, acting.get(question.permission), reached) for question in questions]


def _reached(
    acting: dict[str, Actor], questions: Sequence[Question]
) -> set[tuple[str, UUID | None]]:
    asked: defaultdict[str, set[UUID]] = defaultdict(set)
    for question in questions:
        known = question.permission in acting and question.resource in REACHED
        if known and question.resource_id is not None:
            asked[question.permission].add(question.resource_id)
    if not asked:
        return set()
    with transaction() as session:
        return {
            (word, found)
            for word, ids in asked.items()
            for found in REACHED[word.partition(":")[0]](session, acting[word], ids)
        }


def _decision(
    question: Question, acting: Actor | None, reached: set[tuple[str, UUID | None]]
) -> Decision:
    is_near = question.resource_id is None or (question.permission, question.resource_id) in reached
    if acting is None or not is_near:
        return Decision(question=question, allowed=False, condition=None)
    return Decision(question=question, allowed=True, condition="own" if acting.only_own else "any")
