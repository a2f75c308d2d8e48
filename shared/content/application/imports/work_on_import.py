"""Write what an import asks for, a few posts at a time."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from shared.content.application.imports.judge import Judge, Judgement
from shared.content.application.imports.ports import BeginImport, ImportUnitOfWork, ReadPosts
from shared.content.application.ports import FindChannel, Markup
from shared.content.domain import import_happenings
from shared.content.domain.imported_post import ImportedPost
from shared.content.domain.post_import import ImportFailure
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=30)
"""After so long the rest is left to another call, so that this one ends in its function's time."""


class Worked(Enum):
    UNKNOWN = auto()
    """There is no such import."""
    TO_THE_END = auto()
    """Also where somebody else had been there before."""
    IN_PART = auto()
    """Another call for the rest is in the queue."""


def work_on_import(
    begin: BeginImport,
    read: ReadPosts,
    markup: Markup,
    find_channel: FindChannel,
    clock: Clock,
    *,
    import_id: UUID,
    chunk: int,
) -> Worked:
    """Go on from where the import is, `chunk` posts a transaction, and count each chunk in it.

    The import is locked meanwhile, and looked at again before each chunk: who comes second finds
    those posts counted, a crash costs the chunk that was not committed, and a cancel holds from
    the next one on. All or nothing is written with the last chunk, in its transaction. What goes
    wrong unforeseen ends the import as failed: it would go wrong again.

    Raises:
        Unavailable: the database is down; the import waits where it is.
    """
    began = clock()
    try:
        with begin() as work:
            job = work.imports.get(import_id)
            if job is None:
                return Worked.UNKNOWN
            format_, body = job.format, job.body
        if body is None:
            return Worked.TO_THE_END
        found = read(body, format_)
        while True:
            now = clock()
            with begin() as work:
                job = work.imports.get_for_update(import_id)
                if job is None or job.has_ended:
                    return Worked.TO_THE_END
                if not work.imports.is_authors(job):
                    job.fail(ImportFailure.AUTHOR_GONE, now=now)
                else:
                    job.begin(now=now)
                    _take(work, Judge(markup, find_channel, work.media, job, now), found, chunk)
                if job.has_ended:
                    work.happenings.record(import_happenings.ended(job, by=None, at=now))
                elif now - began >= PATIENCE:
                    work.queue.add(job, at=now)
                    return Worked.IN_PART
    except Unavailable:
        raise
    except Exception:
        logger.exception("import_failed", extra={"import_id": str(import_id)})
        give_up(begin, clock, import_id=import_id)
        return Worked.TO_THE_END


def _take(work: ImportUnitOfWork, judge: Judge, found: Sequence[ImportedPost], chunk: int) -> None:
    """Judge the next ones, write what is to be written by now, and count."""
    job = judge.job
    if len(found) != job.total:
        raise RuntimeError("the body is read otherwise than when it was taken in")
    part = found[job.processed : job.processed + chunk]
    judgement = judge.judge(part)
    work.imports.add_problems(job, judgement.problems)
    refused = judgement.refused
    if job.dry_run:
        judgement = Judgement()
    elif job.all_or_nothing:
        is_last = job.processed + len(part) == job.total
        is_all = is_last and not job.failed + refused
        judgement = judge.judge(found) if is_all else Judgement()
        if judgement.refused:
            raise RuntimeError("what was judged good is not any more")
    work.posts.add(judgement.posts, judgement.variants)
    work.fitting.want(judgement.variants, at=judge.now)
    work.happenings.record(*import_happenings.written(job, judgement.posts, judgement.variants))
    job.advance(judged=len(part), created=len(judgement.posts), failed=refused, now=judge.now)


def give_up(begin: BeginImport, clock: Clock, *, import_id: UUID) -> None:
    """End as failed what does not get on, or nobody could import anything beside it for ever."""
    now = clock()
    with begin() as work:
        job = work.imports.get_for_update(import_id)
        if job is not None and not job.has_ended:
            job.fail(ImportFailure.INTERNAL_ERROR, now=now)
            work.happenings.record(import_happenings.ended(job, by=None, at=now))
