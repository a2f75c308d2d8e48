"""On Lambda: what is left to do after an answer, done while nobody waits for it.

An answer leaves once the handler has returned; the container freezes only when every extension has
asked for the next event. So this process is one of its own extensions, by a thread (AWS, "Lambda
Extensions API"; internal extensions register while the function is loaded).
"""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from queue import SimpleQueue
from threading import Thread

from shared.infrastructure.settings import Settings

logger = logging.getLogger(__name__)

_NAME = "luxaris-records"
_PATH = "/2020-01-01/extension"


@dataclass(frozen=True, kw_only=True)
class AwsLambdaRuntimeSettings(Settings):
    """`api` is Lambda's own word: where it is spoken to, empty anywhere else."""

    api: str = ""


class AfterAnswers:
    """Registered when made. Each invocation hands over once, before it answers."""

    def __init__(self, api: str) -> None:
        self._connection = HTTPConnection(api)
        body = json.dumps({"events": ["INVOKE"]})
        self._connection.request(
            "POST", f"{_PATH}/register", body, {"Lambda-Extension-Name": _NAME}
        )
        answer = self._connection.getresponse()
        answer.read()
        self._identity = answer.getheader("Lambda-Extension-Identifier", "")
        self._left: SimpleQueue[Callable[[], None]] = SimpleQueue()
        Thread(target=self._run, name="after_answers", daemon=True).start()

    def leave(self, task: Callable[[], None]) -> None:
        """Have it done after the answer."""
        self._left.put(task)

    def _run(self) -> None:
        with closing(self._connection):
            while self._next():
                try:
                    self._left.get()()
                except Exception:
                    logger.exception("not_done_after_answer")

    def _next(self) -> bool:
        """Wait for the next invocation, and tell that all of the last one is done."""
        headers = {"Lambda-Extension-Identifier": self._identity}
        self._connection.request("GET", f"{_PATH}/event/next", headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status == 200  # noqa: PLR2004 anything else is an end


@cache
def after_answers() -> AfterAnswers | None:
    """The container's only one; nothing away from Lambda, or where it takes no extension."""
    api = AwsLambdaRuntimeSettings.read().api
    if not api:
        return None
    try:
        return AfterAnswers(api)
    except OSError:
        logger.warning("no_extension")
        return None
