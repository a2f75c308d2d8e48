"""What a network is to us: limits, how it counts, how to connect an account and how to publish.

A provider is one module in `adapters/providers/`; its file name is its slug and it holds a value
named `provider`. It is handed an HTTP client and imports nothing but the channels domain and the
standard library (and a library for text).

ProviderError
├── Refused      the network said no, or was never reached: nothing was published
└── Unanswered   it may have been published; nobody knows
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

from shared.channels.domain.media import Attachment, File, MediaRules


class ErrorClass(StrEnum):
    """Why a network refuses; who must act and what happens next follow from it."""

    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    CONTENT = "content"
    MEDIA = "media"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    NETWORK = "network"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Quota:
    """A network takes so many posts of one account in any stretch of time as long as `period`."""

    limit: int
    period: timedelta


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a network says with an answer: so many more posts of the account until `resets_at`."""

    remaining: int
    observed_at: datetime
    resets_at: datetime


class ProviderError(Exception):
    """`words` are the network's own, and so is `allowance`, where publishing was answered with one.

    A provider raises them as they came; whoever lets the error out quotes them (`network_answers`),
    so that they are short and without secrets.
    """

    def __init__(self, error_class: ErrorClass, code: str, words: str) -> None:
        super().__init__(code)
        self.error_class = error_class
        self.code = code
        self.words = words
        self.allowance: Allowance | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"


class Refused(ProviderError):
    """Nothing was published. `retry_after`, in seconds, is the network's own wish."""

    def __init__(
        self,
        error_class: ErrorClass,
        code: str,
        words: str,
        *,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(error_class, code, words)
        self.retry_after = retry_after


class Unanswered(ProviderError):
    """The call left and no trustworthy answer came back."""


class Answer(Protocol):
    """A whole HTTP answer; header names are lower case."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...

    @property
    def received_at(self) -> datetime: ...

    def json(self) -> Any:
        """Decode the body; `ValueError` where it is not JSON."""


class Http(Protocol):
    """The client a provider is handed.

    It raises `Refused` (class network) where a request never left and `Unanswered` where no
    whole answer came back, so a provider maps only what the network itself said.
    """

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | File | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        """Make one call; its body is one of `json`, `form`, `content` and `files`.

        With `files` it is `multipart/form-data`, and `form` its other fields. Files are streamed,
        their lengths told beforehand.
        """


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a person types to connect an account; what is `optional` may be left out."""

    name: str
    label: str
    secret: bool = False
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account at a network, proved by its credentials.

    `credentials` is what every later call needs; it is kept encrypted and never shown. `limits`
    are the account's own where the network lets them differ (a Mastodon instance's length).
    `expires_at` is when the credentials cease to work; nothing where they last until revoked.
    `kind` is whether it is the person's own, or a page or organization they publish for.
    The credentials are `renewable` unless it takes a person to get others.
    """

    external_id: str
    username: str
    display_name: str
    url: str
    avatar_url: str | None
    credentials: Mapping[str, str] = field(repr=False)
    limits: Mapping[str, int] = field(default_factory=dict)
    expires_at: datetime | None = None
    kind: Literal["person", "organization"] = "person"
    renewable: bool = True


@dataclass(frozen=True, kw_only=True)
class ReplyTo:
    """The first part of a thread and the part before this one, by the network's ids.

    What a person found for us may be known by its link alone, which does as well.
    """

    root_id: str
    parent_id: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What is to be published: the text, and a key that is the same on every attempt.

    `first_tried_at` is the same on every attempt since the first that may have arrived. `taken`
    are ids the network gave for other publications of the same account: never this one.
    `settings` are what its author chose of those in the provider's `settings_schema`.
    `attachments` obey the provider's `media_rules`. `progress` is what the attempt before left at
    the network, where that ended with `Pending`: this one goes on from there.
    """

    text: str
    key: str
    first_tried_at: datetime
    taken: frozenset[str] = frozenset()
    reply_to: ReplyTo | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    progress: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The request that would publish, as far as it does not depend on the account.

    `path` begins behind the host; `body` is what is sent as JSON.
    """

    method: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The network's word that it has published; the same post whatever it allows after it."""

    external_id: str
    url: str
    allowance: Allowance | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """The network works on what it was given; call `publish` again, with this `progress`.

    `progress` is kept as it is, a few short words such as the id of a container: whatever is made
    at the network before the step that publishes is told this way first, so that a crash between
    the two repeats nothing. `is_under_way` is whether it may be published by now though nobody
    calls again: then `Refused` of a later call means that the network will not publish it, while
    whoever could not ask raises `Unanswered`. What is pending for longer than `patience`, 24 hours
    at most, is given up. The progress may be days old where something else went wrong meanwhile:
    what is gone at the network by then begins anew.
    """

    progress: Mapping[str, str]
    check_after: timedelta
    is_under_way: bool = False
    patience: timedelta = timedelta(hours=2)
    allowance: Allowance | None = field(default=None, compare=False)


Recovery = Literal["key", "search", "none"]
"""What a provider can do when nobody knows whether a call arrived: repeat it under the same key,
look whether the post is there, or nothing."""


class Provider(Protocol):
    """Everything that differs between networks.

    `max_length` is in the units `count` answers in, named by `counts`. `quotas` are those every
    account has; what an answer says beyond them is in `Receipt` and `ProviderError`.
    `threads`: it takes publications that reply to others. `tokens` names those of the credentials
    that expire, all of them secret; whoever has any is `Renewable` besides.

    `settings_schema` is the JSON Schema (draft 2020-12) of what an author may set of a publication:
    an object of named, described properties and no others, all of them optional.
    """

    title: str
    max_length: int
    counts: str
    threads: bool
    quotas: tuple[Quota, ...]
    connect_fields: tuple[Field, ...]
    tokens: tuple[str, ...]
    recovery: Recovery
    settings_schema: Mapping[str, Any]

    def count(self, text: str) -> int:
        """The length of `text` as the network counts it."""

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        """What a publication with these settings may carry.

        Settings that break the schema count as none.
        """

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Prove the credentials a person typed.

        Raises:
            Refused: class authentication or permission where they do not suffice.
            Unanswered: no trustworthy answer.
        """

    def preview(self, publication: Publication) -> Preview:
        """What `publish` would send, but for what it must ask the network first."""

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        """Publish now, or begin to; what is pending is called again, with its progress.

        Raises:
            Refused, Unanswered: which of the two decides whether it may be tried again. While
                nothing is published yet, as in uploading, an answer that was lost is `Refused`
                (class network): all of it may be done again.
        """

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look whether an earlier attempt of the same publication arrived.

        `None` is a promise: it did not, and publishing under the same key is safe.

        Raises:
            Refused, Unanswered: nobody knows yet.
        """


@runtime_checkable
class CountsSettings(Protocol):
    """What a provider is besides, where some of its settings use up the length of every part."""

    def count_settings(self, settings: Mapping[str, Any]) -> int:
        """What they add to `count`, in its units; settings that break the schema add nothing."""


@runtime_checkable
class Comments(Protocol):
    """What a provider is besides, whose follow-ups are comments, with a length of their own.

    `comment_length` is in the units of `count`.
    """

    comment_length: int


def follow_up_length(provider: Provider) -> int:
    """The most that a part of a thread may have after its first."""
    return provider.comment_length if isinstance(provider, Comments) else provider.max_length


@runtime_checkable
class Rewrites(Protocol):
    """What a provider is besides, whose network takes no text with certain characters in it."""

    def written(self, text: str) -> str:
        """`text` as it is sent, with others that look alike in their place."""


@runtime_checkable
class FindsSome(Protocol):
    """What a provider is besides, which can look for some of its publications, not for all."""

    def can_find(self, publication: Publication) -> bool:
        """Whether `find` can answer; where not, it raises `Unanswered`, and a person settles it."""


@runtime_checkable
class FollowUpMedia(Protocol):
    """What a provider is besides, where follow-ups of a thread carry other media than its root."""

    def follow_up_media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        """As `media_rules`, of a publication that replies to another."""


def media_rules_of(provider: Provider, settings: Mapping[str, Any], *, replies: bool) -> MediaRules:
    """The rules of a root, or of a follow-up."""
    if replies and isinstance(provider, FollowUpMedia):
        return provider.follow_up_media_rules(settings)
    return provider.media_rules(settings)
