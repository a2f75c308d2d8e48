"""Settings of a front end: JSON that we keep and merge, and do not read."""

import json
from collections.abc import Mapping
from typing import Any

from shared.kernel.errors import RuleViolation
from shared.kernel.text import demand_storable

SETTINGS_BYTES = 100 * 1024
"""As compact JSON in UTF-8."""
SETTINGS_DEPTH = 10
"""How many objects and arrays may lie inside one another, the outermost among them."""

_FIELD = "settings"
_POISONED = {"__proto__", "constructor", "prototype"}
"""Keys that would change every object of a page which merges them carelessly."""

Settings = dict[str, Any]


def settled(settings: Mapping[str, Any]) -> Settings:
    """The settings without poisoned keys, at every depth.

    Raises:
        RuleViolation: `PRESET_TOO_LARGE`, `PRESET_TOO_DEEP`, or `VALIDATION_ERROR`: it contains
            what is no JSON or no text.
    """
    kept: Settings = _kept(settings, depth=1)
    demand_storable(kept)
    size = len(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
    if size > SETTINGS_BYTES:
        raise RuleViolation(
            "PRESET_TOO_LARGE",
            f"The settings have {size} bytes, at most {SETTINGS_BYTES} are kept",
            field=_FIELD,
            meta={"bytes": size, "limit": SETTINGS_BYTES},
        )
    return kept


def merged(settings: Mapping[str, Any], changes: Mapping[str, Any]) -> Settings:
    """Both, where they differ the changes (RFC 7396): objects are merged, arrays replaced.

    None takes a setting away.
    """
    result = dict(settings)
    for key, change in changes.items():
        if change is None:
            result.pop(key, None)
        elif isinstance(change, Mapping):
            before = result.get(key)
            result[key] = merged(before if isinstance(before, Mapping) else {}, change)
        else:
            result[key] = change
    return result


def _kept(value: Any, *, depth: int) -> Any:
    match value:
        case Mapping() | list() if depth > SETTINGS_DEPTH:
            raise RuleViolation(
                "PRESET_TOO_DEEP",
                f"Settings are nested at most {SETTINGS_DEPTH} deep",
                field=_FIELD,
                meta={"limit": SETTINGS_DEPTH},
            )
        case Mapping():
            return {
                key: _kept(each, depth=depth + 1)
                for key, each in value.items()
                if key not in _POISONED
            }
        case list():
            return [_kept(each, depth=depth + 1) for each in value]
    return value
