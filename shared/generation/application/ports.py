"""What generation needs from outside, in its own words."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.generation.domain.allowance import Allowances
from shared.generation.domain.brief import Assistance, Assisted, Brief, Written
from shared.generation.domain.channel import Channel
from shared.generation.domain.session import GenerationSession
from shared.generation.domain.suggestion import Suggestion
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId


class Writer(Protocol):
    """Whoever writes: a model, or something simpler. What comes is not to be believed."""

    def write(self, brief: Brief) -> Written:
        """Draft `brief.count` texts for each place.

        Raises:
            Unavailable: `AI_SERVICE_UNAVAILABLE`.
            GenerationFailed: nothing that can be read came back.
        """

    def assist(self, wish: Assistance) -> Assisted:
        """Help with a text.

        Raises:
            Unavailable, GenerationFailed: as above.
            Conflict: `AI_MODEL_REQUIRED`; this cannot be done honestly without a model.
        """


class Sessions(Protocol):
    """Live ones only, but for what is counted."""

    def add(self, session: GenerationSession) -> None: ...

    def get_for_update(self, session_id: UUID) -> GenerationSession | None:
        """The session as it is now, locked until the unit of work ends."""

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        """Let nobody else of the organization begin one until the unit of work ends."""

    def begun_by(self, user_id: UUID, *, limit: int) -> Sequence[datetime]:
        """When the last of a person's were begun, deleted ones too."""

    def begun_in(self, organization_id: OrganizationId, *, limit: int) -> Sequence[datetime]:
        """When the last of an organization's were begun, deleted ones too."""

    def abort_lapsed(
        self, organization_id: OrganizationId, *, before: datetime, now: datetime
    ) -> None:
        """Give up what is in progress since before: whoever was at it is gone."""


class Suggestions(Protocol):
    """Those of live sessions only."""

    def add(self, suggestions: Sequence[Suggestion]) -> None: ...

    def get(self, suggestion_id: UUID) -> Suggestion | None: ...

    def get_locked(self, suggestion_id: UUID) -> Suggestion | None:
        """The suggestion as it is now; its session is locked until the unit of work ends."""


class Post(Protocol):
    @property
    def id(self) -> UUID: ...

    @property
    def organization_id(self) -> OrganizationId: ...

    @property
    def created_by(self) -> UUID: ...


class Variant(Protocol):
    @property
    def id(self) -> UUID: ...

    @property
    def post_id(self) -> UUID: ...


class Posts(Protocol):
    """Live posts, and what is written into them, in this unit of work."""

    def get(self, post_id: UUID) -> Post | None: ...

    def write(
        self,
        actor: Actor,
        *,
        title: str,
        description: str,
        tags: Sequence[str],
        metadata: Mapping[str, Any],
        at: datetime,
    ) -> Post:
        """A new draft; title and description are clean already.

        Raises:
            RuleViolation: as where a post is written by hand.
        """

    def write_variant(
        self,
        actor: Actor,
        post_id: UUID,
        channel: Channel,
        *,
        content: str,
        tone: str | None,
        media: Mapping[str, Any],
        at: datetime,
    ) -> Variant:
        """A new draft of the post for a network, marked as generated.

        Raises:
            RuleViolation: as where a variant is written by hand.
        """


Value = str | int | float | bool
"""What stands in the place of a template's variable."""


class Templates(Protocol):
    def filled(
        self, actor: Actor, template_id: UUID, values: Mapping[str, Value], *, at: datetime
    ) -> str:
        """The text of a template with the values in it; it counts as used.

        Raises:
            NotFound, PermissionDenied: `TEMPLATE_NOT_FOUND`, `TEMPLATE_ACCESS_DENIED`, or
                `FORBIDDEN`, where the actor may read no templates.
            RuleViolation: a value is missing or wrong.
        """


class GenerationUnitOfWork(Protocol):
    """Everything inside one transaction. Sessions are locked before posts."""

    @property
    def sessions(self) -> Sessions: ...

    @property
    def suggestions(self) -> Suggestions: ...

    @property
    def posts(self) -> Posts: ...

    @property
    def templates(self) -> Templates: ...

    @property
    def happenings(self) -> Happenings: ...


Begin = Callable[[], AbstractContextManager[GenerationUnitOfWork]]

FindChannel = Callable[[str], Channel]
"""The network of a slug; raises `NotFound`, `CHANNEL_NOT_FOUND`."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where things are written: by whom, and how often."""

    writer: Writer
    allowances: Allowances


class Markup(Protocol):
    """What is left of what was written once it is harmless to show; plain text stays as it is."""

    def strip_tags(self, text: str) -> str: ...

    def clean_html(self, text: str) -> str: ...
