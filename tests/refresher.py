"""The timer that renews credentials, called by hand, and the rows it works on."""

import time
from typing import Any

from sqlalchemy import text

from runner.template import Function
from runner.timers import tick_event
from shared.channels.adapters.vault import unseal
from shared.channels.domain.sealed import Sealed
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.deployed_functions import function
from tests.simulator.client import Simulator

NAME = "ChannelsTokenRefresher"


def tick() -> dict[str, int]:
    """Let the timer call it; answers its tally."""
    tally: dict[str, int] = refresher().load()(tick_event(NAME, utc_now()), None)
    return tally


def refresher() -> Function:
    return function(NAME)


def make_renewal_due() -> None:
    """Let it be time to renew whatever is renewed at all, and every lease have lapsed."""
    _change(
        "next_refresh_at = now() - interval '1 second', refresh_lease_until ="
        " CASE WHEN refresh_lease_until IS NULL THEN NULL ELSE now() - interval '1 second' END",
        "next_refresh_at IS NOT NULL",
    )


def expire_credentials() -> None:
    """Let the credentials have expired, and their renewal be due."""
    _change("token_expires_at = now() - interval '1 second'", "token_expires_at IS NOT NULL")
    make_renewal_due()


def wait_for_renewal(simulator: Simulator, account: str, number: int = 1) -> None:
    """Wait until the network has given an account so many renewed sessions, answered or not."""
    deadline = time.monotonic() + 30
    while simulator.sessions(account)["renewed"] < number:
        assert time.monotonic() < deadline, "nobody asks the network"
        time.sleep(0.01)


def stored(connection_id: str) -> Any:
    """The row of a connection."""
    query = text("SELECT * FROM channel_connections WHERE id = :id")
    with engine().connect() as database:
        return database.execute(query, {"id": connection_id}).one()


def credentials_of(connection_id: str) -> dict[str, str]:
    row = stored(connection_id)
    return unseal(row.id, Sealed(key_id=row.credentials_key_id, text=row.credentials))


def _change(values: str, where: str) -> None:
    with engine().begin() as database:
        database.execute(text(f"UPDATE channel_connections SET {values} WHERE {where}"))
