"""An account whose person has an application of their own, and types what it was given."""

from collections.abc import Sequence

from tests.simulator.oauth_grants import Grants


def typed(
    grants: Grants, server: str, account_id: str, scopes: Sequence[str], *, renews: bool
) -> dict[str, str]:
    client_id, secret = grants.register()
    given = grants.give(account_id, client_id, scopes, refreshes=renews)
    return {
        "server": server,
        "access_token": given.token,
        **({"refresh_token": given.refresh_token} if given.refresh_token else {}),
        "own_client_id": client_id,
        "own_client_secret": secret,
    }
