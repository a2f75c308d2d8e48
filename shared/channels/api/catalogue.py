"""The networks there are, to the rest of Luxaris: a title, a limit and a way of counting each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.authorization import Authorizable, Registering
from shared.channels.domain.provider import Field, Quota
from shared.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Channel:
    """`id` is the slug; `max_length` is in the units `count` answers in, named by `counts`.

    `threads`: it takes posts that reply to each other. `oauth`: accounts are connected by consent
    at the network, besides by `connect_fields` if it has any. `has_servers`: there are many, and
    whoever connects says which.
    """

    id: str
    title: str
    max_length: int
    counts: str
    threads: bool
    quotas: tuple[Quota, ...]
    connect_fields: tuple[Field, ...]
    oauth: bool
    has_servers: bool
    count: Callable[[str], int] = field(repr=False, compare=False)


def channels() -> list[Channel]:
    """Every network, by title."""
    return sorted((channel(slug) for slug in slugs()), key=lambda one: one.title)


def find(slug: str) -> Channel | None:
    """One network, if there still is one of that name."""
    return channel(slug) if slug in slugs() else None


def channel(slug: str) -> Channel:
    """One network.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
    """
    if slug not in slugs():
        raise NotFound("CHANNEL_NOT_FOUND", "There is no such channel", field="channel_id")
    provider = load(slug)
    return Channel(
        id=slug,
        title=provider.title,
        max_length=provider.max_length,
        counts=provider.counts,
        threads=provider.threads,
        quotas=provider.quotas,
        connect_fields=provider.connect_fields,
        oauth=isinstance(provider, Authorizable),
        has_servers=isinstance(provider, Registering),
        count=provider.count,
    )
