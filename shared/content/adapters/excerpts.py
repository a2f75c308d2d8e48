"""The beginning of what somebody wrote, to know it by."""

from typing import Any

from sqlalchemy import ColumnElement, func

from shared.infrastructure.text_search import MARKUP

EXCERPT = 140
"""In characters."""


def excerpt(text: ColumnElement[Any]) -> ColumnElement[str]:
    return func.left(text, EXCERPT)


def excerpt_of_markup(html: ColumnElement[Any]) -> ColumnElement[str]:
    """Without its tags, so that none is cut in two; on one line."""
    bare = func.regexp_replace(html, MARKUP, " ", "g")
    return func.left(func.btrim(func.regexp_replace(bare, r"\s+", " ", "g")), EXCERPT)
