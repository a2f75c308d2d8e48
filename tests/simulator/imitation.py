"""What the simulator asks of the imitation of a network: `networks/<slug>.py`, found by place.

Such a module holds the class under the name `imitation`; what it needs besides lies in a folder of
the network's name.
"""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from tests.simulator import networks
from tests.simulator.oauth import Authority
from tests.simulator.world import World


class Imitation(Protocol):
    def routes(self) -> Sequence[BaseRoute]:
        """Its API and its site, under `/<slug>`."""

    def new_account(self, origin: str, **wish: Any) -> dict[str, str]:
        """What a person would type to connect a new account."""


@runtime_checkable
class Authorizes(Protocol):
    """What it is besides, where tests register applications with its authorization server."""

    authority: Authority


@runtime_checkable
class Controlled(Protocol):
    """What it is besides, where a test may do to it what it may do to no other."""

    def controls(self) -> Sequence[BaseRoute]:
        """Under `/_simulator/<slug>`."""


def imitations(world: World) -> dict[str, Imitation]:
    """One of each network, by its slug, all of the same world."""
    slugs = sorted(module.name for module in iter_modules(networks.__path__))
    modules = {slug: import_module(f"{networks.__name__}.{slug}") for slug in slugs}
    return {slug: module.imitation(world=world) for slug, module in modules.items()}
