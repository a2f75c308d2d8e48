"""The contract of all HTTP functions together, and the page that shows it."""

import gzip
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.front_door import Page
from runner.refused import Refused
from runner.template import PATH, Function

if TYPE_CHECKING:
    from fastapi import FastAPI

OPENAPI = "/api/v1/openapi.json"
DOCS = "/api/v1/docs"

_PAGE = Path(__file__).with_name("documentation_page.html")
_STATIC = Path(str(distribution("fastapi-offline").locate_file("fastapi_offline/static")))
"""Found without an import, for FastAPI would come with it."""

_FILES = {
    DOCS: ("text/html; charset=utf-8", _PAGE),
    f"{DOCS}/page.js": ("text/javascript", _PAGE.with_suffix(".js")),
    f"{DOCS}/swagger-ui.js": ("text/javascript", _STATIC / "swagger-ui-bundle.js"),
    f"{DOCS}/swagger-ui.css": ("text/css", _STATIC / "swagger-ui.css"),
    f"{DOCS}/favicon.png": ("image/png", _STATIC / "favicon.png"),
}

_DESCRIPTION = (
    "Write a post once, put it into words for each network, and have it published on the second."
    " Log in, then send the access token as a bearer token with every request; programs send an API"
    " key."
    " Ids are UUIDs, instants are ISO 8601 in UTC, and whatever is refused says all that is wrong."
)
_TAGS = {
    "auth": "Register, log in, stay in, log out.",
    "sessions": "Where one is signed in.",
    "second_factor": "Authenticator apps and recovery codes.",
    "passkeys": "Sign in with a device instead of a password.",
    "external": "Sign in with an account somewhere else.",
    "identities": "The accounts somewhere else that open one's own.",
    "organizations": "Where one belongs: make, change, switch, leave and hand over organizations.",
    "members": "Who belongs to an organization, and what each may.",
    "invitations": "Ask somebody in by mail; look at what came by mail, and accept it.",
    "roles": "What members may: the built-in roles, and an organization's own.",
    "acl": "The permissions there are, and which of them the caller holds.",
    "profile": "What one's account says, and where one is at home.",
    "personal_data": "What is kept about oneself: handed out, or forgotten.",
    "users": "The platform's users, for root.",
    "api_keys": "What programs prove themselves with: made, rotated, revoked.",
    "service_accounts": "Members that are no people, for programs.",
    "channels": "The networks there are, and the accounts connected to them.",
    "posts": "What an organization has to say.",
    "validation": "What would become of a text at its network, before it is sent.",
    "imports": "Many posts at once: taken in from a file, taken out into one.",
    "media": "Pictures, films and documents: uploaded, fetched, found, described.",
    "variants": "A post in the words of one network.",
    "templates": "Texts with gaps, kept to be filled in again and again.",
    "generation": "Have texts suggested for networks, and texts helped with; accept what is good.",
    "tags": "What posts are sorted by: names, with colours.",
    "schedules": "Which variant leaves when on which connection, and what became of it.",
    "recurrences": "Series: a variant that leaves again and again, as a rule says.",
    "slots": "The weekly times at which a connection posts, and what is queued for them.",
    "flags": "What the platform does or leaves at present: read by everybody, turned by root.",
    "health": "Whether it works, and which version of it does.",
    "logs": "What has happened, and what became of it: requests, logs, events, audit, timelines.",
    "app_data": "Time zones and countries, for forms.",
    "ui_presets": "How the front end looks: to a person, a role, an organization, everybody.",
}


@dataclass(frozen=True)
class Documentation:
    """The pages around a contract; all else that they show is read when somebody looks at it.

    `contract` is compressed: it is long, and kept as long as the runner runs.
    """

    contract: bytes

    def get(self, path: str, /) -> Page | None:
        if path == OPENAPI:
            return Page(content_type="application/json", content=gzip.decompress(self.contract))
        if path == "/":
            return Page(content_type="text/plain", content=b"", location=DOCS)
        if path not in _FILES:
            return None
        content_type, file = _FILES[path]
        return Page(content_type=content_type, content=file.read_bytes())


def contract(functions: Iterable[Function]) -> bytes:
    """The contract of all HTTP functions together, as JSON, compressed."""
    contracts = {each.name: each_app.openapi() for each, each_app in _apps(functions)}
    return gzip.compress(json.dumps(merged(contracts)).encode())


def _version() -> str:
    told = tomllib.loads(PATH.with_name("pyproject.toml").read_text())
    version: str = told["project"]["version"]
    return version


def _apps(functions: Iterable[Function]) -> Iterable[tuple[Function, "FastAPI"]]:
    from fastapi import FastAPI

    for function in functions:
        if function.of_kind("HttpApi"):
            function.load()
            app = getattr(import_module(function.module), "app", None)
            if not isinstance(app, FastAPI):
                raise Refused(f"{function.module} has an HTTP trigger and no FastAPI named app")
            yield function, app


def merged(contracts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One OpenAPI document from one for each function.

    Two components of one name that differ keep apart: the later one gets its function's name in
    front.

    Raises:
        Refused: two functions describe the same path and method.
    """
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Luxaris", "version": _version(), "description": _DESCRIPTION},
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": {},
        "components": {},
    }
    for function, contract in contracts.items():
        renamed = _renamed(function, contract, whole["components"])
        for kind, components in renamed.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(components)
        for path, operations in renamed["paths"].items():
            known = whole["paths"].setdefault(path, {})
            for method, operation in operations.items():
                if method in known:
                    raise Refused(f"Two functions describe {method.upper()} {path}")
                known[method] = {"tags": [contract["info"]["title"]], **operation}
    return whole


def _renamed(
    function: str, contract: dict[str, Any], taken: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The contract with new names where a component differs from the one known by its name.

    Components that refer to such a one get a new name, too.
    """
    components = {
        (kind, name): component
        for kind, named in contract.get("components", {}).items()
        for name, component in named.items()
    }
    differing = {
        (kind, name)
        for (kind, name), component in components.items()
        if taken.get(kind, {}).get(name, component) != component
    }
    references: dict[str, str] = {}
    while len(references) < len(differing):
        references = {
            f"#/components/{kind}/{name}": f"#/components/{kind}/{function}{name}"
            for kind, name in differing
        }
        differing |= {
            key
            for key, component in components.items()
            if _redirected(component, references) != component
        }
    if not differing:
        return contract
    renamed: dict[str, dict[str, Any]] = {}
    for (kind, name), component in components.items():
        new_name = f"{function}{name}" if (kind, name) in differing else name
        renamed.setdefault(kind, {})[new_name] = component
    whole: dict[str, Any] = _redirected({**contract, "components": renamed}, references)
    return whole


def _redirected(value: Any, references: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {
                key: references.get(each, each) if key == "$ref" else _redirected(each, references)
                for key, each in value.items()
            }
        case list():
            return [_redirected(each, references) for each in value]
        case _:
            return value
