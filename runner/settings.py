"""Every setting of the functions: decided, checked, and put where they look for it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from runner.refused import Refused
from runner.template import Function, Template
from shared.infrastructure.settings import InvalidSetting, Settings

_ROOT = Path(__file__).parent.parent
_SCHEMES = {
    "DATABASE_URL": ("postgresql", "postgres"),
    "BROKER_URL": ("amqp", "amqps", "memory"),
    "CACHE_URL": ("memcached", "memory"),
    "MAIL_URL": ("smtp", "smtps", "ses", "maildir"),
    "STORAGE_URL": ("s3", "file"),
}
STAND_INS = {
    "DATABASE_URL": "postgresql://",
    "BROKER_URL": "memory://",
    "CACHE_URL": "memory://",
    "MAIL_URL": "maildir:///",
    "STORAGE_URL": "file:///nowhere",
}
"""Good enough to check everything else before a service is started."""

_CONNECTIONS = 90  # PostgreSQL allows 100 by default
_SPARE_CONNECTIONS = 4


def given() -> dict[str, str]:
    """What the person who started the runner has set; empty means not set."""
    return {name: value for name, value in os.environ.items() if value}


def defaults(environment: Mapping[str, str], *, port: int = 8000) -> dict[str, str]:
    """What the runner sets where nobody else has; `port` is where it serves."""
    place = environment.get("ENVIRONMENT", "development")
    allow_private = "false" if place == "production" else "true"
    return {
        "ENVIRONMENT": place,
        "HTTP_CLIENT_ALLOW_PRIVATE": allow_private,
        "MAIL_SENDER": "Luxaris <luxaris@localhost>",
        "FRONTEND_URL": "http://localhost:3000",
        "PUBLIC_API_URL": f"http://localhost:{port}",
    }


def resolve(template: str, values: Mapping[str, str]) -> list[Function]:
    """The template's functions with their settings, all of which are known and valid.

    Raises:
        Refused: a reference cannot be resolved, a setting is unknown or invalid, or two functions
            want different values for one.
    """
    functions = Template(template, values).functions
    classes = settings_classes()
    known = {each.variable(field.name): each for each in classes for field in fields(each)}  # type: ignore[arg-type]
    covered = {
        variable
        for variable in {*values, *(name for each in functions for name in each.environment)}
        if any(each.covers(variable) for each in classes)
    }
    _refuse_unknown(functions, values, known.keys() | covered)
    environment = environment_of(functions)
    try:
        for settings in {known[variable] for variable in known.keys() & {*values, *environment}}:
            settings.read({**values, **environment})
    except InvalidSetting as error:
        raise Refused(str(error)) from error
    for variable, schemes in _SCHEMES.items():
        _check_url(variable, environment.get(variable), schemes)
    return functions


def environment_of(functions: Iterable[Function]) -> dict[str, str]:
    """The settings of all functions together, which one process must be able to hold.

    Raises:
        Refused: two functions want different values for one variable.
    """
    union: dict[str, tuple[str, str]] = {}
    for function in functions:
        for variable, value in function.environment.items():
            owner, other = union.setdefault(variable, (function.name, value))
            if other != value:
                raise Refused(
                    f"{owner} and {function.name} want different values for {variable};"
                    " one process cannot hold both"
                )
    return {variable: value for variable, (_, value) in union.items()}


def export(functions: Sequence[Function], urls: Mapping[str, str], *, containers: int) -> None:
    """Put the services' URLs and the functions' settings into the environment of this process."""
    os.environ.update({**urls, **environment_of(functions)})
    os.environ.setdefault(
        "DATABASE_POOL_SIZE", str(min(containers + _SPARE_CONNECTIONS, _CONNECTIONS))
    )


def settings_classes() -> list[type[Settings]]:
    """Every one there is; that it is read by a function is the template's matter."""
    for module in sorted(_ROOT.glob("shared/**/*.py")):
        if "(Settings):" in module.read_text(encoding="utf-8"):
            import_module(".".join(module.relative_to(_ROOT).with_suffix("").parts))
    return Settings.__subclasses__()


def _refuse_unknown(
    functions: Iterable[Function], values: Mapping[str, str], known: Iterable[str]
) -> None:
    for function in functions:
        for variable in function.environment.keys() - set(known):
            problem = f"{function.name} is given {variable}, but there is no such setting"
            raise Refused(problem + _hint(variable, known))
    for variable in values.keys() - set(known):
        if hint := _hint(variable, known):
            raise Refused(f"{variable} is set, but there is no such setting{hint}")


def _hint(variable: str, known: Iterable[str]) -> str:
    close = get_close_matches(variable, known, n=1, cutoff=0.88)
    return f"; did you mean {close[0]}?" if close else ""


def _check_url(variable: str, url: str | None, schemes: Sequence[str]) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if not well_formed:
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise Refused(f"{variable} must be a well-formed URL that starts with {starts}")
