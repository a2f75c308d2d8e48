"""Rule 4: a provider is one file that stands alone, and has its imitation in the simulator."""

import sys
from dataclasses import fields
from inspect import iscoroutinefunction

import pytest
from jsonschema import Draft202012Validator

from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.provider import Field
from tests.architecture.tree import PROVIDERS, PURE_LIBRARIES, ROOT, imports, is_ours


def test_the_registry_finds_what_the_folder_has() -> None:
    assert slugs() == set(PROVIDERS)
    assert PROVIDERS


@pytest.mark.parametrize("slug", PROVIDERS)
def test_provider_imports_the_channels_domain_and_nothing_else(slug: str) -> None:
    found = imports(f"shared.channels.adapters.providers.{slug}")
    allowed = {
        module
        for module in found
        if module.startswith(("shared.channels.domain.", "shared.kernel."))
        or (
            not is_ours(module)
            and module.partition(".")[0] in PURE_LIBRARIES | sys.stdlib_module_names
        )
    }
    assert found == allowed, f"the client is handed in; take out {sorted(found - allowed)}"


@pytest.mark.parametrize("slug", PROVIDERS)
def test_provider_is_complete(slug: str) -> None:
    provider = load(slug)
    assert provider.title
    assert provider.max_length > 0
    assert provider.counts
    assert provider.threads in {True, False}
    assert provider.recovery in {"key", "search", "none"}
    for operation in (provider.connect, provider.publish, provider.find):
        assert iscoroutinefunction(operation)
    assert callable(provider.preview)
    names = [field.name for field in provider.connect_fields]
    assert len(names) == len(set(names))
    assert all(isinstance(field, Field) for field in provider.connect_fields)
    assert {field.name for field in fields(Field)} >= {"name", "label", "secret"}


@pytest.mark.parametrize("slug", PROVIDERS)
def test_what_may_be_set_is_named_described_and_optional(slug: str) -> None:
    """People see it in the catalogue, and whoever sets nothing is right everywhere."""
    schema = load(slug).settings_schema
    Draft202012Validator.check_schema(schema)
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert "required" not in schema
    assert "minProperties" not in schema
    assert Draft202012Validator(schema).is_valid({})
    for name, setting in schema["properties"].items():
        assert {"title", "description"} <= setting.keys(), f"say what {name} is"


@pytest.mark.parametrize("slug", PROVIDERS)
def test_provider_has_an_imitation(slug: str) -> None:
    assert (ROOT / "tests/simulator/networks" / f"{slug}.py").exists(), (
        f"write tests/simulator/networks/{slug}.py, a strict imitation of the network"
    )
