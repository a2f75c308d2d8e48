"""What templates need from outside, in content's words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.content.domain.templates.template import Template
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happenings


class Templates(Protocol):
    """Live ones only."""

    def add(self, template: Template) -> None:
        """Keep a new one.

        Raises:
            Conflict: `TEMPLATE_NAME_TAKEN`, by another template of its author.
        """

    def get(self, template_id: UUID) -> Template | None: ...

    def get_for_update(self, template_id: UUID) -> Template | None:
        """The template as it is now, locked until the unit of work ends."""

    def settle(self) -> None:
        """Write down what has changed by now.

        Raises:
            Conflict: `TEMPLATE_NAME_TAKEN`, by another template of its author.
        """

    def names_of(self, actor: Actor) -> set[str]:
        """The keys of the names of all that the actor has written in the organization."""

    def count_use(self, template_id: UUID, *, at: datetime) -> None:
        """One more, whoever else counts at the same time; it is no edit."""


class TemplateUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def templates(self) -> Templates: ...

    @property
    def happenings(self) -> Happenings: ...


BeginTemplates = Callable[[], AbstractContextManager[TemplateUnitOfWork]]
