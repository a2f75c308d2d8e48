"""Simulated accounts, for development and tests: what a person would type is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from shared.channels.domain.provider import Field, Refused
from shared.channels.domain.server_address import base_url
from shared.infrastructure.environment import EnvironmentSettings
from shared.infrastructure.http_client import NoAnswer, NotSent, Response, http_client, waited_for
from shared.infrastructure.settings import Settings
from shared.kernel.errors import PermissionDenied, RuleViolation, Unavailable


@dataclass(frozen=True, kw_only=True)
class SimulatorSettings(Settings):
    """`url` is where the imitations of the networks are; empty where there are none."""

    url: str = ""


def simulated_fields(channel: str) -> dict[str, str]:
    """Open an account at the simulated network; answers what connecting it takes.

    Raises:
        PermissionDenied: `MOCK_CONNECTIONS_DISABLED`, this is production.
        Unavailable: `SIMULATOR_UNAVAILABLE`.
    """
    if EnvironmentSettings.read().is_production:
        raise PermissionDenied(
            "MOCK_CONNECTIONS_DISABLED", "Simulated connections are for development and test"
        )
    url = SimulatorSettings.read().url
    if not url:
        raise Unavailable("SIMULATOR_UNAVAILABLE", "SIMULATOR_URL is not set")
    try:
        answer = waited_for(_open_account(url, channel))
    except (NotSent, NoAnswer) as error:
        raise Unavailable("SIMULATOR_UNAVAILABLE", "The simulator does not answer") from error
    if answer.status != HTTPStatus.CREATED:
        raise Unavailable("SIMULATOR_UNAVAILABLE", f"The simulator has no network {channel}")
    fields: dict[str, str] = answer.json()["fields"]
    return fields


def demand_real(asked: Sequence[Field], typed: Mapping[str, str]) -> None:
    """Refuse the address of an imitation, typed for a network that has but one server.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; this is production.
    """
    own = next((one.default for one in asked if one.name == "server"), None)
    server = typed.get("server", "").strip()
    if own and server not in {"", own} and EnvironmentSettings.read().is_production:
        raise RuleViolation(
            "VALIDATION_ERROR", "This network has but one server", field="credentials.server"
        )


def imitation_at(address: str) -> str:
    """The base URL of an imitation of a network, for which an application is to be kept.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; it is none, or this is production.
    """
    if EnvironmentSettings.read().is_production:
        raise RuleViolation("VALIDATION_ERROR", "This network has but one server", field="server")
    try:
        return base_url(address)
    except Refused as error:
        raise RuleViolation("VALIDATION_ERROR", error.words, field="server") from error


async def _open_account(url: str, channel: str) -> Response:
    async with http_client() as client:
        return await client.request(
            "POST", f"{url.rstrip('/')}/_simulator/accounts", json={"network": channel}
        )
