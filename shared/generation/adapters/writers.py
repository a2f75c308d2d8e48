"""Who writes: the model that is set up, or Luxaris itself."""

import logging
from dataclasses import replace
from functools import cache

from shared.generation.adapters.offline_writer import OfflineWriter
from shared.generation.adapters.settings import settings
from shared.generation.application.ports import Desk, Writer
from shared.generation.domain.brief import Assistance, Assisted, Brief, Written
from shared.kernel.errors import Conflict, Unavailable

logger = logging.getLogger(__name__)


class FallbackWriter:
    """The first, or where that is down the second, whose texts then say so."""

    def __init__(self, first: Writer, second: Writer) -> None:
        self._first, self._second = first, second

    def write(self, brief: Brief) -> Written:
        try:
            return self._first.write(brief)
        except Unavailable:
            logger.warning("model_fallback")
            written = self._second.write(brief)
            return replace(written, usage=replace(written.usage, is_fallback=True))

    def assist(self, wish: Assistance) -> Assisted:
        try:
            return self._first.assist(wish)
        except Unavailable as down:
            logger.warning("model_fallback")
            try:
                assisted = self._second.assist(wish)
            except Conflict:
                raise down from None  # that takes a model: there is one, and it will be back
            return replace(assisted, usage=replace(assisted.usage, is_fallback=True))


@cache
def writer() -> Writer:
    """The container's only one."""
    offline = OfflineWriter()
    if not settings().api_key:
        return offline
    from shared.generation.adapters.model_writer import ModelWriter

    model = ModelWriter(settings())
    return FallbackWriter(model, offline) if settings().fallback else model


def desk() -> Desk:
    """Where this deployment writes."""
    return Desk(writer=writer(), allowances=settings().allowances())
