"""What people may hand to a writer, and what may be kept of what comes back."""

import unicodedata

from shared.kernel.errors import RuleViolation

PROMPT_LENGTH = 4000
TEXT_LENGTH = 5000
AUDIENCE_LENGTH = 200
TOPIC_LENGTH = 500
KEY_POINTS = 20
KEY_POINT_LENGTH = 300
LANGUAGE_LENGTH = 50
CHANNELS = 20
SUGGESTIONS = 5
SHORTEST_LIMIT = 20
"""The smallest `max_length` that may be asked for, in the units of the network."""

_SPACES = frozenset("\t\n\r")


def has_controls(text: str) -> bool:
    """Whether there are characters that are no text: controls, or half a surrogate pair."""
    return any(unicodedata.category(each) in {"Cc", "Cs"} and each not in _SPACES for each in text)


def demand_text(text: str) -> None:
    """Refuse what nobody could show.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    if has_controls(text):
        raise RuleViolation("VALIDATION_ERROR", "Control characters are no text")


def may_be_kept(text: str) -> bool:
    """Whether a text that was written for somebody is one at all."""
    return bool(text.strip()) and len(text) <= TEXT_LENGTH and not has_controls(text)
