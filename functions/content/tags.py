"""Tags over HTTP: which there are, their colours and their names."""

from typing import Annotated, cast

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, field_validator

from functions.content.schemas.fields import Text
from functions.dependencies import requires
from functions.envelopes import Data, Paged
from functions.fields import exemplified
from functions.routing import Router
from shared.content.adapters.postgres import begin
from shared.content.adapters.tags import page_of_tags, posts_with
from shared.content.application.change_tag import change_tag
from shared.content.application.delete_tag import delete_tag
from shared.content.domain.rules import TAG_LENGTH
from shared.content.domain.tag import TagChanges
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(prefix="/api/v1/tags", tags=["tags"])

Reader = Annotated[Actor, requires("posts:read")]
Writer = Annotated[Actor, requires("posts:write")]

_COLOUR = "#2e8b57"


class ListTags(BaseModel):
    search: Text = Field("", max_length=TAG_LENGTH, description="Part of the name")
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class ChangeTag(BaseModel):
    """What is absent stays; a colour of null is taken away."""

    model_config = ConfigDict(json_schema_extra=exemplified({"colour": _COLOUR}))

    name: Text | None = Field(
        None, description="A new one, for every post that has the tag; null or absent: as it is"
    )
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = Field(
        None, description="`#rrggbb`"
    )

    @field_validator("colour")
    @classmethod
    def _in_small_letters(cls, colour: str | None) -> str | None:
        return colour and colour.lower()

    def changes(self) -> TagChanges:
        given = self.model_dump(exclude_unset=True)
        if self.name is None:
            given.pop("name", None)
        return cast("TagChanges", given)


class TagOut(BaseModel):
    """`posts_count` counts the live posts with it that the caller may see."""

    name: str
    colour: str | None
    posts_count: int


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListTags, Query()]) -> Paged[TagOut]:
    """The organization's tags, the most used first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = page_of_tags(actor, paging, search=wanted.search.strip())
    return Paged[TagOut].of(page, paging)


@router.patch("/{tag_name:path}")
def change(tag_name: str, body: ChangeTag, actor: Writer) -> Data[TagOut]:
    """Give a tag a colour, or another name on all posts at once.

    A tag that no post has yet may have a colour. Where the new name is a tag already, the two
    become one. This is for those who may change everybody's posts.
    """
    tag = change_tag(begin, utc_now, actor=actor, name=tag_name, changes=body.changes())
    shown = TagOut(name=tag.name, colour=tag.colour, posts_count=posts_with(actor, tag.name))
    return Data(data=shown)


@router.delete("/{tag_name:path}", status_code=204)
def delete(tag_name: str, actor: Writer) -> None:
    """Take a tag off all posts, and forget its colour."""
    delete_tag(begin, utc_now, actor=actor, name=tag_name)


app = create_app("Tags")
app.include_router(router)
handler = lambda_handler(app)
