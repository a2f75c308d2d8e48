"""What the library needs from outside, in its own words."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId
from shared.media.domain.asset import Asset


@dataclass(frozen=True, kw_only=True)
class Use:
    """A live variant that shows an asset, or a follow-up of it does."""

    variant_id: UUID
    post_id: UUID
    channel: str


class Assets(Protocol):
    """Live ones only, unless it is said otherwise."""

    def add(self, asset: Asset) -> None: ...

    def get(self, asset_id: UUID) -> Asset | None: ...

    def get_for_update(self, asset_id: UUID) -> Asset | None:
        """The asset as it is now, locked until the unit of work ends."""

    def get_even_deleted(self, asset_id: UUID) -> Asset | None:
        """The same of one that may have been deleted."""

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        """Until the unit of work ends nobody else adds to what the organization keeps."""

    def bytes_kept(self, organization_id: OrganizationId, *, besides: UUID) -> int:
        """Of files that are there or announced, but for that one."""


class Uses(Protocol):
    def of(self, asset: Asset) -> Sequence[Use]: ...


class Fetches(Protocol):
    def add(self, asset: Asset, *, at: datetime) -> None:
        """Have it fetched from its address after the commit."""


class MediaUnitOfWork(Protocol):
    """Everything inside one transaction; assets are locked after whatever of content is."""

    @property
    def assets(self) -> Assets: ...

    @property
    def uses(self) -> Uses: ...

    @property
    def happenings(self) -> Happenings: ...


Begin = Callable[[], AbstractContextManager[MediaUnitOfWork]]


class FetchingUnitOfWork(Protocol):
    """What is to be fetched, with what has it fetched, in one transaction."""

    @property
    def assets(self) -> Assets: ...

    @property
    def fetches(self) -> Fetches: ...


BeginFetching = Callable[[], AbstractContextManager[FetchingUnitOfWork]]


class FileGone(Exception):
    """It is not in the store any more."""


class FileChanged(Exception):
    """Somebody has put another in its place since it was looked at."""


class Arrived(Protocol):
    """A file that has come; `etag` changes with the content."""

    @property
    def size(self) -> int: ...

    @property
    def etag(self) -> str: ...


class Part(Protocol):
    @property
    def number(self) -> int: ...

    @property
    def size(self) -> int: ...


class Address(Protocol):
    """A call that anybody may make until it expires, with these very headers."""

    @property
    def method(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def expires_at(self) -> datetime: ...


class Files(Protocol):
    """The files of assets, wherever they are kept.

    Each call raises `Unavailable`, `STORAGE_UNAVAILABLE`, where they cannot be reached.
    """

    def put_address(self, asset: Asset) -> Address:
        """Where exactly the announced file may go, as a whole."""

    def begin_parts(self, asset: Asset) -> str: ...

    def part_address(self, asset: Asset, number: int, size: int) -> Address: ...

    def parts(self, asset: Asset) -> Sequence[Part]:
        """Those that have come; none where they have been joined."""

    def join(self, asset: Asset) -> None:
        """Make all parts that have come one file; nothing happens where that was done."""

    def put(self, asset: Asset, content: BinaryIO) -> None: ...

    def arrived(self, asset: Asset) -> Arrived | None:
        """What has come in of it."""

    def is_kept(self, asset: Asset) -> bool:
        """Whether there is something where its file lies now."""

    def read(self, asset: Asset, start: int, length: int) -> bytes:
        """Of what has come in.

        Raises:
            FileGone: as do all that follow.
        """

    def pieces(self, asset: Asset) -> Iterator[bytes]: ...

    def take_over(self, asset: Asset, etag: str) -> None:
        """Keep what has come in where nobody else can write, which has it processed.

        Raises:
            FileChanged: it is not what had that `etag`.
        """

    def touch(self, asset: Asset) -> None:
        """Have it processed once more."""

    def remove_incoming(self, asset: Asset) -> None:
        """And the parts of it."""

    def remove_all(self, asset: Asset) -> None:
        """With whatever was made of it."""


class NotFetched(Exception):
    """`code` and `words` say why; `is_final` whether it will never be otherwise."""

    def __init__(self, code: str, words: str, *, is_final: bool) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.is_final = is_final


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """`name` is as the address has it; `content` is good until the block ends."""

    name: str
    size: int
    content: BinaryIO


Fetch = Callable[[str, int], AbstractContextManager[Fetched]]
"""What is at a URL, if it has no more than so many bytes; raises `NotFetched`."""


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A file as it lies in the store."""

    key: str
    modified_at: datetime


class Area(Protocol):
    """All that lies in the store, whoever's it is."""

    def lying(self) -> Iterable[Lying]: ...

    def remove(self, keys: Collection[str]) -> None: ...


class Belongings(Protocol):
    """Assets whose time is over, and files that belong to none, each in transactions of its own."""

    def condemn_expired(self, *, now: datetime) -> int:
        """Uploads that nobody has completed, and what was deleted so long ago; answers how many."""

    def condemned(self, *, before: datetime, limit: int) -> Sequence[Asset]:
        """Those that were condemned before that moment, the first of them first."""

    def forget(self, asset: Asset) -> None:
        """The row, with those of what was made of it."""

    def unowned(self, keys: Collection[str]) -> set[str]:
        """Those of the keys that belong to no asset, or not any more."""

    def note_orphans(self, keys: Collection[str], *, at: datetime) -> None:
        """Remember that they were seen; of those that were, when that was first stays."""

    def orphans_seen(self, keys: Collection[str], *, before: datetime) -> set[str]:
        """Those of them that were first seen before that moment."""

    def forget_orphans(self, keys: Collection[str]) -> None: ...

    def stuck(self, *, before: datetime, limit: int) -> Sequence[Asset]:
        """Those in processing that nothing has happened to since that moment."""

    def note_touched(self, asset: Asset, *, at: datetime) -> None: ...

    def note_failed(self, asset: Asset, code: str, words: str, *, at: datetime) -> None:
        """Nothing will come of it."""
