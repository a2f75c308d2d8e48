"""The networks there are, and the accounts an organization has connected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from functions.channels.schemas import (
    AccountOut,
    ChannelOut,
    ConnectAccount,
    ConnectionOut,
    ConnectionsOut,
    DisconnectedOut,
    FiltersOut,
    PagesOut,
    ProofOut,
    Slug,
    StatusWord,
)
from functions.dependencies import requires
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from shared.channels.adapters import queries
from shared.channels.adapters.accounts import prove
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.simulator import simulated_fields
from shared.channels.adapters.vault import seal, unseal
from shared.channels.api import catalogue
from shared.channels.application.connect_account import connect_account
from shared.channels.application.disconnect_account import disconnect_account
from shared.channels.application.prove_connection import prove_connection
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

app = create_app("Channels")
router = APIRouter(prefix="/api/v1/channels", tags=["channels"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("channels:read")]
Connector = Annotated[Actor, requires("channels:connect")]
Disconnector = Annotated[Actor, requires("channels:disconnect")]


@router.get("")
def list_channels(actor: Reader) -> Data[list[ChannelOut]]:
    """Every network, by name, with its limits and what connecting an account takes."""
    return Data(data=[ChannelOut.of(channel) for channel in catalogue.channels()])


@router.post("/connect", status_code=201)
def connect(actor: Connector, body: ConnectAccount) -> ConnectionOut:
    """Connect an account; one that was connected before comes back under its old id."""
    channel = catalogue.channel(body.channel_id)
    connection = connect_account(
        begin,
        prove,
        seal,
        utc_now,
        actor=actor,
        channel=channel.id,
        asked=channel.connect_fields,
        typed=simulated_fields(channel.id) if body.mock_connection else body.typed(),
        display_name=body.display_name,
    )
    return ConnectionOut.model_validate(connection)


@router.get("/connections")
def list_connections(
    actor: Reader,
    status: StatusWord | None = None,
    channel_id: Slug | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ConnectionsOut:
    """The organization's accounts, newest first; disconnected ones only where asked for."""
    paging = Paging(limit=limit, offset=(page - 1) * limit)
    found = queries.connections(
        actor.organization_id, status=status, channel=channel_id, paging=paging
    )
    return ConnectionsOut(
        data=[ConnectionOut.model_validate(row) for row in found.items],
        pagination=PagesOut.of(paging, found.total),
        filters=FiltersOut(status=status or "all", channel_id=channel_id),
    )


@router.get("/connections/{connection_id}")
def get_connection(actor: Reader, connection_id: UUID) -> Data[ConnectionOut]:
    row = queries.connection(connection_id)
    actor.demand_own(row.organization_id, "connection")
    return Data(data=ConnectionOut.model_validate(row))


@router.delete("/connections/{connection_id}")
def disconnect(
    actor: Disconnector,
    connection_id: UUID,
    cancel_schedules: bool = False,  # noqa: FBT001, FBT002 a query parameter has a name
) -> DisconnectedOut:
    """Forget an account's credentials; what still waits for it must be cancelled with it."""
    connection = disconnect_account(
        begin,
        utc_now,
        actor=actor,
        connection_id=connection_id,
        cancel_schedules=cancel_schedules,
    )
    return DisconnectedOut.model_validate(connection)


@router.post("/connections/{connection_id}/test")
def test_connection(actor: Connector, connection_id: UUID) -> ProofOut:
    """Ask the network whether the connection still works, and take what it says about it."""
    proof = prove_connection(
        begin, prove, seal, unseal, utc_now, actor=actor, connection_id=connection_id
    )
    connection = proof.connection
    if proof.refused is not None:
        return ProofOut(
            success=False,
            message=proof.refused.words,
            tested_at=connection.updated_at,
            user_info=None,
        )
    return ProofOut(
        success=True,
        message="The connection works",
        tested_at=connection.updated_at,
        user_info=AccountOut(
            id=connection.external_account_id,
            name=connection.display_name,
            username=connection.account_username,
        ),
    )


app.include_router(router)
handler = lambda_handler(app)
