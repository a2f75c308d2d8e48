"""Whether a variant may leave on a connection."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict, RuleViolation, RuleViolations
from shared.publishing.application.ports import Connection, PublishingUnitOfWork, Variant
from shared.publishing.domain.schedule import Schedule


def demand_fit(variant: Variant, connection: Connection) -> None:
    """Demand that a connection can take a variant, before either is promised to the other.

    Raises:
        RuleViolation: all that stands against it: `CONNECTION_INACTIVE`, `INCOMPATIBLE_CHANNEL`,
            `MEDIA_NOT_SUPPORTED`, `INVALID_SETTING`, `CONTENT_TOO_LONG` of each part of a thread.
    """
    problems = [_by_input(each) for each in variant.misfits(connection)]
    if problems:
        raise RuleViolations(problems)


def _by_input(problem: RuleViolation) -> RuleViolation:
    """With the input that named the variant; `meta` says where in it the problem is."""
    if problem.field == "channel_connection_id":
        return problem
    return RuleViolation(
        problem.code,
        problem.description,
        field="post_variant_id",
        meta={**(problem.meta or {}), "at": problem.field},
    )


def own_fitting(
    work: PublishingUnitOfWork,
    actor: Actor,
    *,
    post_variant_id: UUID,
    channel_connection_id: UUID,
) -> tuple[Variant, Connection]:
    """The variant and the connection that a request names, which fit each other.

    The variant is held, and its post.

    Raises:
        NotFound, PermissionDenied: of either; see also `demand_promotable`.
        Conflict: `POST_ARCHIVED`, even if nothing of it would leave soon.
        RuleViolation: see `demand_fit`.
    """
    asked = work.posts.ask_to_hold(post_variant_id)
    found = work.connections.connection(channel_connection_id)
    variant = actor.in_organization(asked(), "variant", field="post_variant_id")
    connection = actor.in_organization(found, "connection", field="channel_connection_id")
    demand_promotable(actor, variant, field="post_variant_id")
    if variant.is_archived:
        raise Conflict("POST_ARCHIVED", "This post is archived: take it out of the archive first")
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
