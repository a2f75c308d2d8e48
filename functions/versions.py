"""Versions over HTTP: told as an ETag, held against us as If-Match (RFC 9110, section 13.1.1)."""

import re
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Response

from shared.kernel.errors import RuleViolation
from shared.kernel.versions import ANY, Expected

_TAG = r'(?:W/)?"[^"]*"'
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")
_EACH = re.compile(_TAG)


async def _if_match(
    value: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description=(
                "The ETag of the version that is meant; another by now: 412. `*`, or no header:"
                " whatever it has become, the last to write wins."
            ),
            examples=['"1"'],
        ),
    ] = None,
) -> Expected:
    """A weak tag, or one we never gave, is no version of ours, and matches none."""
    if value is None or value.strip() == "*":
        return ANY
    if not _TAGS.fullmatch(value):
        raise RuleViolation(
            "VALIDATION_ERROR",
            'If-Match is *, or the ETag of an answer with its quotes, such as "3"',
            field="If-Match",
        )
    return Expected(frozenset(strong_tags(value)))


def strong_tags(value: str) -> list[str]:
    """What stands between the quotes of each tag that is not weak."""
    return [tag[1:-1] for tag in _EACH.findall(value) if not tag.startswith("W/")]


IfMatch = Annotated[Expected, Depends(_if_match)]


class _Versioned(Protocol):
    @property
    def version(self) -> int | str: ...


class _Answer(Protocol):
    @property
    def data(self) -> _Versioned: ...


A = TypeVar("A", bound=_Answer)


def versioned(response: Response, shown: A) -> A:
    """The answer, with the version of what it shows told beside it."""
    response.headers["ETag"] = f'"{shown.data.version}"'
    return shown
