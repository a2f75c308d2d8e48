"""What somebody may is looked at under the lock: a proof from a moment ago is not enough."""

from collections.abc import Callable

import pytest

from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.kernel.clock import utc_now
from shared.kernel.errors import PermissionDenied
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.colleagues import colleague, path


def _proved(account: Account) -> SignedIn:
    from shared.identity.adapters.authentication import authenticate
    from shared.infrastructure.call_limits import CallMeter

    return authenticate(account.token, CallMeter(0))


def _assign(actor: SignedIn, other: Account) -> None:
    from shared.identity.adapters.postgres import begin
    from shared.identity.application.organizations.assign_role import assign_role

    assign_role(begin, utc_now, actor=actor, member_id=other.user_id, wanted=Role.EDITOR)


def _remove(actor: SignedIn, other: Account) -> None:
    from shared.identity.adapters.postgres import begin
    from shared.identity.application.organizations.remove_member import remove_member

    remove_member(begin, utc_now, actor=actor, member_id=other.user_id)


def _make_role(actor: SignedIn, _other: Account) -> None:
    from shared.identity.adapters.postgres import begin
    from shared.identity.application.organizations.create_custom_role import create_custom_role

    create_custom_role(
        begin,
        utc_now,
        actor=actor,
        slug="guest",
        name="Guest",
        description=None,
        permissions=frozenset({"posts:read"}),
    )


@pytest.mark.parametrize("use", [_assign, _remove, _make_role])
@pytest.mark.parametrize("lost", ["demoted", "removed"])
def test_whoever_lost_a_right_after_the_proof_is_refused(
    api: Api, use: Callable[[SignedIn, Account], None], lost: str
) -> None:
    chief = root(api)
    ada = approved_user(api, chief)
    bob, carol = colleague(api, chief, ada, "admin"), colleague(api, chief, ada, "viewer")
    proved = _proved(bob)
    one = path(ada, "members", bob.user_id)
    answer = ada.api.delete(one) if lost == "removed" else ada.api.patch(one, {"role": "editor"})
    assert answer.status < 300, answer.content
    with pytest.raises(PermissionDenied) as refusal:
        use(proved, carol)
    assert refusal.value.code == "FORBIDDEN"
    shown = ada.api.get(path(ada, "members", carol.user_id))
    assert shown.json["data"]["role"] == "viewer"
