"""Benchmarks that call handlers themselves, each in a process of its own."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.architecture.tree import ROOT, SETTINGS
from tests.benchmarks.stage import Servers


def told_by(module: str, there: Servers, *arguments: str, **settings: str) -> dict[str, Any]:
    """What `python -m module` prints, with the settings of every function and these servers."""
    run = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={
            **SETTINGS,
            **settings,
            "PATH": os.environ["PATH"],
            "DATABASE_URL": there.database,
            "BROKER_URL": there.broker,
            "CACHE_URL": there.cache,
            "LOGGING_LEVEL": "WARNING",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told
