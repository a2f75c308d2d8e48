"""Called by nobody here but by hand; says when it is loaded."""

import logging
from typing import Any

from shared.infrastructure.logging import configure_logging

configure_logging()
logging.getLogger(__name__).warning("deployer_loaded")


def handler(event: dict[str, Any], context: Any) -> str:
    return "deployed"
