"""How far an actor reaches into a table: the one policy of every list."""

from sqlalchemy import ColumnElement, FromClause

from shared.kernel.actor import Actor


def within_reach(table: FromClause, actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions that a list shows the actor no more than `Actor.own` would.

    What belongs to a channel is known by a column `channel`. A table that names a connection
    instead has to be asked about with the connections the actor may use.
    """
    columns = table.c
    conditions = [columns.organization_id == actor.organization_id]
    if actor.only_own:
        conditions.append(columns.created_by == actor.user_id)
    if actor.channels is not None and "channel" in columns:
        conditions.append(columns.channel.in_(sorted(actor.channels)))
    return conditions
