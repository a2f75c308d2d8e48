"""A letter as others ask for it: which template, to whom, in which language, with what in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_VALUE = 200
"""Characters of a name or the like; more would be somebody's own text in our mail."""

LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the brackets

_TEMPLATE = re.compile(r"[a-z][a-z_]*")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"[^\s@<>,;:\\\"()\[\]]+@[^\s@<>,;:\\\"()\[\]]+")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_LINK = re.compile(r"https?://[^\s\"'<>\\]+")

Value = str | int | bool | None


class Unwritable(Exception):
    """No mail will ever come of this letter; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`parameters` are plain: one line each, of no more than a few words, or a link."""

    template: str
    to: str
    locale: str
    parameters: Mapping[str, Value] = field(repr=False)


def read_letter(body: Mapping[str, Any]) -> Letter:
    """Check a letter that came as JSON.

    Raises:
        Unwritable: naming what is wrong, never its value.
    """
    parameters = body.get("parameters")
    if not isinstance(parameters, Mapping):
        raise Unwritable("it has no parameters")
    return Letter(
        template=_matching(_TEMPLATE, body, "template"),
        to=_matching(_ADDRESS, body, "to", longest=LONGEST_ADDRESS),
        locale=_matching(_LOCALE, body, "locale"),
        parameters={name: _plain(name, value) for name, value in parameters.items()},
    )


def _matching(
    pattern: re.Pattern[str], body: Mapping[str, Any], name: str, *, longest: int = 100
) -> str:
    text = body.get(name)
    if not isinstance(text, str) or len(text) > longest or not pattern.fullmatch(text):
        raise Unwritable(f"its {name} is none")
    return text


def _plain(name: str, value: object) -> Value:
    if value is None or isinstance(value, int):  # which a yes or no is, too
        return value
    if not isinstance(value, str):
        raise Unwritable(f"its {name} is neither text nor a number")
    if name == "link":
        if not _LINK.fullmatch(value):
            raise Unwritable("its link leads nowhere")
        return value
    line = _CONTROL.sub(" ", value).strip()
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
