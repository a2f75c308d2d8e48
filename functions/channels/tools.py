"""What people look up at a network before they write, and how their accounts are doing there."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from functions.channels.schemas.tools import MetricsOut, ToolOut, UseTool
from functions.dependencies import requires
from functions.envelopes import Data
from functions.routing import Router
from shared.channels.adapters import asking, queries
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.renewals import renew_now
from shared.channels.adapters.vault import seal
from shared.channels.application.ask_network import ask_network
from shared.channels.application.refresh_connection import refresh_connection
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation, demand_none

router = Router(prefix="/api/v1/channels/connections/{connection_id}", tags=["channels"])

Reader = Annotated[Actor, requires("channels:read")]
ExternalId = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=500,
        pattern=r"^[^\s\x00-\x1f\x7f]+$",
        description="Of a post, as its schedule tells it; the account's own metrics without it",
    ),
]


@router.get("/tools")
def list_tools(connection_id: UUID, actor: Reader) -> Data[list[ToolOut]]:
    """What there is to look up at an account's network, by name."""
    tools = asking.tools_of(queries.connection(actor, connection_id).channel)
    return Data(data=[ToolOut.of(name, tools[name]) for name in sorted(tools)])


@router.post("/tools/{tool_name}", responses=refuses(HTTPStatus.CONFLICT))
def use_tool(connection_id: UUID, tool_name: str, body: UseTool, actor: Reader) -> Data[Any]:
    """Look something up at the network, as the account; it changes nothing there."""
    tool = asking.tool(queries.connection(actor, connection_id).channel, tool_name)
    demand_none(
        RuleViolation("VALIDATION_ERROR", one.words, field=f"arguments.{one.path}".rstrip("."))
        for one in asking.argument_problems(tool, body.arguments)
    )
    found = ask_network(
        begin,
        partial(asking.use_tool, name=tool_name, arguments=body.arguments),
        partial(_renew, actor, connection_id),
        actor=actor,
        connection_id=connection_id,
    )
    return Data(data=found)


@router.get("/metrics", responses=refuses(HTTPStatus.CONFLICT))
def get_metrics(
    connection_id: UUID, actor: Reader, external_id: ExternalId = None
) -> Data[MetricsOut]:
    """Tell what the network counts of an account, or of one of its posts, at this moment."""
    asking.demand_measures(queries.connection(actor, connection_id).channel)
    counted = ask_network(
        begin,
        partial(asking.metrics, external_id=external_id),
        partial(_renew, actor, connection_id),
        actor=actor,
        connection_id=connection_id,
    )
    return Data(
        data=MetricsOut(
            connection_id=connection_id,
            external_id=external_id,
            measured_at=utc_now(),
            metrics=dict(counted),
        )
    )


def _renew(actor: Actor, connection_id: UUID) -> None:
    refresh_connection(begin, renew_now, seal, utc_now, actor=actor, connection_id=connection_id)


app = create_app("Tools")
app.include_router(router)
handler = lambda_handler(app)
