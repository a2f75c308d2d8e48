"""What an author sets of a post, judged by the JSON Schema of its network."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.channels.adapters import schema_problems
from shared.channels.adapters.registry import load
from shared.channels.adapters.schema_problems import SchemaProblem

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def problems_of(slug: str, settings: Mapping[str, Any]) -> list[SchemaProblem]:
    """All that is wrong with the settings of a post for a network, by path.

    No settings are right everywhere, so that whoever has none does not wait for the library.
    """
    return schema_problems.problems_of(_validator(slug), settings) if settings else []


@cache
def _validator(slug: str) -> "Validator":
    return schema_problems.validator_of(load(slug).settings_schema)
