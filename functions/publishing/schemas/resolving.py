"""A person's word on how a schedule ended."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError


def _link(written: str) -> str:
    """Kept as it was written, if a browser would open it and it holds no password."""
    try:
        url = _http_url.validate_python(written)
    except ValidationError:
        url = None
    visible = written.isprintable() and " " not in written
    if url is None or not visible or url.username or url.password:
        raise PydanticCustomError(
            "VALIDATION_ERROR", "Write a link that begins with https:// or http://"
        )
    return written


_http_url = TypeAdapter(HttpUrl)
Link = Annotated[str, Field(max_length=2000), AfterValidator(_link)]


class ResolveSchedule(BaseModel):
    """What somebody found who looked: the post, at a link, or that it is not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"outcome": "published", "url": "https://mastodon.social/@you/109876543210987654"},
                {"outcome": "not_published"},
            ]
        }
    )

    outcome: Literal["published", "not_published"]
    url: Link | None = Field(
        None, validate_default=True, description="Goes with `published`, and only with it"
    )

    @field_validator("url")
    @classmethod
    def _demand_agreement(cls, url: str | None, given: ValidationInfo) -> str | None:
        match given.data.get("outcome"), url:
            case "published", None:
                raise PydanticCustomError("VALIDATION_ERROR", "Say where it was published")
            case "not_published", str():
                raise PydanticCustomError("VALIDATION_ERROR", "What is not published has no link")
        return url
