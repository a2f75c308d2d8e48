"""Reading from a network, by whatever header it knows us."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.provider import Answer, Http, ProviderError


async def ask(
    http: Http,
    credentials: Mapping[str, str],
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    headers: Callable[[Mapping[str, str]], Mapping[str, str]],
    error_of: Callable[[Answer], ProviderError],
    server: str = "server",
    below: str = "",
) -> Answer:
    """A success, and nothing else.

    `server` names the credential that is the base URL; all paths lie `below` it.

    Raises:
        Refused, Unanswered: of any other answer.
    """
    url = f"{credentials[server]}{below}{path}"
    answer = await http.request("GET", url, headers=headers(credentials), params=params)
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    return answer


async def read(
    http: Http,
    credentials: Mapping[str, str],
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    unless: str,
    **known: Any,
) -> Any:
    """The decoded answer, asked for as by `ask`; `unless` are the words of what is no JSON.

    Raises:
        Refused, Unanswered: of any answer but a success.
    """
    answer = await ask(http, credentials, path, params, **known)
    with otherwise_malformed(unless):
        return answer.json()
