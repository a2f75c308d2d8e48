"""What the content routes take, by the domain's own rules: all that is wrong is told at once."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from functions.attached_media import AttachMedia, demand_words
from functions.fields import blank_if_absent, exemplified, kept
from shared.content.domain.rules import (
    DESCRIPTION_LENGTH,
    DOCUMENT_BYTES,
    TAG_LENGTH,
    TAGS,
    TITLE_LENGTH,
    TONE_LENGTH,
    demand_description,
    demand_document,
    demand_tags,
    demand_title,
    demand_tone,
)
from shared.content.domain.thread import FOLLOW_UPS, LONGEST_DELAY, FollowUp, demand_few
from shared.kernel.text import demand_storable

Text = Annotated[str, kept(demand_storable)]
Title = Annotated[
    str,
    kept(demand_title),
    Field(
        description=f"At most {TITLE_LENGTH} characters; HTML tags are stripped",
        json_schema_extra={"maxLength": TITLE_LENGTH},
    ),
]
Description = Annotated[
    str,
    blank_if_absent(),
    kept(demand_description),
    Field(
        description=f"Required, at most {DESCRIPTION_LENGTH} characters;"
        " plain text, or HTML that is cleaned by a whitelist",
        json_schema_extra={"minLength": 1, "maxLength": DESCRIPTION_LENGTH},
    ),
]
Tags = Annotated[
    list[str],
    kept(demand_tags),
    Field(
        description=f"At most {TAGS} of 1 to {TAG_LENGTH} characters; repeated ones count once",
        json_schema_extra={"maxItems": TAGS},
    ),
]
Document = Annotated[
    dict[str, Any],
    kept(demand_document),
    Field(description=f"Any JSON object of at most {DOCUMENT_BYTES} bytes"),
]
Settings = Annotated[
    dict[str, Any],
    kept(demand_document),
    Field(description="By the `settings_schema` of its network in GET /channels"),
]
Content = Annotated[
    str,
    blank_if_absent(),
    kept(demand_storable),
    Field(
        description="Required where nothing is attached; stored and sent as it is, at most as long"
        " as its network takes",
    ),
]
Tone = Annotated[
    str,
    kept(demand_tone),
    Field(
        description=f"At most {TONE_LENGTH} characters",
        json_schema_extra={"maxLength": TONE_LENGTH},
    ),
]


class WriteFollowUp(BaseModel):
    """A part of a thread after the first, sent as a reply to the part before it."""

    model_config = ConfigDict(
        json_schema_extra=exemplified({"content": "With potatoes, too", "delay_seconds": 60})
    )

    media: AttachMedia = AttachMedia()
    content: Annotated[Content, AfterValidator(demand_words)] = Field("", validate_default=True)
    delay_seconds: int = Field(
        0, ge=0, le=LONGEST_DELAY, strict=True, description="After the part before it"
    )

    @property
    def follow_up(self) -> FollowUp:
        """Without media where it has none."""
        said = FollowUp(content=self.content, delay_seconds=self.delay_seconds)
        return {**said, "media": self.media.document} if self.media.items else said


Thread = Annotated[
    list[WriteFollowUp],
    kept(demand_few),
    Field(
        description=f"The follow-ups, at most {FOLLOW_UPS}, in their order",
        json_schema_extra={"maxItems": FOLLOW_UPS},
    ),
]
