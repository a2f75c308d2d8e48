"""A submission of Reddit: what its API takes of one, and the subreddits there are."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.simulator.files import Seen

FLAIR = "5d3ff3f0-0a6c-11ee-be56-0242ac120002"
_FORM = {
    "api_type",
    "sr",
    "title",
    "kind",
    "text",
    "url",
    "video_poster_url",
    "sendreplies",
    "resubmit",
    "nsfw",
    "spoiler",
    "flair_id",
    "flair_text",
}
_GALLERY = {
    "api_type",
    "sr",
    "title",
    "text",
    "items",
    "sendreplies",
    "show_error_list",
    "validate_on_submit",
    "nsfw",
    "spoiler",
    "flair_id",
    "flair_text",
}


class Invalid(Exception):
    """Reddit's code, its words, and the field."""


@dataclass(frozen=True, kw_only=True)
class Subreddit:
    kinds: frozenset[str] = frozenset({"self", "link", "image", "video", "videogif"})
    flairs: dict[str, str] = field(default_factory=dict)
    demands_flair: bool = False


SUBREDDITS = {
    "everything": Subreddit(),
    "words": Subreddit(kinds=frozenset({"self", "link"})),
    "flaired": Subreddit(flairs={FLAIR: "Question"}, demands_flair=True),
}


@dataclass(kw_only=True)
class Asset:
    """`form` is what S3 is to be handed along; `seen` what came."""

    owner: str
    form: dict[str, str]
    seen: Seen | None = None


@dataclass(kw_only=True)
class Submission:
    """`hidden`: how often a list of them does not show it yet."""

    name: str
    owner: str
    subreddit: str
    title: str
    text: str
    created_at: float
    hidden: int = 0

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "id": self.name[3:],
            "title": self.title,
            "selftext": self.text,
            "subreddit": self.subreddit,
            "author": self.owner,
            "created_utc": self.created_at,
            "score": 4,
            "num_comments": 2,
        }


@dataclass(frozen=True, kw_only=True)
class Comment:
    name: str
    owner: str
    parent: str
    link: str
    text: str
    created_at: float

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "id": self.name[3:],
            "body": self.text,
            "parent_id": self.parent,
            "link_id": self.link,
            "author": self.owner,
            "created_utc": self.created_at,
        }


def subreddit_of(name: str, owner: str) -> Subreddit:
    """Raises Invalid."""
    if name.lower() == f"u_{owner}".lower():
        return Subreddit()
    if name not in SUBREDDITS:
        raise Invalid("SUBREDDIT_NOEXIST", "Hey, that subreddit doesn't exist.", "sr")
    return SUBREDDITS[name]


def check(wish: dict[str, Any], owner: str, *, is_gallery: bool) -> None:
    """All but what is attached. Raises Invalid."""
    for name in wish.keys() - (_GALLERY if is_gallery else _FORM):
        raise Invalid("UNKNOWN_FIELD", "that is no field of it", name)
    if wish.get("api_type") != "json":
        raise Invalid("BAD_API_TYPE", "only JSON is imitated", "api_type")
    title, text = str(wish.get("title", "")), str(wish.get("text", ""))
    if not title.strip():
        raise Invalid("NO_TEXT", "we need something here", "title")
    for name, value, most in (("title", title, 300), ("text", text, 40_000)):
        if sum(1 for _ in value) > most:
            raise Invalid("TOO_LONG", f"this is too long (max: {most})", name)
    subreddit = subreddit_of(str(wish.get("sr")), owner)
    kind = "image" if is_gallery else str(wish.get("kind"))
    if kind not in subreddit.kinds:
        words = f"this community doesn't allow {kind} posts"
        raise Invalid("NO_IMAGES" if kind == "image" else "NO_VIDEOS", words, "sr")
    if subreddit.demands_flair and wish.get("flair_id") not in subreddit.flairs:
        words = "Your post must contain post flair."
        raise Invalid("SUBMIT_VALIDATION_FLAIR_REQUIRED", words, "flair")
    if kind == "self" and "url" in wish:
        raise Invalid("BAD_URL", "a text has no link", "url")
    if kind != "self" and not is_gallery and not urlsplit(str(wish.get("url", ""))).netloc:
        raise Invalid("NO_URL", "a url is required", "url")


def check_comment(wish: dict[str, str]) -> None:
    """Raises Invalid."""
    if wish.keys() != {"api_type", "thing_id", "text"} or wish["api_type"] != "json":
        raise Invalid("UNKNOWN_FIELD", "that is no field of it", "comment")
    if not wish["text"].strip():
        raise Invalid("NO_TEXT", "we need something here", "text")
    if sum(1 for _ in wish["text"]) > 10_000:
        raise Invalid("TOO_LONG", "this is too long (max: 10000)", "text")


def items_of(wish: dict[str, Any]) -> list[str]:
    """What a gallery shows. Raises Invalid."""
    items = wish.get("items")
    if not isinstance(items, list) or not 2 <= len(items) <= 20:
        raise Invalid("BAD_GALLERY", "a gallery has 2 to 20 images", "items")
    return [str(item["media_id"]) for item in items]
