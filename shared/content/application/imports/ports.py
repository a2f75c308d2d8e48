"""What importing posts needs from outside, in content's words."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.content.application.ports import Fitting, Media
from shared.content.domain.imported_post import ImportedPost
from shared.content.domain.post import Post
from shared.content.domain.post_import import ImportFormat, PostImport, RowProblem
from shared.content.domain.variant import PostVariant
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId


class Imports(Protocol):
    def add(self, job: PostImport) -> None: ...

    def get(self, import_id: UUID) -> PostImport | None: ...

    def get_for_update(self, import_id: UUID) -> PostImport | None:
        """The import as it is now, locked until the unit of work ends."""

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        """Until the unit of work ends, whoever counts here sees what the others have added."""

    def count_under_way(self, organization_id: OrganizationId) -> int: ...

    def add_problems(self, job: PostImport, problems: Sequence[RowProblem]) -> None: ...

    def is_authors(self, job: PostImport) -> bool:
        """Whether whoever asked for it is still an active member who may write posts there."""


class NewPosts(Protocol):
    def add(self, posts: Sequence[Post], variants: Sequence[PostVariant]) -> None: ...


class Queue(Protocol):
    def add(self, job: PostImport, *, at: datetime) -> None:
        """Have the import worked on, soon after the commit."""


class ImportUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def imports(self) -> Imports: ...

    @property
    def posts(self) -> NewPosts: ...

    @property
    def queue(self) -> Queue: ...

    @property
    def happenings(self) -> Happenings: ...

    @property
    def media(self) -> Media: ...

    @property
    def fitting(self) -> Fitting: ...


BeginImport = Callable[[], AbstractContextManager[ImportUnitOfWork]]

ReadPosts = Callable[[bytes, ImportFormat], Sequence[ImportedPost]]
"""The posts in a body, the same ones each time; raises `RuleViolation` where it is no such text."""
