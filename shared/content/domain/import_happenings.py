"""What happens to imports, told to whoever wants to know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.content.domain.post_import import ImportStatus, PostImport
from shared.content.domain.variant import PostVariant
from shared.kernel.happenings import Happened, Happening

_ENDED = {
    ImportStatus.DONE: Happening.POSTS_IMPORTED,
    ImportStatus.FAILED: Happening.POSTS_IMPORT_FAILED,
    ImportStatus.CANCELLED: Happening.POSTS_IMPORT_CANCELLED,
}


def started(job: PostImport, *, at: datetime) -> Happened:
    return _happened(job, Happening.POSTS_IMPORT_STARTED, job.created_by, at)


def ended(job: PostImport, *, by: UUID | None, at: datetime) -> Happened:
    return _happened(job, _ENDED[job.status], by, at)


def written(
    job: PostImport, posts: Sequence[Post], variants: Sequence[PostVariant]
) -> list[Happened]:
    """Of each post and variant that came of it, by whoever asked for it."""
    by, of = job.created_by, str(job.id)
    made: list[tuple[Post | PostVariant, Happening]] = []
    made += [(each, Happening.POST_CREATED) for each in posts]
    made += [(each, Happening.POST_VARIANT_CREATED) for each in variants]
    return [happened_to(each, what, by=by, at=each.created_at, import_id=of) for each, what in made]


def _happened(job: PostImport, what: Happening, by: UUID | None, at: datetime) -> Happened:
    counted = {
        "dry_run": job.dry_run,
        "total": job.total,
        "created": job.created,
        "failed": job.failed,
    }
    return Happened(
        what=what,
        organization_id=job.organization_id,
        subject_id=job.id,
        actor_id=by,
        at=at,
        details=counted | ({"failure": job.failure} if job.failure else {}),
    )
