"""What networks are asked for people who write: their tools and metrics, by a synchronous door."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from shared.channels.adapters import schema_problems
from shared.channels.adapters.lending import lend
from shared.channels.adapters.networks import networks, only_provider_errors, secrets_of
from shared.channels.adapters.registry import load, slugs
from shared.channels.adapters.schema_problems import SchemaProblem
from shared.channels.adapters.vault import unseal
from shared.channels.application.ports import Asker
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import Http, Provider
from shared.channels.domain.tools import Tool, Tools
from shared.infrastructure.http_client import waited_for
from shared.kernel.errors import NotFound

Answer = TypeVar("Answer")

_Call = Callable[[Http, Mapping[str, str]], Awaitable[Answer]]


def tools_of(channel: str) -> Mapping[str, Tool]:
    """What there is to look up at a network, if anything; nor where it is one no longer."""
    provider = load(channel) if channel in slugs() else None
    return provider.tools if isinstance(provider, Tools) else {}


def tool(channel: str, name: str) -> Tool:
    """One of them.

    Raises:
        NotFound: `TOOL_NOT_FOUND`.
    """
    tools = tools_of(channel)
    if name not in tools:
        raise NotFound("TOOL_NOT_FOUND", "This network has no such tool", field="tool_name")
    return tools[name]


def argument_problems(tool: Tool, arguments: Mapping[str, Any]) -> list[SchemaProblem]:
    """All that a tool does not take of what it is handed."""
    return schema_problems.problems_of(schema_problems.validator_of(tool.arguments), arguments)


def use_tool(asker: Asker, name: str, arguments: Mapping[str, Any]) -> Any:
    """What a tool answers.

    Raises:
        ProviderError: nothing else.
    """
    provider = load(asker.channel)
    assert isinstance(provider, Tools)

    async def use(http: Http, credentials: Mapping[str, str]) -> Any:
        found = await provider.use_tool(http, credentials, name, arguments)
        json.dumps(found)  # whatever cannot be answered is the network's fault, not ours
        return found

    return _asked(provider, asker, use)


def demand_measures(channel: str) -> None:
    """Raise where a network tells nothing of how accounts are doing.

    Raises:
        NotFound: `METRICS_NOT_FOUND`.
    """
    if channel not in slugs() or not isinstance(load(channel), Measures):
        raise NotFound("METRICS_NOT_FOUND", "This network tells nothing of how an account does")


def metrics(asker: Asker, external_id: str | None) -> Mapping[str, int]:
    """Of an account or, where one is named, of one of its posts.

    Raises:
        ProviderError: nothing else.
    """
    provider = load(asker.channel)
    assert isinstance(provider, Measures)

    async def measure(http: Http, credentials: Mapping[str, str]) -> Mapping[str, int]:
        if external_id is None:
            counted = await provider.account_metrics(http, credentials)
        else:
            counted = await provider.post_metrics(http, credentials, external_id)
        return {str(name): int(number) for name, number in counted.items()}

    return _asked(provider, asker, measure)


def _asked(provider: Provider, asker: Asker, call: _Call[Answer]) -> Answer:
    credentials = unseal(asker.connection_id, asker.sealed)
    lent = lend(credentials, asker.application)

    async def ask() -> Answer:
        with only_provider_errors(secrets_of(provider, lent)):
            async with networks() as http:
                return await call(http, lent)

    return waited_for(ask())
