"""Posts on networks of every kind of recovery, some of them threads, each with words of its own."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from shared.channels.api import catalogue
from shared.content.adapters import tables as _content  # noqa: F401 its aggregates are mapped there
from shared.content.domain.post import Post
from shared.content.domain.thread import FollowUp
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId
from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import follow_ups
from tests.accounts import Account
from tests.author import Author
from tests.faults.plain_network import NETWORKS

ACCOUNTS = {"mastodon": 3, "bluesky": 2, "findable": 2, "mute": 2}
"""How many accounts of each network are connected."""
_SHARES = {"mastodon": 7, "bluesky": 5, "findable": 4, "mute": 4}
_THREADS = 0.1
"""The share of posts with follow-ups."""


def populate(
    account: Account, chance: random.Random, *, posts: int, span: timedelta, plain_url: str
) -> None:
    """Write so many posts that are due within `span` from a moment on."""
    author = Author.of(account)
    connections = {
        network: [UUID(_connect(author, network, plain_url, number)) for number in range(count)]
        for network, count in ACCOUNTS.items()
    }
    networks = chance.choices(list(_SHARES), list(_SHARES.values()), k=posts)
    now = utc_now()
    with transaction() as session:
        written = [_write(account, chance, network, now) for network in networks]
        session.add_all(post for post, _ in written)
        session.flush()
        session.add_all(variant for _, variant in written)
        session.flush()
        for _, variant in written:
            run_at = now + timedelta(seconds=1) + chance.random() * span
            connection = chance.choice(connections[variant.channel])
            for part in _parts(variant, connection, run_at, now):
                session.add(part)
                if part.part == 0:
                    session.flush()
        session.flush()
        ContentPosts(session).follow([post.id for post, _ in written], now=now)


def _connect(author: Author, network: str, plain_url: str, number: int) -> str:
    if network not in NETWORKS:
        return author.connect(network)
    fields = {"service": f"{plain_url}/{network}", "account": f"person{number}"}
    answer = author.api.post("/channels/connect", {"channel_id": network, "credentials": fields})
    assert answer.status == 201, answer.content
    connection_id: str = answer.json["id"]
    return connection_id


def _write(
    account: Account, chance: random.Random, network: str, now: datetime
) -> tuple[Post, PostVariant]:
    words = f"Post {chance.getrandbits(64):016x}"
    post = Post.write(
        organization_id=OrganizationId(account.organization_id),
        created_by=account.user_id,
        title=None,
        description=words,
        tags=[],
        metadata={},
        now=now,
    )
    length = chance.choice([1, 2]) if chance.random() < _THREADS else 0
    variant = PostVariant.write(
        post,
        catalogue.channel(network),
        created_by=account.user_id,
        content=words,
        thread=[FollowUp(content=f"{words}, {n + 1}", delay_seconds=0) for n in range(length)],
        media={},
        tone=None,
        metadata={},
        now=now,
    )
    variant.mark_ready(catalogue.channel(network), now=now)
    return post, variant


def _parts(
    variant: PostVariant, connection: UUID, run_at: datetime, now: datetime
) -> Iterator[Schedule]:
    root = Schedule.plan(
        organization_id=variant.organization_id,
        created_by=variant.created_by,
        post_id=variant.post_id,
        post_variant_id=variant.id,
        channel_connection_id=connection,
        channel=variant.channel,
        run_at=run_at,
        timezone="UTC",
        now=now,
    )
    yield root
    yield from follow_ups(root, [each["delay_seconds"] for each in variant.thread])
