"""Somebody with an organization, without the rest of identity."""

import pytest
from sqlalchemy import text

from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId, new_id


@pytest.fixture
def actor(database: None) -> Actor:
    user_id, organization_id = new_id(), OrganizationId(new_id())
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO organizations (id, name, created_at, updated_at)"
                " VALUES (:organization, 'Ada', now(), now())"
            ),
            {"organization": organization_id},
        )
        session.execute(
            text(
                "INSERT INTO users (id, email, name, auth_method, status, is_root, timezone,"
                " locale, created_at, updated_at) VALUES (:user, 'ada@example.com', 'Ada',"
                " 'password', 'active', false, 'UTC', 'en', now(), now())"
            ),
            {"user": user_id},
        )
    return Actor(
        user_id=user_id,
        organization_id=organization_id,
        permissions=frozenset(),
        is_root=False,
        timezone="UTC",
    )
