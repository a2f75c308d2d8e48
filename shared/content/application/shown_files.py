"""The files that variants show: there must be such files, or there soon must be."""

from itertools import chain

from shared.content.application.ports import Media
from shared.content.domain.media import unusable
from shared.content.domain.variant import PostVariant
from shared.kernel.errors import demand_none


def demand_files(media: Media, variant: PostVariant) -> None:
    """Refuse to show what is not there; what is there stays until the unit of work ends.

    Raises:
        RuleViolation: `MEDIA_NOT_FOUND`, also of another organization's; `MEDIA_NOT_USABLE`, it is
            not uploaded or was refused; `MEDIA_COVER_NOT_A_PICTURE`.
    """
    draft = variant.draft
    if draft.media_ids:
        files = media.files(variant.organization_id, draft.media_ids, held=True)
        demand_none(unusable(list(chain.from_iterable(draft.items.values())), files))
