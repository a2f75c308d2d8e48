"""Imports, and what was wrong in them, as the answers show them."""

from uuid import UUID

from sqlalchemy import func, select

from shared.content.adapters.import_tables import post_import_problems, post_imports
from shared.content.domain.post_import import ImportStatus, PostImport, RowProblem
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging


def page_of_imports(actor: Actor, status: ImportStatus | None, paging: Paging) -> Page[PostImport]:
    """Those within the actor's reach, the newest first."""
    where = within_reach(post_imports, actor)
    if status is not None:
        where.append(post_imports.c.status == status)
    newest = post_imports.c.created_at.desc(), post_imports.c.id.desc()
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(post_imports).where(*where)) or 0
        items = session.scalars(
            select(PostImport)
            .where(*where)
            .order_by(*newest)
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=items, total=total)


def one_import(actor: Actor, import_id: UUID) -> PostImport:
    with transaction() as session:
        return actor.own(session.get(PostImport, import_id), "import")


def page_of_problems(actor: Actor, import_id: UUID, paging: Paging) -> Page[RowProblem]:
    """By row."""
    problems = post_import_problems.c
    where = problems.import_id == import_id
    with transaction() as session:
        actor.own(session.get(PostImport, import_id), "import")
        total = session.scalar(select(func.count()).where(where)) or 0
        rows = session.execute(
            select(problems.row, problems.column, problems.code, problems.description)
            .where(where)
            .order_by(problems.row, problems.id)
            .limit(paging.limit)
            .offset(paging.offset)
        ).mappings()
        items = [RowProblem(**row) for row in rows]
    return Page(items=items, total=total)
