"""What people look up at a network before they write: its boards, channels, subreddits, flairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from shared.channels.domain.provider import Http

NO_ARGUMENTS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {},
}


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Something a network can be asked, which changes nothing there.

    `arguments` is the JSON Schema (draft 2020-12) of what it is handed: an object of named,
    described properties and no others.
    """

    title: str
    description: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: NO_ARGUMENTS)


@runtime_checkable
class Tools(Protocol):
    """What a provider is besides, where there is something to look up."""

    tools: Mapping[str, Tool]
    """By their names, which are lower case and have underscores."""

    async def use_tool(
        self,
        http: Http,
        credentials: Mapping[str, str],
        name: str,
        arguments: Mapping[str, Any],
    ) -> Any:
        """What the network answers, in JSON and in our words; `arguments` obey the tool's schema.

        What can be chosen from is a list of objects with an `id` and a `name` at least; the `id` is
        what a setting of a publication takes.

        Raises:
            Refused: class content where it is the arguments that the network does not take.
            Unanswered: no trustworthy answer.
        """
