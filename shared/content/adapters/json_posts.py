"""Posts in a JSON list, each with its variants; also as an export has them, below ``posts``."""

import json
from collections.abc import Iterator

from shared.content.adapters.row_reading import POST_FIELDS, SHOWN_ONLY, VARIANT_FIELDS, Row
from shared.content.domain.imported_post import ImportedPost, ImportedVariant
from shared.kernel.errors import RuleViolation

_KNOWN = {"post", *POST_FIELDS, "variants", *SHOWN_ONLY}


def read_json(text: str) -> Iterator[ImportedPost | None]:
    """The posts, after a None for each variant, or for the post where it has none.

    Raises:
        RuleViolation: `MALFORMED_JSON`, or it is no list.
    """
    for number, item in enumerate(_listed(text), start=1):
        row = Row(number)
        value = item if isinstance(item, dict) else {}
        if value is not item:
            row.refuse("VALIDATION_ERROR", "This must be a JSON object")
        for name in value.keys() - _KNOWN:
            row.refuse_unknown(name)
        variants = value.get("variants")
        if not isinstance(variants, list):
            if variants is not None:
                row.refuse("VALIDATION_ERROR", "This must be a list", "variants")
            variants = []
        for _ in variants or [None]:
            yield None
        yield row.post(value, [_variant(row, *each) for each in enumerate(variants)])


def _listed(text: str) -> list[object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f": line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise RuleViolation("MALFORMED_JSON", f"The body is not JSON{where}") from error
    posts = document.get("posts") if isinstance(document, dict) else document
    if not isinstance(posts, list):
        raise RuleViolation(
            "VALIDATION_ERROR", "The body must be a list of posts, or an object with `posts`"
        )
    return posts


def _variant(row: Row, place: int, value: object) -> ImportedVariant:
    def column_of(name: str) -> str:
        return f"variants.{place}.{name}"

    if not isinstance(value, dict):
        row.refuse("VALIDATION_ERROR", "This must be a JSON object", f"variants.{place}")
        value = {}
    for name in value.keys() - set(VARIANT_FIELDS):
        row.refuse_unknown(name)
    return row.variant(value, column_of)
