"""Applications at networks in PostgreSQL: one table for organizations' own, one for everybody's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.channels.adapters.authorization_tables import (
    channel_applications,
    platform_applications,
)
from shared.channels.domain.connection import Connection
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.sealed import Sealed
from shared.kernel.ids import OrganizationId

_OWN, _ALL = channel_applications.c, platform_applications.c
_REGISTERED = _ALL.redirect_uri.is_not(None)


class PostgresApplications:
    def __init__(self, session: Session) -> None:
        self._session = session

    def own(self, organization_id: OrganizationId, channel: str) -> KeptApplication | None:
        return self._one(
            channel_applications,
            _OWN.organization_id == organization_id,
            _OWN.channel == channel,
        )

    def everybodys(self, channel: str) -> KeptApplication | None:
        return self._one(platform_applications, _ALL.channel == channel, ~_REGISTERED)

    def registered(self, channel: str, server: str, redirect_uri: str) -> KeptApplication | None:
        return self._one(
            platform_applications,
            _ALL.channel == channel,
            _ALL.server == server,
            _ALL.redirect_uri == redirect_uri,
        )

    def get(self, application_id: UUID) -> KeptApplication | None:
        own = self._one(channel_applications, _OWN.id == application_id)
        return own or self._one(platform_applications, _ALL.id == application_id)

    def of(self, connections: Sequence[Connection]) -> Mapping[UUID, KeptApplication]:
        channels = {one.channel for one in connections}
        owners = {one.organization_id for one in connections}
        named = {one.application_id for one in connections if one.application_id}
        rows = [
            *self._all(
                channel_applications, _OWN.organization_id.in_(owners), _OWN.channel.in_(channels)
            ),
            *self._all(
                platform_applications,
                _ALL.id.in_(named) | (_ALL.channel.in_(channels) & ~_REGISTERED),
            ),
        ]
        by_id = {one.id: one for one in rows}
        current = {
            (one.organization_id, one.channel): one for one in rows if one.redirect_uri is None
        }
        found = {}
        for one in connections:
            through = by_id.get(one.application_id) if one.application_id else None
            through = through or current.get((one.organization_id, one.channel))
            through = through or current.get((None, one.channel))
            if through is not None:
                found[one.id] = through
        return found

    def put(self, application: KeptApplication) -> None:
        table = channel_applications if application.organization_id else platform_applications
        values = _values(application)
        place: dict[str, Any] = (
            {"index_elements": [_OWN.organization_id, _OWN.channel]}
            if application.organization_id
            else {"index_elements": [_ALL.channel], "index_where": ~_REGISTERED}
        )
        anew = {name: values[name] for name in values.keys() - {"created_at", "created_by"}}
        self._session.execute(
            insert(table).values(values).on_conflict_do_update(**place, set_=anew)
        )

    def add_registered(self, application: KeptApplication) -> KeptApplication:
        self._session.execute(
            insert(platform_applications)
            .values(_values(application))
            .on_conflict_do_nothing(
                index_elements=[_ALL.channel, _ALL.server, _ALL.redirect_uri],
                index_where=_REGISTERED,
            )
        )
        kept = self.registered(
            application.channel, application.server, application.redirect_uri or ""
        )
        return kept or application

    def remove(self, application: KeptApplication) -> None:
        table = channel_applications if application.organization_id else platform_applications
        self._session.execute(delete(table).where(table.c.id == application.id))

    def _one(self, table: Table, *matching: ColumnElement[bool]) -> KeptApplication | None:
        return next(iter(self._all(table, *matching)), None)

    def _all(self, table: Table, *matching: ColumnElement[bool]) -> list[KeptApplication]:
        return [_kept(row) for row in self._session.execute(select(table).where(*matching))]


def _kept(row: Row[Any]) -> KeptApplication:
    columns = dict(row._mapping)  # noqa: SLF001 its public name
    sealed = Sealed(key_id=columns.pop("credentials_key_id"), text=columns.pop("credentials"))
    nobodys = {"organization_id": None, "created_by": None, "redirect_uri": None}
    return KeptApplication(**{**nobodys, **columns}, sealed=sealed)


def _values(application: KeptApplication) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": application.id,
        "channel": application.channel,
        "server": application.server,
        "client_id_masked": application.client_id_masked,
        "credentials": application.sealed.text,
        "credentials_key_id": application.sealed.key_id,
        "created_at": application.created_at,
        "updated_at": application.updated_at,
    }
    if application.organization_id is None:
        return {**values, "redirect_uri": application.redirect_uri}
    return {
        **values,
        "organization_id": application.organization_id,
        "created_by": application.created_by,
    }
