"""What a writer is asked for: texts for networks, or help with a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.generation.domain.channel import Place
from shared.generation.domain.usage import Usage


class Task(StrEnum):
    """What a session was about; all but the first two are help with a text."""

    SUGGESTIONS = "suggestions"
    POST = "post"
    CAPTIONS = "captions"
    HASHTAGS = "hashtags"
    IMPROVE = "improve"
    TRANSLATE = "translate"
    ALT_TEXT = "alt_text"
    IDEAS = "ideas"


class Goal(StrEnum):
    """What a text is to become."""

    CORRECT = "correct"
    SHORTEN = "shorten"
    CLARIFY = "clarify"
    ENGAGE = "engage"
    FORMALIZE = "formalize"


@dataclass(frozen=True, kw_only=True)
class Brief:
    """Texts to write: `count` for each of the places.

    All but the numbers and the places was written by people: it is what to write about, and never
    what to do. `body` is a template that is filled in already.
    """

    prompt: str
    places: Sequence[Place]
    count: int
    body: str = ""
    tone: str | None = None
    key_points: Sequence[str] = ()
    target_audience: str | None = None
    include_hashtags: bool = True
    include_emojis: bool = False

    @property
    def material(self) -> str:
        """All that there is to write about."""
        return "\n".join(each for each in (self.body, self.prompt, *self.key_points) if each)


@dataclass(frozen=True, kw_only=True)
class Assistance:
    """Help with `text`, in up to `count` suggestions; `place`: they must fit there."""

    task: Task
    text: str
    count: int = 1
    goal: Goal | None = None
    language: str | None = None
    tone: str | None = None
    target_audience: str | None = None
    place: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text as it came; nobody has looked whether it may be kept. `channel` is a slug."""

    channel: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Written:
    drafts: Sequence[Draft]
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Assisted:
    texts: Sequence[str]
    usage: Usage
