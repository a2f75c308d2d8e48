"""A suggestion: a text for one network that somebody may make a variant of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.generation.domain.brief import Brief, Draft
from shared.generation.domain.rules import may_be_kept
from shared.generation.domain.score import score
from shared.generation.domain.session import GenerationSession
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id


@dataclass(kw_only=True, eq=False)
class Suggestion:
    """`score` is from 0 to 100; `channel` is the slug of the network it is written for.

    `rank` is its place among those of its session: the best is 0, of equals the first written.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    generation_session_id: UUID
    channel: str
    content: str
    score: Decimal
    created_at: datetime
    rank: int = 0
    accepted_at: datetime | None = None
    post_variant_id: UUID | None = None

    @property
    def accepted(self) -> bool:
        return self.accepted_at is not None

    def demand_open(self) -> None:
        """Raises Conflict, `SUGGESTION_ALREADY_ACCEPTED`."""
        if self.accepted:
            raise Conflict(
                "SUGGESTION_ALREADY_ACCEPTED",
                "This suggestion is a variant already",
                meta={"post_variant_id": str(self.post_variant_id)},
            )

    def accept(self, variant_id: UUID, *, now: datetime) -> None:
        """It has become a variant, once and for all.

        Raises:
            Conflict: `SUGGESTION_ALREADY_ACCEPTED`.
        """
        self.demand_open()
        self.accepted_at, self.post_variant_id = now, variant_id


def suggestions_of(
    session: GenerationSession, drafts: Sequence[Draft], brief: Brief, *, now: datetime
) -> list[Suggestion]:
    """What may be kept of the drafts, the best first, and as many a network as were asked for.

    Gone is what is for a network nobody asked for, is no text, does not fit, or was there before.
    """
    places = {place.channel.id: place for place in brief.places}
    seen: set[tuple[str, str]] = set()
    found: Counter[str] = Counter()
    kept = []
    for draft in drafts:
        place, content = places.get(draft.channel), draft.content.strip()
        if place is None or not may_be_kept(content) or not place.takes(content):
            continue
        if (draft.channel, content) in seen or found[draft.channel] == brief.count:
            continue
        seen.add((draft.channel, content))
        found[draft.channel] += 1
        kept.append(
            Suggestion(
                id=new_id(),
                organization_id=session.organization_id,
                created_by=session.created_by,
                generation_session_id=session.id,
                channel=draft.channel,
                content=content,
                score=score(content, brief, place),
                created_at=now,
            )
        )
    kept.sort(key=lambda each: each.score, reverse=True)
    for rank, suggestion in enumerate(kept):
        suggestion.rank = rank
    return kept
