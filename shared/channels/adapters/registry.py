"""The networks: one module each in `providers/`, found by place, loaded one at a time."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from shared.channels.adapters import providers
from shared.channels.domain.provider import Provider


@cache
def slugs() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(providers.__path__))


@cache
def load(slug: str) -> Provider:
    """Import the provider of a network.

    Raises:
        KeyError: there is none of that name.
    """
    if slug not in slugs():
        raise KeyError(slug)
    provider: Provider = import_module(f"{providers.__name__}.{slug}").provider
    return provider
