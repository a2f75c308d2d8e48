"""Members of an organization beside its owner, for tests of who may do what there."""

from uuid import UUID

from sqlalchemy import delete, insert

from shared.identity.adapters.tables import memberships
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from tests.accounts import PASSWORD, Account, approved_user
from tests.api import Api


def member(api: Api, root: Account, organization_id: UUID | str, role: str) -> Api:
    """Somebody new with that role who belongs there and nowhere else, signed in."""
    account = approved_user(api, root)
    with transaction() as session:
        session.execute(delete(memberships).where(memberships.c.user_id == account.user_id))
        session.execute(
            insert(memberships).values(
                organization_id=organization_id,
                user_id=account.user_id,
                role=role,
                created_at=utc_now(),
            )
        )
    answer = api.post("/auth/login", {"email": account.email, "password": PASSWORD})
    assert answer.status == 200, answer.content
    return api.as_user(answer.json["access_token"])
