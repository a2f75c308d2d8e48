"""Providers for tests alone, of networks that work on what they are given before it is out.

workbench   makes it ready; who gave it publishes it then
conveyor    publishes it by itself, when it is ready
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from shared.channels.adapters import providers
from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.network_answers import before_publishing, malformed
from shared.channels.domain.provider import (
    ErrorClass,
    Http,
    Pending,
    Publication,
    Receipt,
    Refused,
    Unanswered,
)
from tests.faults.plain import Plain, decoded
from tests.simulator import networks
from tests.simulator.server import running

_HERE = Path(__file__).parent
_SOON = timedelta(seconds=5)


@contextmanager
def open_workshop() -> Iterator[str]:
    """A simulator in which this process knows these networks too; gives its address."""
    with pytest.MonkeyPatch.context() as patch:
        for package, folder in ((providers, "providers"), (networks, "networks")):
            patch.setattr(package, "__path__", [*package.__path__, str(_HERE / folder)])
        slugs.cache_clear()
        load.cache_clear()
        with running() as url:
            patch.setenv("SIMULATOR_URL", url)
            yield url
    slugs.cache_clear()
    load.cache_clear()


@dataclass(frozen=True, kw_only=True)
class Works(Plain):
    """`by_itself`: nobody need tell the network to publish what is ready."""

    by_itself: bool = False

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        work = publication.progress.get("work")
        if work is None:
            return await self._begin(http, credentials, publication)
        state = await self._look(http, credentials, work)
        match state["state"]:
            case "published":
                return _receipt(state)
            case "working":
                return self._pending(work)
            case "gone":
                return await self._begin(http, credentials, publication)
            case "spoilt":
                raise Refused(ErrorClass.MEDIA, "SPOILT", "It came to nothing")
        answer = await http.request("POST", f"{credentials['service']}/works/{work}/publish")
        return _receipt(decoded(answer))

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        work = publication.progress.get("work")
        if work is None and self.by_itself:
            raise Unanswered(ErrorClass.UNKNOWN, "CANNOT_LOOK", "It may appear at any time")
        if work is None:
            return None
        state = await self._look(http, credentials, work)
        if state["state"] == "published":
            return _receipt(state)
        if state["state"] == "working" and self.by_itself:
            raise Unanswered(ErrorClass.UNKNOWN, "WORKING", "It may appear at any time")
        return None

    async def _begin(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Pending:
        body = {
            "account": credentials["account"],
            "text": publication.text,
            "key": publication.key,
            "by_itself": self.by_itself,
        }
        address = f"{credentials['service']}/works"
        if self.by_itself:
            return self._pending(_work(decoded(await http.request("POST", address, json=body))))
        with before_publishing():
            return self._pending(_work(decoded(await http.request("POST", address, json=body))))

    async def _look(self, http: Http, credentials: Mapping[str, str], work: str) -> Any:
        answer = await http.request("GET", f"{credentials['service']}/works/{work}")
        if answer.status == HTTPStatus.NOT_FOUND:
            return {"state": "gone"}
        return decoded(answer)

    def _pending(self, work: str) -> Pending:
        return Pending(progress={"work": work}, check_after=_SOON, is_under_way=self.by_itself)


def _work(answer: Any) -> str:
    try:
        return str(answer["work"])
    except (KeyError, TypeError) as error:
        raise malformed("It is not known what works") from error


def _receipt(answer: Any) -> Receipt:
    try:
        return Receipt(external_id=answer["id"], url=answer["url"])
    except (KeyError, TypeError) as error:
        raise malformed("It is not known what was published") from error
