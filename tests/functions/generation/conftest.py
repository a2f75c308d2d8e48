"""Writers to choose from."""

from collections.abc import Callable, Iterator

import pytest

from shared.generation.adapters import settings, writers
from tests.simulator.language_model import LanguageModel
from tests.simulator.server import serving

Setting = Callable[..., None]


def _forget() -> None:
    settings.settings.cache_clear()
    writers.writer.cache_clear()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    """Settings of generation, by their names in its class."""

    def configure(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"GENERATION_{name.upper()}", str(value).lower())
        _forget()

    yield configure
    _forget()


@pytest.fixture(scope="session")
def served_model() -> Iterator[LanguageModel]:
    model = LanguageModel()
    with serving(model.app()) as url:
        model.url = f"{url}/v1"
        yield model


@pytest.fixture
def model(served_model: LanguageModel, configured: Setting) -> LanguageModel:
    """A model that is set up, and has been asked nothing yet."""
    fresh = LanguageModel(url=served_model.url)
    for name in ("write", "asked", "faults", "tokens"):
        setattr(served_model, name, getattr(fresh, name))
    configured(
        api_key=served_model.key,
        base_url=served_model.url,
        model=served_model.model,
        timeout=5,
        input_price=2,
        output_price=10,
    )
    return served_model
