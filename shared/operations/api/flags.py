"""What is switched on."""


def is_enabled(key: str) -> bool:  # noqa: ARG001
    """Everything, until there are flags."""
    return True
