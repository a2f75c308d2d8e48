"""Calls to identity providers: short, and never led elsewhere."""

from typing import Any

import requests

from shared.kernel.errors import DomainError, FaultyService, Unavailable

_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


def get_json(url: str, *, timeout: float, bearer: str | None = None) -> dict[str, Any]:
    """The JSON object at a URL that an issuer has named.

    `timeout` in seconds, to connect and without a byte of the answer.

    Raises:
        Unavailable: `OAUTH_PROVIDER_UNAVAILABLE`.
        FaultyService: `OAUTH_DISCOVERY_FAILED`.
    """
    headers = {"Accept": "application/json"}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy or a .netrc of the machine is not ours
            answer = session.get(url, headers=headers, timeout=timeout, allow_redirects=False)
        if answer.status_code == requests.codes.ok:
            decoded = answer.json()
            if isinstance(decoded, dict):
                return decoded
    except (requests.JSONDecodeError, RecursionError) as error:
        raise faulty() from error
    except requests.RequestException as error:
        raise failure_of(error) from error
    raise unavailable() if is_passing(answer.status_code) else faulty()


def failure_of(error: requests.RequestException) -> DomainError:
    """What a call that came to nothing means: an impossible URL is a fault, silence is not."""
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return unavailable()
    if error.response is not None and is_passing(error.response.status_code):
        return unavailable()
    return faulty()


def is_passing(status: int) -> bool:
    return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS


def unavailable() -> Unavailable:
    return Unavailable("OAUTH_PROVIDER_UNAVAILABLE", "The identity provider cannot be reached")


def faulty() -> FaultyService:
    return FaultyService(
        "OAUTH_DISCOVERY_FAILED", "What the identity provider says of itself makes no sense"
    )
