"""The networks there are, and the accounts an organization has connected."""

from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import Query

from functions.channels.schemas.catalogue import ChannelOut
from functions.channels.schemas.connections import (
    ConnectionHealthOut,
    ConnectionOut,
    ConnectionsOut,
    DisconnectedOut,
    ListConnections,
    ProofOut,
    UpdateConnection,
)
from functions.dependencies import requires
from functions.envelopes import Data
from functions.routing import Router
from shared.channels.adapters import application_queries, queries
from shared.channels.adapters.accounts import prove, revoke
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.renewals import renew_now
from shared.channels.adapters.vault import seal, unseal
from shared.channels.api import catalogue
from shared.channels.application.change_connection import change_connection
from shared.channels.application.disconnect_account import disconnect_account
from shared.channels.application.prove_connection import prove_connection
from shared.channels.application.refresh_connection import refresh_connection
from shared.channels.domain.connection import ConnectionChanges
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(prefix="/api/v1/channels", tags=["channels"])

Reader = Annotated[Actor, requires("channels:read")]
Connector = Annotated[Actor, requires("channels:connect")]
Disconnector = Annotated[Actor, requires("channels:disconnect")]


@router.get("")
def list_(actor: Reader) -> Data[list[ChannelOut]]:
    """Every network, by name, with its limits and what connecting an account takes."""
    known_at = application_queries.known_at(actor)
    return Data(data=[ChannelOut.of(channel, known_at) for channel in catalogue.channels()])


@router.get("/connections")
def list_connections(actor: Reader, wanted: Annotated[ListConnections, Query()]) -> ConnectionsOut:
    """The organization's accounts, newest first; disconnected ones only where asked for."""
    paging = Paging.numbered(wanted.page, size=wanted.limit)
    page = queries.connections(
        actor, status=wanted.status, channel=wanted.channel_id, paging=paging
    )
    return ConnectionsOut.of(page, paging, wanted)


@router.get("/connections/{connection_id}")
def get_connection(connection_id: UUID, actor: Reader) -> Data[ConnectionOut]:
    """One account, disconnected or not."""
    return Data[ConnectionOut].of(queries.connection(actor, connection_id))


@router.patch("/connections/{connection_id}")
def update(connection_id: UUID, body: UpdateConnection, actor: Connector) -> Data[ConnectionOut]:
    """Change what is given: its name here, and when and how often it may be published to."""
    changes = cast("ConnectionChanges", body.model_dump(exclude_unset=True))
    connection = change_connection(
        begin, utc_now, actor=actor, connection_id=connection_id, changes=changes
    )
    return Data[ConnectionOut].of(connection)


@router.get("/connections/{connection_id}/health")
def health(connection_id: UUID, actor: Reader) -> Data[ConnectionHealthOut]:
    """Tell how an account is doing, when its credentials expire, and who has to act until then."""
    connection = ConnectionOut.model_validate(queries.connection(actor, connection_id))
    return Data(data=ConnectionHealthOut.of(connection))


@router.delete("/connections/{connection_id}", responses=refuses(HTTPStatus.CONFLICT))
def disconnect(
    connection_id: UUID, actor: Disconnector, *, cancel_schedules: bool = False
) -> DisconnectedOut:
    """Forget an account's credentials; what still waits for it must be cancelled with it.

    The network is asked to forget them too.
    """
    connection = disconnect_account(
        begin,
        revoke,
        utc_now,
        actor=actor,
        connection_id=connection_id,
        cancel_schedules=cancel_schedules,
    )
    return DisconnectedOut.model_validate(connection)


@router.post("/connections/{connection_id}/test", responses=refuses(HTTPStatus.CONFLICT))
def test_connection(connection_id: UUID, actor: Connector) -> ProofOut:
    """Ask the network whether the connection still works, and take what it says about it."""
    proof = prove_connection(
        begin, prove, seal, unseal, utc_now, actor=actor, connection_id=connection_id
    )
    return ProofOut.of(proof)


@router.post("/connections/{connection_id}/refresh", responses=refuses(HTTPStatus.CONFLICT))
def refresh(connection_id: UUID, actor: Connector) -> Data[ConnectionOut]:
    """Renew credentials that expire, now; a timer does so in time by itself."""
    connection = refresh_connection(
        begin, renew_now, seal, utc_now, actor=actor, connection_id=connection_id
    )
    return Data[ConnectionOut].of(connection)


@router.get("/{channel_key}", responses=refuses(HTTPStatus.NOT_FOUND))
def get_channel(channel_key: str, actor: Reader) -> Data[ChannelOut]:
    """One network, as the list has it."""
    channel = catalogue.channel(channel_key)
    return Data(data=ChannelOut.of(channel, application_queries.known_at(actor)))


app = create_app("Channels")
app.include_router(router)
handler = lambda_handler(app)
