"""Which variants say the same, for a query of whoever asks; found by index, however many there are.

A root's text is found by its digest, for it may be longer than an index takes; a follow-up's by
what its thread contains.
"""

import json
from collections.abc import Collection, Mapping
from hashlib import md5
from typing import Any
from uuid import UUID

SAYING = """
    SELECT id AS variant_id, 0 AS part, content AS text
    FROM post_variants
    WHERE organization_id = :saying_organization AND md5(content) = ANY (:saying_digests)
    UNION ALL
    SELECT v.id, CAST(part.place AS int), part.said ->> 'content'
    FROM post_variants AS v
    CROSS JOIN LATERAL jsonb_array_elements(v.thread) WITH ORDINALITY AS part(said, place)
    WHERE v.organization_id = :saying_organization AND v.thread <> '[]'
      AND v.thread @> ANY (CAST(:saying_contents AS jsonb[]))
      AND part.said ->> 'content' = ANY (:saying_texts)
"""
"""A relation of SQL: `variant_id`, `part` and `text` of every variant, deleted or not, that says
one of the texts that `parameters` are of."""


def parameters(organization_id: UUID, texts: Collection[str]) -> Mapping[str, Any]:
    """What `SAYING` asks for."""
    return {
        "saying_organization": organization_id,
        "saying_texts": list(texts),
        "saying_digests": [_digest(text) for text in texts],
        "saying_contents": [json.dumps([{"content": text}]) for text in texts],
    }


def _digest(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
