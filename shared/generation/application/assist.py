"""Help with a text: captions, hashtags, improvement, translation, alternative text, ideas."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.generation.application.asking import complete, open_session, written_in
from shared.generation.application.ports import Begin, Desk
from shared.generation.domain.brief import Assistance, Assisted
from shared.generation.domain.rules import may_be_kept
from shared.generation.domain.session import GenerationSession
from shared.generation.domain.usage import GenerationFailed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Helped:
    texts: Sequence[str]
    session: GenerationSession


def assist(
    begin: Begin,
    desk: Desk,
    clock: Clock,
    *,
    actor: Actor,
    wish: Assistance,
) -> Helped:
    """Suggest, and store that it was done, but not what.

    Raises:
        LimitExceeded: `GENERATION_RATE_LIMIT_EXCEEDED`.
        Conflict: `AI_MODEL_REQUIRED`.
        Unavailable: `AI_SERVICE_UNAVAILABLE`.
        GenerationFailed: nothing usable came.
    """
    session = GenerationSession.start(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        task=wish.task,
        prompt=wish.text,
        tone=wish.tone,
        now=clock(),
    )
    with begin() as work:
        open_session(work, session, desk.allowances)
    assisted = written_in(begin, clock, session, lambda: _usable(desk.writer.assist(wish), wish))
    with begin() as work:
        completed = complete(work, session, assisted.usage, clock)
    return Helped(texts=assisted.texts, session=completed)


def _usable(assisted: Assisted, wish: Assistance) -> Assisted:
    """What may be shown of it, each once.

    Raises:
        GenerationFailed: there was something, and none of it may.
    """
    texts = [
        text
        for text in dict.fromkeys(each.strip() for each in assisted.texts)
        if may_be_kept(text) and (wish.place is None or wish.place.takes(text))
    ]
    if assisted.texts and not texts:
        raise GenerationFailed("nothing that was written fits", assisted.usage)
    return Assisted(texts=texts[: wish.count], usage=assisted.usage)
