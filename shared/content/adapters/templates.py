"""Templates in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.content.adapters.template_tables import templates
from shared.content.domain.templates.template import Template
from shared.infrastructure.database import transaction
from shared.infrastructure.pipelining import UNAWAITED
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.operations.api.events import RecordedHappenings


def live_template(template_id: UUID) -> Select[Template]:
    return select(Template).where(templates.c.id == template_id, templates.c.deleted_at.is_(None))


def count_use(session: Session, template_id: UUID, *, at: datetime) -> None:
    session.execute(
        update(templates)
        .where(templates.c.id == template_id)
        .values(
            usage_count=templates.c.usage_count + 1,
            last_used_at=func.greatest(templates.c.last_used_at, at),
        ),
        execution_options=UNAWAITED,
    )


class PostgresTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, template: Template) -> None:
        self._session.add(template)
        self.settle()

    def get(self, template_id: UUID) -> Template | None:
        return self._session.scalar(live_template(template_id))

    def get_for_update(self, template_id: UUID) -> Template | None:
        locked = live_template(template_id).with_for_update(key_share=True)
        return self._session.scalar(locked.execution_options(populate_existing=True))

    def settle(self) -> None:
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(
                    "TEMPLATE_NAME_TAKEN", "Its author has another of this name", field="name"
                ) from error
            raise

    def names_of(self, actor: Actor) -> set[str]:
        return set(
            self._session.scalars(
                select(templates.c.name_key).where(
                    templates.c.organization_id == actor.organization_id,
                    templates.c.created_by == actor.user_id,
                    templates.c.deleted_at.is_(None),
                )
            )
        )

    def count_use(self, template_id: UUID, *, at: datetime) -> None:
        count_use(self._session, template_id, at=at)


@dataclass(frozen=True)
class PostgresTemplateWork:
    templates: PostgresTemplates
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresTemplateWork]:
    with transaction() as session:
        yield PostgresTemplateWork(PostgresTemplates(session), RecordedHappenings(session))
