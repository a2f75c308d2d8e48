"""Writing with a language model, at any endpoint that speaks as OpenAI's does.

The library is imported here, and this module only where a key is set.
"""

import logging
import time
from typing import Any

import openai
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from shared.generation.adapters.model_messages import (
    AnswerT,
    HelpAnswer,
    PostAnswer,
    answer_format,
    assistance_document,
    brief_document,
    messages,
)
from shared.generation.adapters.settings import GenerationSettings
from shared.generation.domain.brief import Assistance, Assisted, Brief, Draft, Written
from shared.generation.domain.usage import GenerationFailed, Usage
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

_TRIES = 2
"""One more where what came back cannot be read."""
_LEAST = 1.0
"""Seconds that must be left for it to be worth another try."""
_MAX_RETRY_AFTER = 3600


class ModelWriter:
    def __init__(self, settings: GenerationSettings) -> None:
        self._settings = settings
        self._client = openai.OpenAI(
            api_key=settings.api_key,
            base_url=settings.base_url,
            timeout=settings.timeout,
            max_retries=0,  # a person waits, and the time there is is for all tries together
        )

    def write(self, brief: Brief) -> Written:
        answer, usage = self._ask(brief_document(brief), PostAnswer)
        drafts = [
            Draft(channel=each.channel_id, content=each.content) for each in answer.suggestions
        ]
        return Written(drafts=drafts, usage=usage)

    def assist(self, wish: Assistance) -> Assisted:
        answer, usage = self._ask(assistance_document(wish), HelpAnswer)
        if not answer.suggestions:
            raise GenerationFailed("nothing was written", usage)
        return Assisted(texts=answer.suggestions, usage=usage)

    def close(self) -> None:
        self._client.close()

    def _ask(self, document: dict[str, Any], shape: type[AnswerT]) -> tuple[AnswerT, Usage]:
        until = time.monotonic() + self._settings.timeout
        asked, answered = 0, 0
        for _ in range(_TRIES):
            left = until - time.monotonic()
            if asked and left < min(_LEAST, self._settings.timeout / 2):
                break
            completion = self._complete(document, shape, left, self._usage(asked, answered))
            if completion.usage is not None:
                asked += completion.usage.prompt_tokens or 0
                answered += completion.usage.completion_tokens or 0
            usage = self._usage(asked, answered)
            try:
                return shape.model_validate_json(_text(completion, usage)), usage
            except ValidationError as error:
                logger.warning("model_answer_unreadable", extra={"problems": error.error_count()})
        raise GenerationFailed("the model's answer cannot be read", self._usage(asked, answered))

    def _complete(
        self, document: dict[str, Any], shape: type[AnswerT], seconds: float, before: Usage
    ) -> ChatCompletion:
        """One call; foreign errors become ours here and nowhere else."""
        try:
            completion: Any = self._client.with_options(timeout=seconds).chat.completions.create(  # type: ignore[call-overload]
                model=self._settings.model,
                messages=messages(document),
                response_format=answer_format(shape),
            )
        except openai.RateLimitError as error:
            raise _unavailable(_retry_after(error)) from error
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            logger.exception("model_request_refused", extra={"status": error.status_code})
            raise GenerationFailed("the model refuses the request", before) from error
        except openai.APIStatusError as error:
            logger.exception("model_unusable", extra={"status": error.status_code})
            raise _unavailable(_retry_after(error)) from error
        except openai.APIConnectionError as error:  # a timeout is one
            logger.warning("model_unreachable", extra={"kind": type(error).__name__})
            raise _unavailable(None) from error
        except (openai.OpenAIError, ValueError) as error:  # ValueError: a body that is no JSON
            logger.exception("model_unusable")
            raise _unavailable(None) from error
        if not isinstance(completion, ChatCompletion):
            logger.error("model_unusable", extra={"answered": type(completion).__name__})
            raise _unavailable(None)
        return completion

    def _usage(self, asked: int, answered: int) -> Usage:
        return Usage(
            ai_model=self._settings.model,
            input_tokens=asked,
            output_tokens=answered,
            cost=self._settings.cost(asked, answered),
        )


def _text(completion: ChatCompletion, usage: Usage) -> str:
    """What was said, which may be nothing at all.

    Raises:
        GenerationFailed: it declined, and would again.
    """
    if not completion.choices:
        return ""
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise GenerationFailed("the model declines to write this", usage)
    return choice.message.content or ""


def _retry_after(error: openai.APIStatusError) -> int | None:
    said = error.response.headers.get("retry-after", "")
    return min(int(said), _MAX_RETRY_AFTER) if said.isascii() and said.isdecimal() else None


def _unavailable(retry_after: int | None) -> Unavailable:
    return Unavailable(
        "AI_SERVICE_UNAVAILABLE",
        "The language model does not answer: try again later",
        retry_after=retry_after,
    )
