"""Presets for those who have none of their own, put in the place of what there was."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Response

from functions.presets.schemas import PresetOut
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.presets.adapters.people import demand_role
from shared.presets.adapters.postgres import begin
from shared.presets.application.put_preset import put_preset
from shared.presets.domain.preset import Audience

CHANGED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "model": PresetOut,
        "description": "There was such a preset already: it is as asked for now",
    }
}
"""For the `responses` of a route that puts one."""


def put(
    audience: Audience,
    actor: Actor,
    response: Response,
    *,
    name: str,
    settings: Mapping[str, Any],
) -> PresetOut:
    """Answer what they see from now on: 201, or 200 where there was such a preset already."""
    done = put_preset(
        begin,
        demand_role,
        utc_now,
        actor=actor,
        audience=audience,
        name=name,
        settings=settings,
    )
    if not done.is_new:
        response.status_code = HTTPStatus.OK
    return PresetOut.of(done.preset)
