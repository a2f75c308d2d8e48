"""Posts handed over as a file: the body as it is, and what it says it is."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request

from shared.content.adapters.csv_posts import COLUMNS
from shared.content.adapters.row_reading import SHOWN_ONLY
from shared.content.domain.post_import import ImportFormat
from shared.kernel.errors import RuleViolation


def _and(names: Sequence[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}"


_FORMATS = {"text/csv": ImportFormat.CSV, "application/json": ImportFormat.JSON}
_CHARSETS = {"utf-8", "utf-8-sig", "utf-16", "ascii"}

_POST: dict[str, Any] = {
    "title": "Spring menu",
    "description": "The asparagus is here",
    "tags": ["spring", "menu"],
    "metadata": {"campaign": "spring-27"},
    "variants": [
        {
            "channel": "mastodon",
            "content": "The asparagus is here!",
            "settings": {"visibility": "unlisted"},
            "thread": [{"content": "With potatoes, too", "delay_seconds": 60}],
        },
        {"channel": "bluesky", "content": "The asparagus is here."},
    ],
}
_TABLE = """\
post,title,description,tags,channel,content,settings
1,Spring menu,The asparagus is here,spring;menu,mastodon,The asparagus is here!,"{""visibility"": ""unlisted""}"
1,,,,bluesky,The asparagus is here.,
2,,Closed on Monday,,,,
"""  # noqa: E501 a row is a line
_OF_A_COLUMN = {
    "post": "rows with the same make one post, with a variant each; a row without it is a post",
    "title": "",
    "description": "needed",
    "tags": "separated by `;`, in a tag `\\;`",
    "metadata": "a JSON object",
    "channel": "of a variant, as all below: the slug of a network in GET /channels",
    "content": "",
    "thread": "as in JSON",
    "media": "a JSON object",
    "settings": "a JSON object, by the `settings_schema` of its network in GET /channels",
    "tone": "",
    "variant_metadata": "a JSON object",
}
_LISTED = "\n".join(f"- `{name}`: {_OF_A_COLUMN[name]}".rstrip(": ") for name in COLUMNS)
_COLUMNS = f"""\
A table with a header; separated by commas, semicolons or tabs, whichever the header has most.
Columns, in any order:

{_LISTED}

The first row of a post says what the post is; the others leave that empty or repeat it. A cell that
would begin with `=`, `+`, `-`, `@`, a tab or a line break may have an apostrophe in front, as an
export writes it: that is taken off. {_and(sorted(SHOWN_ONLY))} are passed over."""

IN_WHICH_FORMATS: dict[str, Any] = {
    "required": True,
    "content": {
        "text/csv": {
            "schema": {"type": "string", "description": _COLUMNS},
            "example": _TABLE,
        },
        "application/json": {
            "schema": {
                "description": "A list of posts, or an object that has it as `posts`",
                "type": "array",
                "items": {"type": "object"},
                "examples": [[_POST]],
            }
        },
    },
}


@dataclass(frozen=True)
class PostsHandedOver:
    body: bytes
    format: ImportFormat


async def handed_over(request: Request) -> PostsHandedOver:
    """The body, not yet looked at.

    Raises:
        HTTPException: 415 `UNSUPPORTED_MEDIA_TYPE`.
        RuleViolation: `IMPORT_ENCODING`.
    """
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    format_ = _FORMATS.get(said.get_content_type())
    if format_ is None:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type")
    charset = said.get_content_charset("utf-8")
    if _known(charset) not in _CHARSETS:
        raise RuleViolation("IMPORT_ENCODING", "The text must be UTF-8 or UTF-16")
    return PostsHandedOver(await request.body(), format_)


def _known(charset: str) -> str | None:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
