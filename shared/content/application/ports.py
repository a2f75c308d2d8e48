"""What content needs from outside, in its own words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.content.domain.channel import Account, Channel
from shared.content.domain.media import File
from shared.content.domain.post import Post
from shared.content.domain.tag import Tag
from shared.content.domain.variant import PostVariant
from shared.content.domain.verdict import Warned
from shared.kernel.actor import Actor, Owned
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId


class Posts(Protocol):
    """Live ones only, unless it is said otherwise."""

    def add(self, post: Post) -> None: ...

    def get(self, post_id: UUID) -> Post | None: ...

    def get_for_update(self, post_id: UUID) -> Post | None:
        """The post as it is now, locked until the unit of work ends."""

    def get_even_deleted(self, post_id: UUID) -> Post | None:
        """The same of one that may have been deleted."""


class Variants(Protocol):
    """Live ones of live posts only."""

    def add(self, variant: PostVariant) -> None: ...

    def get(self, variant_id: UUID) -> PostVariant | None: ...

    def get_for_update(self, variant_id: UUID) -> PostVariant | None:
        """The variant, locked until the unit of work ends."""

    def of_post(self, post_id: UUID) -> Sequence[PostVariant]:
        """The one written first is first."""


class Tags(Protocol):
    def is_known(self, organization_id: OrganizationId, name: str) -> bool:
        """Whether a live post has it, or anything is kept of it."""

    def ensure(self, tag: Tag) -> None:
        """Keep it, unless one of that name is kept already; hold whichever it is."""

    def get_for_update(self, organization_id: OrganizationId, name: str) -> Tag | None: ...

    def forget(self, tag: Tag) -> None: ...

    def rename(self, organization_id: OrganizationId, name: str, new: str) -> None:
        """On every post, deleted ones too; where a post has both, one is left."""

    def take_off(self, organization_id: OrganizationId, name: str) -> None:
        """Off every post, deleted ones too."""


class Schedules(Protocol):
    """What is to be sent of a post or of a variant, and what became of it."""

    def count_active(
        self, *, post_id: UUID | None = None, variant_id: UUID | None = None
    ) -> int: ...

    def end_series(
        self, *, post_id: UUID | None = None, variant_id: UUID | None = None, now: datetime
    ) -> None:
        """Plan nothing more; asked for before anything of publishing is locked."""

    def cancel_active(
        self,
        *,
        post_id: UUID | None = None,
        variant_id: UUID | None = None,
        actor: Actor,
        now: datetime,
    ) -> int:
        """Cancel what nobody sends at this moment, and tell how many; the posts' statuses follow.

        Raises:
            PermissionDenied: `FORBIDDEN` or `SCHEDULE_ACCESS_DENIED`; the actor could not cancel
                one of them by itself.
        """

    def warnings(
        self,
        connection_id: UUID,
        texts: Sequence[str],
        *,
        organization_id: OrganizationId,
        at: datetime,
    ) -> Sequence[Warned]:
        """What the plan of a connection makes doubtful about sending these texts at a moment."""

    def statuses(self, post_id: UUID) -> Collection[str]:
        """Of the live schedules that say something of the post's own status."""


class OwnedAccount(Account, Owned, Protocol): ...


class Accounts(Protocol):
    def get_all(self, connection_ids: Collection[UUID]) -> Mapping[UUID, OwnedAccount]:
        """Those of them that there are, whatever their state."""


class Media(Protocol):
    def files(
        self, organization_id: OrganizationId, media_ids: Collection[UUID], *, held: bool = False
    ) -> Mapping[UUID, File]:
        """Those of them that the organization has; of others nothing is told.

        With `held` none is deleted before the unit of work ends; asked for after all other locks.
        """


class ContentUnitOfWork(Protocol):
    """Everything inside one transaction.

    Rows are locked in the order in which publishing locks them: series first of all, schedules
    before posts, and variants before posts. To cancel is to lock schedules and then their post.
    """

    @property
    def posts(self) -> Posts: ...

    @property
    def variants(self) -> Variants: ...

    @property
    def tags(self) -> Tags: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def media(self) -> Media: ...

    @property
    def happenings(self) -> Happenings: ...


class Fitting(Protocol):
    def want(self, variants: Sequence[PostVariant], *, at: datetime) -> None:
        """Have what they show made as their networks take it, soon after the commit."""


class WritingUnitOfWork(ContentUnitOfWork, Protocol):
    """For who writes variants."""

    @property
    def fitting(self) -> Fitting: ...


Begin = Callable[[], AbstractContextManager[ContentUnitOfWork]]
BeginWriting = Callable[[], AbstractContextManager[WritingUnitOfWork]]


class Markup(Protocol):
    """What is left of what people wrote once it is harmless to show; plain text stays as it is."""

    def strip_tags(self, text: str) -> str: ...

    def clean_html(self, text: str) -> str: ...

    def plain_text(self, html: str) -> str:
        """What a reader of clean HTML sees of it: its lines, without its markup."""


FindChannel = Callable[[str], Channel]
"""The network of a slug; raises `NotFound`, `CHANNEL_NOT_FOUND`."""
