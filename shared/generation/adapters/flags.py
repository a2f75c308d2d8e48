"""What is switched on, asked of operations."""

from shared.operations.api import flags


def is_enabled(key: str) -> bool:
    """Whether the feature behind a flag may be used; asked outside any transaction."""
    return flags.is_enabled(key)
