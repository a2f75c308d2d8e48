"""`python -m tests.faults [--seed N] [--seeds N] [--posts N] [--seconds S]`: storms, one a seed.

Prints a line of JSON for each seed. One that broke a promise is told in full, with the command
that plays it again: what is done and when follows from the seed, how it falls out does not always.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.faults.passing_time import let_everything_lapse, let_waits_end
from tests.faults.population import populate
from tests.faults.scene import Scene, scene
from tests.faults.storm import Storm
from tests.faults.verdict import gather, stuck, violations

PATIENCE = 90.0
"""Seconds after which what has not settled never will."""
_LOOK = 0.5
_LAPSE_AFTER = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="play this one only")
    parser.add_argument("--seeds", type=int, default=20, help="how many, from 1 on")
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=16.0, help="how long each storm blows")
    options = parser.parse_args()
    seeds = [options.seed] if options.seed is not None else range(1, options.seeds + 1)
    failed = []
    with tempfile.TemporaryDirectory(prefix="luxaris-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's user must be able to enter it
        with scene(folder) as everything:
            for seed in seeds:
                problems = play(everything, seed, posts=options.posts, seconds=options.seconds)
                if problems:
                    failed.append(seed)
                    shutil.copy(folder / "workers.log", _log_of(seed))
                    _report(seed, options.posts, options.seconds, problems)
    return 1 if failed else 0


def play(everything: Scene, seed: int, *, posts: int, seconds: float) -> list[str]:
    """One storm; answers the promises it broke, and before them what was done."""
    began, chance = time.monotonic(), random.Random(seed)
    account = everything.begin_anew()
    storm = Storm(scene=everything, api=account.api, chance=chance, posts=posts)
    span = timedelta(seconds=seconds)
    populate(account, chance, posts=posts, span=span, plain_url=everything.plain.url)
    storm.blow(seconds)
    unsettled = len(stuck())
    left = _settle(everything)
    found = gather(everything.simulator.receipts(), everything.world.calls, storm.cancelled)
    problems = left or list(violations(found))
    said = {
        "seed": seed,
        "faults": len(storm.told),
        "schedules": len(found.schedules),
        "unsettled_after_the_storm": unsettled,
        "attempts": Counter(each.status for events in found.events.values() for each in events),
        "broken": len(problems),
        "seconds": round(time.monotonic() - began, 1),
        "ended": dict(sorted(Counter(f"{x.channel} {x.status}" for x in found.schedules).items())),
    }
    print(json.dumps(said), flush=True)
    return [*storm.told, *problems] if problems else []


def _settle(everything: Scene) -> list[str]:
    """No more faults: whoever lives is replaced, and time passes until all is done."""
    everything.workforce.kill_all()
    everything.calm_down()
    give_up, lapse_at = time.monotonic() + PATIENCE, 0.0
    while (left := stuck()) and time.monotonic() < give_up:
        if time.monotonic() > lapse_at:
            everything.workforce.kill_all()
            time.sleep(0.3)  # what was on the wire arrives
            let_everything_lapse()
            everything.hire(runner=False)
            lapse_at = time.monotonic() + _LAPSE_AFTER
        time.sleep(_LOOK)
        let_waits_end()
    everything.workforce.kill_all()
    return left


def _report(seed: int, posts: int, seconds: float, problems: list[str]) -> None:
    command = f"python -m tests.faults --seed {seed} --posts {posts} --seconds {seconds}"
    print(f"Seed {seed} broke promises; again: {command}", file=sys.stderr)
    print(f"What the workers said: {_log_of(seed)}", file=sys.stderr)
    for line in problems:
        print(f"  {line}", file=sys.stderr)


def _log_of(seed: int) -> Path:
    return Path(tempfile.gettempdir()) / f"luxaris-faults-{seed}.log"


if __name__ == "__main__":
    sys.exit(main())
