"""Have texts suggested for networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.generation.application.asking import complete, open_session, places_for, written_in
from shared.generation.application.ports import Begin, Desk, FindChannel, Value, Writer
from shared.generation.domain.brief import Brief, Task, Written
from shared.generation.domain.session import GenerationSession
from shared.generation.domain.suggestion import Suggestion, suggestions_of
from shared.generation.domain.usage import GenerationFailed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Generated:
    """`suggestions`: the best first."""

    session: GenerationSession
    suggestions: Sequence[Suggestion]


def generate(
    begin: Begin,
    desk: Desk,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    prompt: str,
    channel_ids: Sequence[str],
    template_id: UUID | None,
    template_values: Mapping[str, Value],
    post_id: UUID | None,
    tone: str | None,
    suggestions_per_channel: int,
    max_length: int | None,
) -> Generated:
    """Store a session and what of the suggestions fits its network.

    Raises:
        PermissionDenied: `CHANNEL_ACCESS_DENIED`, or what the template or the post refuses with.
        NotFound: `CHANNEL_NOT_FOUND`, `TEMPLATE_NOT_FOUND` or `POST_NOT_FOUND`.
        LimitExceeded: `GENERATION_RATE_LIMIT_EXCEEDED`.
        Unavailable: `AI_SERVICE_UNAVAILABLE`; the session is kept as aborted.
        GenerationFailed: nothing usable came; the session is kept as aborted.
    """
    places = places_for(find_channel, actor, channel_ids, max_length)
    session = GenerationSession.start(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        task=Task.SUGGESTIONS,
        prompt=prompt,
        post_id=post_id,
        template_id=template_id,
        tone=tone,
        now=clock(),
    )
    body = ""
    with begin() as work:
        if post_id is not None:
            actor.in_organization(work.posts.get(post_id), "post", field="post_id")
        if template_id is not None:
            body = work.templates.filled(actor, template_id, template_values, at=session.created_at)
        open_session(work, session, desk.allowances)
    brief = Brief(prompt=prompt, body=body, tone=tone, places=places, count=suggestions_per_channel)
    written, suggestions = written_in(
        begin, clock, session, lambda: suggested(desk.writer, clock, session, brief)
    )
    with begin() as work:
        completed = complete(work, session, written.usage, clock)
        work.suggestions.add(suggestions)
    return Generated(session=completed, suggestions=suggestions)


def suggested(
    writer: Writer, clock: Clock, session: GenerationSession, brief: Brief
) -> tuple[Written, list[Suggestion]]:
    """What a writer wrote, and what of it may be kept.

    Raises:
        GenerationFailed: nothing may.
    """
    written = writer.write(brief)
    suggestions = suggestions_of(session, written.drafts, brief, now=clock())
    if not suggestions:
        raise GenerationFailed("nothing that was written fits", written.usage)
    return written, suggestions
