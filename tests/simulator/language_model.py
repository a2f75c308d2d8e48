"""A strict endpoint that speaks as OpenAI's chat completions do, and writes what a test says.

It refuses what a good one refuses: another key, a model it does not have, a body that is not JSON,
messages of no known role, an answer format that is not a strict schema. Tests hold the object
itself: they read what it was `asked`, and queue what it does in place of a right answer.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.world import Refusal, bearer, json_of, refuse

Fault = Callable[[], Awaitable[Response]]


def marked(message: str) -> tuple[str, dict[str, Any]]:
    """The mark that a message of material stands between, and the material."""
    first, material, last = message.split("\n")
    assert first == last
    document: dict[str, Any] = json.loads(material)
    return first, document


def _right(document: dict[str, Any]) -> Any:
    """Something that fits: one text a channel and number, or as many helpful ones."""
    numbers = range(1, document["count"] + 1)
    if document["task"] == "post":
        suggestions: list[Any] = [
            {"channel_id": place["channel_id"], "content": f"Written {number}. #Tea"}
            for place in document["channels"]
            for number in numbers
        ]
    else:
        suggestions = [f"{document['task']} {number}" for number in numbers]
    return {"suggestions": suggestions}


@dataclass
class LanguageModel:
    """`write` makes the JSON of an answer from the material; `faults` come first, in order."""

    key: str = "sk-simulated"
    model: str = "simulated-1"
    url: str = ""
    write: Callable[[dict[str, Any]], Any] = _right
    asked: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tokens: tuple[int, int] = (1000, 200)

    def app(self) -> Starlette:
        route = Route("/v1/chat/completions", self._complete, methods=["POST"])
        return Starlette(routes=[route], exception_handlers={Refusal: refuse})

    async def _complete(self, request: Request) -> Response:
        body = await json_of(request)
        self._check(request, body)
        self.asked.append(body)
        if self.faults:
            return await self.faults.pop(0)()
        _, document = marked(body["messages"][-1]["content"])
        return self.says(json.dumps(self.write(document)))

    def _check(self, request: Request, body: dict[str, Any]) -> None:
        if bearer(request) != self.key:
            raise _refused(401, "invalid_api_key")
        if body.get("model") != self.model:
            raise _refused(404, "model_not_found")
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            raise _refused(400, "messages")
        for each in messages:
            if each.get("role") not in {"system", "user"} or not isinstance(each["content"], str):
                raise _refused(400, "messages")
        wanted = body.get("response_format", {})
        schema = wanted.get("json_schema", {})
        is_strict = (
            wanted.get("type") == "json_schema"
            and schema.get("strict") is True
            and schema.get("name")
            and schema["schema"].get("additionalProperties") is False
            and set(schema["schema"]["required"]) == set(schema["schema"]["properties"])
        )
        if not is_strict:
            raise _refused(400, "response_format")

    def says(self, content: str | None, **message: Any) -> Response:
        """A completion with these words."""
        asked, answered = self.tokens
        return JSONResponse(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": f"{self.model}-2026-01-01",
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": content, **message},
                        "finish_reason": "stop",
                    }
                ],
                "usage": {
                    "prompt_tokens": asked,
                    "completion_tokens": answered,
                    "total_tokens": asked + answered,
                },
            }
        )

    def then(self, answer: Response, *, after: float = 0.0) -> None:
        """Answer this next, after so many seconds."""

        async def fault() -> Response:
            await asyncio.sleep(after)
            return answer

        self.faults.append(fault)


def _refused(status: int, code: str) -> Refusal:
    return Refusal(error(status, code))


def error(status: int, code: str = "server_error", **headers: str) -> Response:
    body = {"error": {"message": code, "type": code, "code": code, "param": None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(body, status, headers=named)
