"""A person's name, as plain text."""

from shared.kernel import text as texts

MAXIMUM_NAME = 255


def plain_name(text: str) -> str:
    """The name without tags, without control characters, with single spaces.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; nothing is left, or more than 255 characters.
    """
    return texts.plain_name(text, MAXIMUM_NAME)
