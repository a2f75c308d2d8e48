"""Whether a variant may leave on a connection."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict, RuleViolation, RuleViolations
from shared.publishing.application.ports import Connection, PublishingUnitOfWork, Variant
from shared.publishing.domain.schedule import Schedule


def demand_fit(variant: Variant, connection: Connection) -> None:
    """Demand that a connection can take a variant, before either is promised to the other.

    Raises:
        RuleViolation: `CONNECTION_INACTIVE`, `INCOMPATIBLE_CHANNEL`, `MEDIA_NOT_SUPPORTED` or
            `CONTENT_TOO_LONG`, of each part of a thread.
    """
    if not connection.is_connected:
        raise RuleViolation(
            "CONNECTION_INACTIVE",
            "The connection must be connected again first",
            field="channel_connection_id",
        )
    if variant.channel != connection.channel:
        raise RuleViolation(
            "INCOMPATIBLE_CHANNEL",
            f"The variant is for {variant.channel}, the connection for {connection.channel}",
            field="channel_connection_id",
        )
    if variant.has_media:
        raise RuleViolation(
            "MEDIA_NOT_SUPPORTED",
            "Media cannot be published yet, and the text shall not leave without it",
            field="post_variant_id",
        )
    too_long = [
        _too_long(length, connection, {"part": part} if part else {})
        for part, length in enumerate(
            [variant.length, *(each.length for each in variant.follow_ups)]
        )
        if length > connection.max_length
    ]
    if too_long:
        raise RuleViolations(too_long)


def own_fitting(
    work: PublishingUnitOfWork,
    actor: Actor,
    *,
    post_variant_id: UUID,
    channel_connection_id: UUID,
) -> tuple[Variant, Connection]:
    """The variant and the connection that a request names, which fit each other.

    Raises:
        NotFound, PermissionDenied: of either; see also `demand_promotable`.
        RuleViolation: see `demand_fit`.
    """
    variant = actor.in_organization(
        work.posts.variant(post_variant_id), "variant", field="post_variant_id"
    )
    connection = actor.in_organization(
        work.connections.connection(channel_connection_id),
        "connection",
        field="channel_connection_id",
    )
    demand_promotable(actor, variant, field="post_variant_id")
    demand_fit(variant, connection)
    return variant, connection


def demand_promotable(actor: Actor, variant: Variant, *, field: str | None = None) -> None:
    """Demand that the actor could change a draft: to be scheduled makes it ready.

    What is ready or was published may be scheduled by whoever may schedule.

    Raises:
        PermissionDenied: `FORBIDDEN` or `VARIANT_ACCESS_DENIED`.
    """
    if variant.status == "draft":
        actor.exercising("posts:write").own(variant, "variant", field=field)


def demand_still_fit(work: PublishingUnitOfWork, schedule: Schedule) -> None:
    """Demand it again of what is to be sent after all: either may have changed since.

    Raises:
        Conflict: `POST_DELETED`.
        RuleViolation: see `demand_fit`.
    """
    demand_both_fit(
        work.posts.variant(schedule.post_variant_id),
        work.connections.connection(schedule.channel_connection_id),
    )


def demand_both_fit(variant: Variant | None, connection: Connection | None) -> None:
    """The same of what was asked for already, None where it is gone.

    Raises:
        Conflict: `POST_DELETED`.
        RuleViolation: see `demand_fit`.
    """
    if variant is None or connection is None:
        raise Conflict("POST_DELETED", "What it would publish has been deleted")
    demand_fit(variant, connection)


def _too_long(length: int, connection: Connection, which: dict[str, int]) -> RuleViolation:
    return RuleViolation(
        "CONTENT_TOO_LONG",
        f"The text is {length} long; this account takes {connection.max_length}",
        field="post_variant_id",
        meta={"count": length, "limit": connection.max_length, **which},
    )
