"""The release before this one goes on working while this one takes over: beside the schema that
this one brings, and with the messages that this one sends."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from uuid import uuid4

import pytest

from migrations.upgrade import FOLDER
from shared.infrastructure.broker import MemoryBroker
from shared.kernel.ids import OrganizationId
from shared.operations.adapters.queues import RabbitQueues
from shared.publishing.adapters.rabbitmq import RabbitDueQueue
from shared.publishing.application.ports import Claimed
from shared.publishing.domain.attempt import Claim
from tests.architecture.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

CHOSEN = (
    "tests/functions/publishing/test_line.py",
    "tests/functions/publishing/test_schedules.py",
    "tests/functions/content/test_posts.py",
    "tests/functions/content/test_variants.py",
    "tests/functions/identity/test_sessions.py",
    "tests/functions/operations/test_relay.py",
)
"""What may least of all go wrong: to sign in, write, schedule, publish, and to be told of it."""

READ = """
import json, sys
from shared.infrastructure.events import Message
from shared.operations.adapters.queues import read_ids
from shared.publishing.adapters.rabbitmq import read_claims
for queue, bodies in json.load(sys.stdin).items():
    read = read_claims if queue.startswith("publishing.due") else read_ids
    _, poison = read(Message(queue=queue, body=body.encode()) for body in bodies)
    assert not poison, (queue, [each.reason for each in poison])
"""


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def _tags() -> list[str]:
    """Releases before this commit, the newest first."""
    return _git("tag", "--merged", "HEAD~1", "--sort=-creatordate").decode().split()


def _previous() -> str:
    """The newest release, or where there is none what was there before the newest migration."""
    if tags := _tags():
        return tags[0]
    newest = max((FOLDER / "versions").glob("*.py"))
    arrivals = ("-m", "--first-parent", "--diff-filter=A", "--format=%H")
    added = _git("log", *arrivals, "--", str(newest)).decode().split()
    assert added, "commit the newest migration first; and a history is needed, not a bare archive"
    return f"{added[-1]}^"


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its code and its tests, with the migrations of this release."""
    there = tmp_path_factory.mktemp("release") / "previous"
    with tarfile.open(fileobj=io.BytesIO(_git("archive", _previous()))) as archive:
        archive.extractall(there, filter="data")
    old = {path.name for path in (there / "migrations/versions").glob("*.py")}
    for path in [*FOLDER.glob("versions/*.py"), FOLDER / "tenancy.py", FOLDER / "unhurried.py"]:
        there.joinpath("migrations", path.relative_to(FOLDER)).write_bytes(path.read_bytes())
    new = {path.name for path in (there / "migrations/versions").glob("*.py")}
    assert new >= old, "a migration that was released is gone"
    assert new > old or _tags(), "nothing new is tried"
    return there


def _run(place: Path, *arguments: str, said: str = "") -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=place,
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


@pytest.mark.parametrize("chosen", CHOSEN)
def test_its_tests_pass_beside_the_new_schema(previous: Path, chosen: str) -> None:
    _run(previous, "-m", "pytest", "-q", "-p", "no:cacheprovider", chosen)


def test_it_reads_what_this_release_sends(previous: Path) -> None:
    broker = MemoryBroker()
    claimed = Claimed(
        claim=Claim(schedule_id=uuid4(), fencing_token=1),
        organization_id=OrganizationId(uuid4()),
        wanted_at=None,  # type: ignore[arg-type]  # does not travel
        post_id=uuid4(),
        post_variant_id=uuid4(),
        channel_connection_id=uuid4(),
        created_by=uuid4(),
        part=0,
        waited_for=None,
        has_turn=False,
        is_open=True,
    )
    RabbitDueQueue(broker).send([claimed])
    RabbitQueues(broker).send("notifications.mail", [uuid4()])
    sent = {
        queue: [waiting.get().decode() for _ in range(waiting.qsize())]
        for queue, waiting in broker.queues.items()
    }
    assert len(sent) == 2
    _run(previous, "-c", READ, said=json.dumps(sent))
