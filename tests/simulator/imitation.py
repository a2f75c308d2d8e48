"""What the simulator asks of the imitation of a network: `networks/<slug>.py`, found by place.

Such a module holds the class under the name `imitation`; what it needs besides lies in a folder of
the network's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from tests.simulator import networks
from tests.simulator.oauth import Authority
from tests.simulator.world import World


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What networks do in ways of their own, so that the conformance suite knows what to expect.

    `limits`: so many posts in so much time and no more, which `posts_allowed` of a new account is.
    `tells_rates`: its answers say how many more it takes, and when. `tells_wait`: one that refuses
    for too many says how long to wait. `refuses_repeats`: a text it has just taken is refused.
    `one_alt_text`: a post has one for all that it shows. `nests`: what replies may be replied to;
    else all of a thread replies to its root.
    """

    limits: bool = True
    tells_rates: bool = True
    tells_wait: bool = True
    refuses_repeats: bool = False
    one_alt_text: bool = False
    nests: bool = True


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


def habits(slug: str) -> Habits:
    """What its class holds under that name; those of most networks where it holds none."""
    found: Habits = getattr(_module(slug).imitation, "habits", Habits())
    return found


def imitations(world: World) -> dict[str, Imitation]:
    """One of each network, by its slug, all of the same world."""
    slugs = sorted(module.name for module in iter_modules(networks.__path__))
    return {slug: _module(slug).imitation(world=world) for slug in slugs}


def _module(slug: str) -> Any:
    return import_module(f"{networks.__name__}.{slug}")
