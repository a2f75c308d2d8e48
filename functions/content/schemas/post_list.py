"""Which posts are listed and in which order, as callers ask for them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from functions.content.schemas.fields import Text
from functions.filters import From, Slug, To, names
from shared.content.adapters.post_list import PostFilter, PostPage, page_of_posts
from shared.content.adapters.post_order import PostOrder, SortBy
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.text_search import search_of
from shared.kernel.actor import Actor
from shared.kernel.errors import RuleViolation
from shared.kernel.paging import Paging


def _demand_words(listed: str) -> str:
    known = [word.value for word in PostStatus]
    if not set(names(listed)) <= set(known):
        raise PydanticCustomError(
            "VALIDATION_ERROR", "Posts are one of {words}", {"words": ", ".join(known)}
        )
    return listed


Statuses = Annotated[
    Text,
    AfterValidator(_demand_words),
    Field(max_length=200, description="One or several, separated by commas", examples=["draft"]),
]


def statuses(listed: str) -> list[PostStatus]:
    return [PostStatus(word) for word in names(listed)]


class ListPosts(BaseModel):
    status: Statuses = ""
    tags: Text = Field("", max_length=5_000, description="Separated by commas")
    tags_mode: Literal["any", "all"] = Field(
        "any", description="Whether a post has to have any of the tags, or all"
    )
    channel: Slug | None = Field(
        None, alias="channel_id", description="The slug of a network that a live variant is for"
    )
    created_from: From = None
    created_to: To = None
    updated_from: From = None
    updated_to: To = None
    search: Text = Field(
        "",
        max_length=200,
        description=(
            'Words of the title or the description; the last may be unfinished. `"…"` is a'
            " phrase; `or` and `-` mean what they say"
        ),
    )
    sort_by: SortBy = Field(
        "updated_at", alias="sortBy", description="`relevance` with `search` only"
    )
    sort_order: Literal["asc", "desc"] = Field("desc", alias="sortOrder")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    cursor: Text = Field(
        "", max_length=2_000, description="The `next_cursor` of a page in the same order"
    )

    @property
    def paging(self) -> Paging:
        return Paging(limit=self.limit, offset=self.offset)

    def page(self, actor: Actor) -> PostPage:
        """What is asked for.

        Raises:
            RuleViolation: `INVALID_CURSOR`; a cursor and an offset, relevance to nothing.
        """
        if self.cursor and self.offset:
            raise RuleViolation(
                "VALIDATION_ERROR", "A page begins at a cursor or at an offset", field="offset"
            )
        search = self.search.strip()
        order = PostOrder(
            sort_by=self.sort_by,
            descending=self.sort_order == "desc",
            search=search_of(search),
        )
        return page_of_posts(
            actor,
            PostFilter(
                statuses=statuses(self.status),
                tags=names(self.tags),
                tags_mode=self.tags_mode,
                channel=self.channel,
                created_from=self.created_from,
                created_to=self.created_to,
                updated_from=self.updated_from,
                updated_to=self.updated_to,
                search=search,
            ),
            order,
            self.paging,
            after=order.read(self.cursor) if self.cursor else None,
        )
