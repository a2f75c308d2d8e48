"""What the media routes take: all that is wrong is told at once."""

from typing import Annotated

from pydantic import Field

from functions.fields import blank_if_absent, kept
from shared.kernel.text import demand_storable
from shared.media.domain.claims import (
    ALT_TEXT_LENGTH,
    NAME_LENGTH,
    TAG_LENGTH,
    TAGS,
    clean_tags,
    demand_alt_text,
)
from shared.media.domain.signature import MediaFormat

Text = Annotated[str, kept(demand_storable)]
Name = Annotated[
    str,
    Field(
        description=f"1 to {NAME_LENGTH} characters; it ends as the names of such files do",
        json_schema_extra={"minLength": 1, "maxLength": NAME_LENGTH},
    ),
]
AltText = Annotated[
    str,
    blank_if_absent(),
    kept(demand_alt_text),
    Field(
        description="What is to be seen, for who cannot see it;"
        f" at most {ALT_TEXT_LENGTH} characters",
        json_schema_extra={"maxLength": ALT_TEXT_LENGTH},
    ),
]
Tags = Annotated[
    list[str],
    kept(clean_tags),
    Field(
        description=f"At most {TAGS} of 1 to {TAG_LENGTH} characters; repeated ones count once",
        json_schema_extra={"maxItems": TAGS},
    ),
]
MimeType = Annotated[str, Field(max_length=100, description=f"One of {', '.join(MediaFormat)}")]
