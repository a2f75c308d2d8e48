"""Bulk imports in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from shared.content.adapters.fitting import MediaFitting
from shared.content.adapters.import_tables import post_import_problems, post_imports
from shared.content.adapters.media import LibraryFiles
from shared.content.domain.post import Post
from shared.content.domain.post_import import ImportStatus, PostImport, RowProblem
from shared.content.domain.variant import PostVariant
from shared.identity import api as identity
from shared.infrastructure.database import transaction
from shared.kernel.ids import OrganizationId, new_id
from shared.operations.api.events import RecordedHappenings
from shared.operations.api.outbox import enqueue

QUEUE = "content.imports"

_IMPORTS = 0x494D50
"""The first half of the key of a lock, which other advisory locks do not have."""
_UNDER_WAY = (ImportStatus.QUEUED, ImportStatus.RUNNING)


class PostgresImports:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, job: PostImport) -> None:
        self._session.add(job)

    def get(self, import_id: UUID) -> PostImport | None:
        return self._session.get(PostImport, import_id)

    def get_for_update(self, import_id: UUID) -> PostImport | None:
        locked = select(PostImport).where(post_imports.c.id == import_id).with_for_update()
        return self._session.scalar(locked.execution_options(populate_existing=True))

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        lock = select(func.pg_advisory_xact_lock(_IMPORTS, func.hashtext(str(organization_id))))
        self._session.execute(lock)

    def count_under_way(self, organization_id: OrganizationId) -> int:
        query = select(func.count()).where(
            post_imports.c.organization_id == organization_id,
            post_imports.c.status.in_(_UNDER_WAY),
        )
        return self._session.scalar(query) or 0

    def add_problems(self, job: PostImport, problems: Sequence[RowProblem]) -> None:
        whose = {"import_id": job.id, "organization_id": job.organization_id}
        rows = [{"id": new_id(), **whose, **asdict(problem)} for problem in problems]
        if rows:
            self._session.execute(insert(post_import_problems), rows)

    def is_authors(self, job: PostImport) -> bool:
        author = identity.acting(self._session, job.created_by, job.organization_id, "posts:write")
        return author is not None


class PostgresNewPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, posts: Sequence[Post], variants: Sequence[PostVariant]) -> None:
        self._session.add_all(posts)
        self._session.flush()  # before the variants, which refer to them
        self._session.add_all(variants)


class OutboxQueue:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, job: PostImport, *, at: datetime) -> None:
        enqueue(
            self._session,
            QUEUE,
            {"import_id": str(job.id)},
            organization_id=job.organization_id,
            at=at,
        )


@dataclass(frozen=True)
class PostgresImporting:
    imports: PostgresImports
    posts: PostgresNewPosts
    queue: OutboxQueue
    happenings: RecordedHappenings
    media: LibraryFiles
    fitting: MediaFitting


@contextmanager
def begin() -> Iterator[PostgresImporting]:
    with transaction() as session:
        yield PostgresImporting(
            PostgresImports(session),
            PostgresNewPosts(session),
            OutboxQueue(session),
            RecordedHappenings(session),
            LibraryFiles(session),
            MediaFitting(session),
        )
