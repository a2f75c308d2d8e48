"""One list of what happens: each name is told by some path, and nobody tells of anything else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.happenings import Happening
from shared.operations.domain.catalogue import KINDS
from tests.architecture.tree import ROOT, parsed

LIST = ROOT / "shared" / "kernel" / "happenings.py"
CATALOGUE = ROOT / "shared" / "operations" / "domain" / "catalogue.py"
SOURCES = [
    path for path in sorted((ROOT / "shared").rglob("*.py")) if path not in {LIST, CATALOGUE}
]


SOURCES_THAT_TELL = [path for path in SOURCES if "Happening" in path.read_text()]


def _told(path: Path) -> set[str]:
    """The members of `Happening` that a module names."""
    return {
        node.attr
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Happening"
    }


TOLD = {name for path in SOURCES_THAT_TELL for name in _told(path)}


@pytest.mark.parametrize("happening", Happening)
def test_each_is_told_by_some_path(happening: Happening) -> None:
    assert happening.name in TOLD, "nobody tells of it: tell, or take it off the list"


@pytest.mark.parametrize("happening", Happening)
def test_of_each_is_known_what_is_kept(happening: Happening) -> None:
    assert happening in KINDS, f"say in {CATALOGUE.name} how long {happening} is kept"


OF_THE_ORIGINAL = [
    "USER_REGISTERED", "USER_REGISTERED_VIA_OAUTH", "USER_APPROVED",
    "USER_REJECTED", "USER_LOGIN", "USER_LOGIN_FAILED",
    "USER_LOGOUT", "PASSWORD_CHANGED", "PASSWORD_RESET_REQUESTED",
    "TOKEN_REFRESHED", "OAUTH_ACCOUNT_LINKED", "OAUTH_ACCOUNT_UNLINKED",
    "OAUTH_LOGIN_FAILED", "POST_CREATED", "POST_UPDATED",
    "POST_DELETED", "POST_VARIANT_CREATED", "POST_VARIANT_UPDATED",
    "POST_VARIANT_DELETED", "POST_GENERATED", "SCHEDULE_CREATED",
    "SCHEDULE_UPDATED", "SCHEDULE_CANCELLED", "SCHEDULE_QUEUED",
    "SCHEDULE_PUBLISHING", "SCHEDULE_PUBLISHED", "SCHEDULE_FAILED",
    "CHANNEL_CONNECTED", "CHANNEL_DISCONNECTED", "CHANNEL_TOKEN_REFRESHED",
    "CHANNEL_ERROR", "TEMPLATE_CREATED", "TEMPLATE_UPDATED",
    "TEMPLATE_DELETED", "TEMPLATE_USED", "API_KEY_CREATED",
    "API_KEY_REVOKED", "ROLE_ASSIGNED", "PERMISSION_GRANTED",
    "PERMISSION_REVOKED",
]  # fmt: skip
"""Its catalogue but for ROLE_REVOKED: see docs/decisions/0052."""


@pytest.mark.parametrize("name", OF_THE_ORIGINAL)
def test_what_the_original_meant_to_tell_is_told(name: str) -> None:
    assert name in Happening.__members__


def test_names_are_their_own_words() -> None:
    assert not [each for each in Happening if each.name != each.value]


def _lists_of_their_own(path: Path) -> Iterator[str]:
    if path in SOURCES_THAT_TELL:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and "Happening" in node.name:
                kinds = {getattr(base, "id", "") for base in node.bases}
                yield from [node.name] if "StrEnum" in kinds else []
    if "operations" not in path.parts and "INTO business_events" in path.read_text():
        yield "INTO business_events"


def test_nobody_keeps_a_list_of_their_own() -> None:
    """Types refuse any other name; only operations writes the table."""
    assert SOURCES
    kept = {
        str(path.relative_to(ROOT)): found
        for path in SOURCES
        if (found := list(_lists_of_their_own(path)))
    }
    assert not kept
