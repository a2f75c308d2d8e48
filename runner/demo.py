"""The main job by itself: one post, every simulated network, a few seconds ahead."""

import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from runner.console import complain, say, title
from runner.demo_picture import upload_picture
from runner.drive import drive
from runner.house import House, Options, house
from runner.http_server import reserve
from runner.json_client import JsonClient, Unexpected
from runner.refused import Refused

_ZONE = "Europe/Berlin"
_AHEAD = timedelta(seconds=8)
"""For the picture is made to fit each network meanwhile."""
_LONGEST = timedelta(seconds=60)
_SETTLE = 0.5  # seconds in which a second copy would show
_ENDED = {"success", "failed", "unknown", "cancelled", "skipped"}
_TEXT = "Written once in Berlin, leaving on the second: this is Luxaris on {network}."


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A schedule as it was accepted."""

    network: str
    text: str
    schedule_id: str
    run_at: datetime


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What became of a plan: by our own record, and by the network's receipts."""

    planned: Planned
    schedule: dict[str, Any]
    events: Sequence[dict[str, Any]]
    receipts: Sequence[dict[str, Any]]

    @property
    def is_right(self) -> bool:
        return self.schedule["status"] == "success" and len(self.receipts) == 1


def demo(options: Options) -> int:
    """Answers the exit code: 0 only if every network received the post exactly once.

    What takes nothing but films is left out: there is none to show.
    """
    os.environ.setdefault("LOGGING_LEVEL", "WARNING")
    began_at = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="luxaris-demo-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)  # PostgreSQL's own user must be able to enter it
        taken = stack.enter_context(reserve(0))
        port = taken.getsockname()[1]
        temporary = replace(options, data=Path(folder) / "data", is_temporary=True, port=port)
        built = stack.enter_context(house(temporary))
        if not built.simulator_url:
            raise Refused("The demo needs the simulated networks, and there are none")
        stack.enter_context(drive(built, temporary, taken))
        try:
            arrivals = _run(JsonClient(f"http://127.0.0.1:{port}"), built)
        except Unexpected as error:
            complain(str(error))
            return 1
    seconds = time.monotonic() - began_at
    if wrong := [arrival.planned.network for arrival in arrivals if not arrival.is_right]:
        complain(f"\nNot received exactly once: {', '.join(wrong)}. {seconds:.1f} s in all.")
        return 1
    say(f"\nEvery network received the post exactly once. {seconds:.1f} s in all.")
    return 0


def _run(api: JsonClient, built: House) -> list[Arrival]:
    title("A post, written once")
    say(f"Services   {built.services}")
    entrance = api.post(
        "/api/v1/auth/register",
        {
            "email": "ada@example.com",
            "password": "Once-Upon-A-Time-1",
            "name": "Ada",
            "timezone": _ZONE,
        },
    )
    if not entrance["user"]["is_root"]:
        raise Refused("The demo needs an empty database, and DATABASE_URL leads to one with users")
    api.token = entrance["access_token"]
    say(f"Registered {entrance['user']['email']}, who came first and may do everything")
    post = api.post("/api/v1/posts", {"title": "Luxaris", "description": "A post, written once"})
    picture = upload_picture(api)
    say(f"Uploaded   a picture of {picture['width']} by {picture['height']}")
    shown = {"items": [{"media_id": picture["id"]}]}
    takers = _takers(api, shown)
    variants = {
        network: _write(api, post["data"]["id"], network, media)
        for network, media in takers.items()
    }
    local = (datetime.now(ZoneInfo(_ZONE)) + _AHEAD).replace(microsecond=0, tzinfo=None)
    plans = [
        _plan(api, network, variant_id, local.isoformat())
        for network, variant_id in variants.items()
    ]
    say(f"Scheduled  {', '.join(each.network for each in plans)} at {local:%H:%M:%S} in {_ZONE}\n")
    _await_endings(api, plans)
    time.sleep(_SETTLE)
    receipts = JsonClient(built.simulator_url).get("/_simulator/receipts")
    arrivals = [_arrival(api, plan, receipts) for plan in plans]
    for arrival in arrivals:
        _show(arrival)
    return arrivals


def _takers(api: JsonClient, shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each network is to show: the picture where it takes one, else nothing."""
    networks = [channel["key"] for channel in api.get("/api/v1/channels")["data"]]
    found: dict[str, dict[str, Any]] = {}
    for media in (shown, {}):
        asked = [
            {"channel_id": network, "content": _TEXT.format(network=network), "media": media}
            for network in networks
        ]
        verdicts = api.post("/api/v1/posts/validate", {"variants": asked})["data"]["variants"]
        for verdict in verdicts:
            if verdict["valid"]:
                found.setdefault(verdict["channel_id"], media)
    return found


def _write(api: JsonClient, post_id: str, network: str, media: dict[str, Any]) -> str:
    variant = api.post(
        f"/api/v1/posts/{post_id}/variants",
        {"channel_id": network, "content": _TEXT.format(network=network), "media": media},
    )
    variant_id: str = variant["data"]["id"]
    api.post(f"/api/v1/variants/{variant_id}/mark-ready")
    return variant_id


def _plan(api: JsonClient, network: str, variant_id: str, local: str) -> Planned:
    connection = api.post(
        "/api/v1/channels/connect", {"channel_id": network, "mock_connection": True}
    )
    schedule = api.post(
        "/api/v1/schedules",
        {
            "post_variant_id": variant_id,
            "channel_connection_id": connection["id"],
            "run_at": local,
            "timezone": _ZONE,
        },
    )["data"]
    return Planned(
        network=network,
        text=_TEXT.format(network=network),
        schedule_id=schedule["id"],
        run_at=datetime.fromisoformat(schedule["run_at"]),
    )


def _await_endings(api: JsonClient, plans: Sequence[Planned]) -> None:
    latest = max(plan.run_at for plan in plans) + _LONGEST
    while datetime.now(UTC) < latest:
        statuses = {each["id"]: each["status"] for each in api.get("/api/v1/schedules")["data"]}
        if all(statuses[plan.schedule_id] in _ENDED for plan in plans):
            return
        time.sleep(0.1)


def _arrival(api: JsonClient, plan: Planned, receipts: Sequence[dict[str, Any]]) -> Arrival:
    detail = api.get(f"/api/v1/schedules/{plan.schedule_id}")["data"]
    return Arrival(
        planned=plan,
        schedule=detail["schedule"],
        events=detail["publish_events"],
        receipts=[
            each
            for each in receipts
            if each["network"] == plan.network and each["text"] == plan.text
        ],
    )


def _show(arrival: Arrival) -> None:
    title(arrival.planned.network)
    due = arrival.planned.run_at
    _moment("accepted", datetime.fromisoformat(arrival.schedule["created_at"]), due)
    _moment("due", due, due)
    for event in arrival.events:
        _moment(f"attempt {event['attempt']}", datetime.fromisoformat(event["started_at"]), due)
    for receipt in arrival.receipts:
        _moment("arrived", datetime.fromtimestamp(receipt["accepted_at"], UTC), due)
    for event in arrival.events:
        if event["finished_at"] is not None:
            at = datetime.fromisoformat(event["finished_at"])
            _moment("recorded", at, due, event["error_message"] or event["status"])
    for receipt in arrival.receipts:
        say(f"  link       {receipt['url']}")
        for each in receipt["media"]:
            say(
                f"  picture    {each['width']} by {each['height']}, {each['mime_type']},"
                f" {each['size']:,} bytes: {each['alt_text'] or 'without words'}"
            )
    if not arrival.is_right:
        complain(f"  {arrival.schedule['status']}; received {len(arrival.receipts)} times")


def _moment(what: str, at: datetime, due: datetime, remark: str = "") -> None:
    local = f"{at.astimezone(ZoneInfo(_ZONE)):%H:%M:%S.%f}"[:-3]
    late = (at - due) / timedelta(milliseconds=1)
    say(f"  {what:10} {local} {late:+7.0f} ms  {remark}".rstrip())
