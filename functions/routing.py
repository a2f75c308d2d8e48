"""Routers of functions: an endpoint is called where it stands.

A container serves one request at a time, so what blocks its event loop keeps nobody waiting.
FastAPI would send a plain function to a thread, and shape its answer in another; Mangum runs the
loop anew for each invocation, so these threads would be started each time, too.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter  # noqa: TID251 Router is one
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from functions.dependencies import Proved
from functions.elsewhere import refusing_anothers
from shared.infrastructure.openapi import DEFAULT_RESPONSES, operation_id
from shared.infrastructure.proofs import SECURITY


class InPlaceRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        judged = refusing_anothers(endpoint)
        called = judged if iscoroutinefunction(judged) else _in_place(judged)
        super().__init__(path, called, **settings)
        if _demands_proof(self.dependant):
            self.openapi_extra = {**(self.openapi_extra or {}), "security": [*SECURITY]}


class Router(APIRouter):
    def __init__(
        self,
        *,
        route_class: type[APIRoute] = InPlaceRoute,
        responses: Mapping[int | str, dict[str, Any]] = MappingProxyType({}),
        **settings: Any,
    ) -> None:
        super().__init__(
            route_class=route_class,
            responses={**DEFAULT_RESPONSES, **responses},
            generate_unique_id_function=operation_id,
            **settings,
        )


def _demands_proof(dependant: Dependant) -> bool:
    return any(
        isinstance(each.call, Proved) or _demands_proof(each) for each in dependant.dependencies
    )


def _in_place(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    async def call(*arguments: Any, **named: Any) -> Any:
        return endpoint(*arguments, **named)

    return call
