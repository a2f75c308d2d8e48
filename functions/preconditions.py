"""Changing only what one has seen: entity tags and `If-Match` (RFC 9110, section 13.1.1)."""

import re
from typing import Annotated

from fastapi import Header

_TAG = re.compile(r'(W/)?"([^"]*)"')

IfMatch = Annotated[
    str | None,
    Header(
        description="The `ETag` of what the caller has seen; where it has changed since, nothing"
        " is done and the answer is 412"
    ),
]


def etag(version: str) -> str:
    return f'"{version}"'


def versions_in(if_match: str | None) -> frozenset[str] | None:
    """The versions the caller would change; None: whichever it is.

    Weak tags match nothing, and neither does what is no list of tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(version for weak, version in _TAG.findall(if_match) if not weak)
