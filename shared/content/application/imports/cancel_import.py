"""Stop an import where it is."""

from uuid import UUID

from shared.content.application.imports.ports import BeginImport
from shared.content.domain import import_happenings
from shared.content.domain.post_import import PostImport
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def cancel_import(begin: BeginImport, clock: Clock, *, actor: Actor, import_id: UUID) -> PostImport:
    """Write no more of it; what is created by now stays.

    Raises:
        Conflict: `IMPORT_ENDED`.
    """
    now = clock()
    with begin() as work:
        job = actor.own(work.imports.get_for_update(import_id), "import")
        job.cancel(now=now)
        work.happenings.record(import_happenings.ended(job, by=actor.user_id, at=now))
    return job
