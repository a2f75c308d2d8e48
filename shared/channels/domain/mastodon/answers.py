"""How Mastodon refuses: in a word, or for people in a sentence."""

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ProviderError


def error_of(answer: Answer) -> ProviderError:
    """The error of an answer that is not a success."""
    try:
        words = str(answer.json()["error"])
    except (KeyError, TypeError, ValueError):
        words = f"HTTP {answer.status}"
    return network_answers.error_of(answer, words)
