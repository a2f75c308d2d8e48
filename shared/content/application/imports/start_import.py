"""Take in a body of posts, to be written later."""

from shared.content.application.imports.ports import BeginImport, ReadPosts
from shared.content.domain import import_happenings
from shared.content.domain.post_import import MOST_AT_A_TIME, ImportFormat, PostImport
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict


def start_import(
    begin: BeginImport,
    read: ReadPosts,
    clock: Clock,
    *,
    actor: Actor,
    body: bytes,
    format_: ImportFormat,
    dry_run: bool,
    all_or_nothing: bool,
) -> PostImport:
    """Look whether it can be read at all, keep it, and have it worked on after the commit.

    Raises:
        RuleViolation: the body as a whole cannot be read; nothing is kept of it.
        TooLarge: `IMPORT_TOO_LARGE`.
        Conflict: `TOO_MANY_IMPORTS`.
    """
    found = read(body, format_)
    now = clock()
    job = PostImport.ask(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        channels=None if actor.channels is None else sorted(actor.channels),
        format_=format_,
        dry_run=dry_run,
        all_or_nothing=all_or_nothing,
        total=len(found),
        body=body,
        now=now,
    )
    with begin() as work:
        work.imports.one_at_a_time(actor.organization_id)
        if work.imports.count_under_way(actor.organization_id) >= MOST_AT_A_TIME:
            raise Conflict(
                "TOO_MANY_IMPORTS",
                f"{MOST_AT_A_TIME} imports are under way: wait for one to end, or cancel it",
                meta={"limit": MOST_AT_A_TIME},
            )
        work.imports.add(job)
        work.queue.add(job, at=now)
        work.happenings.record(import_happenings.started(job, at=now))
    return job
