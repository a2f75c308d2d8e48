"""A film of a gigabyte from its first byte to two networks, and the memory that the runner takes.

It comes in parts, of which some come only after a pause; is cleaned and described; leaves for
YouTube as it is, by a resumable upload; and for X encoded anew, in segments, because X takes half
as much. So in a folder, and so in a bucket that speaks S3 (moto's). Memory is the most that the
runner's processes had resident meanwhile, beyond what they had before, when they had done the same
with a film of a second; networks, database and bucket are elsewhere.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runner.simulator import simulator
from shared.infrastructure.storage import Address
from shared.kernel.clock import utc_now
from tests import stores
from tests.benchmarks.consumption import family
from tests.benchmarks.figure import Figure
from tests.benchmarks.long_film import long_film
from tests.benchmarks.stage import Servers, servers, staged
from tests.films import film as short_film
from tests.running import HttpApi
from tests.simulator.client import Simulator

PROMISE = 256.0
MEBIBYTE = 1024 * 1024

_SETTLING = 2.0
_SOON = timedelta(seconds=1)
_PATIENCE = 200.0
_NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "youtube": {"title": "A film", "type": "unlisted"},
    "x": {},
}


def measure() -> Iterator[Figure]:
    with servers() as started:
        film = started.folder / "film.mp4"
        long_film(film)
        short_film(started.folder / "short.mp4")
        size = film.stat().st_size / MEBIBYTE
        for store in ("a folder", "a bucket"):
            yield Figure(
                name=f"memory above idle for a film of {size:.0f} MiB in {store}",
                unit="MiB",
                value=_peak(started, film, in_bucket=store == "a bucket"),
                yardstick=PROMISE,
                goal=1.0,
            )


def _peak(started: Servers, film: Path, *, in_bucket: bool) -> float:
    with ExitStack() as stack:
        networks = Simulator(stack.enter_context(simulator(started.folder)))
        settings = {"SIMULATOR_URL": networks.url, "REGISTRATION_MODE": "open"}
        if in_bucket:
            settings["STORAGE_URL"] = stack.enter_context(stores.bucket())
        runner = stack.enter_context(staged(started, **settings)).runner
        api = _registered(runner.api)
        _publish(api, _upload(api, started.folder / "short.mp4"))
        time.sleep(_SETTLING)
        for each in family(runner.pid):
            Path(f"/proc/{each}/clear_refs").write_text("5")  # begin anew with the highest mark
        idle = _resident(runner.pid, "VmRSS")
        networks.clear()
        media_id = _upload(api, film)
        _publish(api, media_id)
        _demand_arrived(networks, api.get(f"/media/{media_id}").json["data"]["size"])
        return _resident(runner.pid, "VmHWM") - idle


def _resident(pid: int, what: str) -> float:
    """MiB of it and its children, now (`VmRSS`) or at most (`VmHWM`)."""
    told = [Path(f"/proc/{each}/status").read_text() for each in family(pid)]
    lines = [line for status in told for line in status.splitlines() if line.startswith(what)]
    return sum(int(line.split()[1]) for line in lines) / 1024


def _registered(api: HttpApi) -> HttpApi:
    person = {
        "email": f"ada{time.time_ns()}@example.com",
        "password": "Once-Upon-A-Time-1",
        "name": "Ada",
        "timezone": "UTC",
    }
    return api.as_user(api.post("/auth/register", person).json["access_token"])


def _upload(api: HttpApi, film: Path) -> str:
    """In parts; whoever begins anew asks which have come, and where the others may go."""
    body = {"name": film.name, "size": film.stat().st_size, "mime_type": "video/mp4"}
    upload = api.post("/media/uploads", body).json["data"]
    media_id: str = upload["media"]["id"]
    if not upload["parts"]:
        _send(upload["upload"], film.read_bytes())
    else:
        _send_parts(film, upload["parts"][: upload["parts_total"] // 2], upload["part_size"])
        again = api.get(f"/media/uploads/{media_id}/parts").json["data"]
        missing = [part for part in again["parts"] if not part["is_there"]]
        _send_parts(film, missing, upload["part_size"])
    completed = api.post(f"/media/uploads/{media_id}/complete")
    if completed.status != 200:
        raise RuntimeError(f"it was not taken in: {completed.content!r}")
    _wait(lambda: api.get(f"/media/{media_id}").json["data"]["status"], "ready")
    return media_id


def _send_parts(film: Path, parts: list[dict[str, Any]], part_size: int) -> None:
    with film.open("rb") as file:
        for part in parts:
            file.seek((part["number"] - 1) * part_size)
            _send(part["address"], file.read(part["size"]))


def _send(told: Mapping[str, Any], content: bytes) -> None:
    there = {name: told[name] for name in ("method", "url", "headers")}
    sent = stores.call(Address(**there, expires_at=utc_now()), content)
    if sent.status != 200:
        raise RuntimeError(f"it was not taken: {sent.content!r}")


def _publish(api: HttpApi, media_id: str) -> None:
    post = api.post("/posts", {"description": "A film"}).json["data"]["id"]
    shown = {"items": [{"media_id": media_id}]}
    schedules = []
    for network, settings in _NETWORKS.items():
        body = {"channel_id": network, "content": "A film", "media": shown, "settings": settings}
        answer = api.post(f"/posts/{post}/variants", body)
        if answer.status != 201:
            raise RuntimeError(f"{network} does not show it: {answer.content!r}")
        told = {"channel_id": network, "mock_connection": True}
        connection = api.post("/channels/connect", told).json["id"]
        due = {
            "post_variant_id": answer.json["data"]["id"],
            "channel_connection_id": connection,
            "run_at": (datetime.now(UTC) + _SOON).isoformat(),
        }
        schedules.append(api.post("/schedules", due).json["data"]["id"])
    for schedule in schedules:
        where = f"/schedules/{schedule}"
        _wait(lambda where=where: api.get(where).json["data"]["schedule"]["status"], "success")


def _wait(ask: Any, wanted: str) -> None:
    until = time.monotonic() + _PATIENCE
    while (status := ask()) != wanted:
        if time.monotonic() > until or status in {"refused", "failed", "skipped", "unknown"}:
            raise RuntimeError(f"it is {status}, and not {wanted}")
        time.sleep(0.2)


def _demand_arrived(networks: Simulator, size: int) -> None:
    """Once at each: whole where it was to leave as it is, and smaller where that was asked for."""
    receipts = [(each["network"], each["media"][0]["size"]) for each in networks.receipts()]
    sizes = dict(receipts)
    if len(receipts) != len(_NETWORKS) or sizes["youtube"] != size or sizes["x"] > size / 2:
        raise RuntimeError(f"of {size} bytes arrived {receipts}")
