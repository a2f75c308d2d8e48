"""A network's own words, made fit to keep and to show: short, and without secrets."""

import re
from collections.abc import Iterable

MAXIMUM = 300
_REMOVED = "[removed]"
_CREDENTIAL = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=bearer )\S+|(?<=_token=)[^\s&]+", re.IGNORECASE
)


def quote(words: str, *, secrets: Iterable[str] = ()) -> str:
    """Remove `secrets` and whatever looks like a token, then truncate.

    In this order: half a secret at the end would not be recognised.
    """
    for secret in secrets:
        if secret:
            words = words.replace(secret, _REMOVED)
    words = " ".join(_CREDENTIAL.sub(_REMOVED, words).split())
    return words if len(words) <= MAXIMUM else words[: MAXIMUM - 1] + "…"
