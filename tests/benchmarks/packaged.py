"""What `make package` deploys, made for this machine, and the Python that the template names."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from runner.template import Function
from tests.architecture.deployed import document, properties
from tests.architecture.tree import ROOT


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """Below which folder artifacts are, and what imports them; `said` tells a reader."""

    artifacts: Path | None
    python: str
    said: str

    def folder_of(self, function: Function) -> Path:
        """Its artifact, or what stands for it."""
        if self.artifacts is None:
            return ROOT
        shared: str = document("template.yaml")["Globals"]["Function"]["CodeUri"]
        return self.artifacts / Path(properties(function.name).get("CodeUri", shared)).name


@cache
def deployed() -> Deployed:
    """Where the template's Python is not installed, the source tree with what runs this."""
    runtime: str = document("template.yaml")["Globals"]["Function"]["Runtime"]
    python = os.environ.get("PYTHON") or shutil.which(runtime) or ""
    if not _is(python, runtime):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        said = f"source tree, Python {version}, not as packaged"
        return Deployed(artifacts=None, python=sys.executable, said=said)
    return Deployed(artifacts=packaged_here(python), python=python, said=f"as packaged, {runtime}")


def packaged_here(python: str) -> Path:
    """Both artifacts, made for this machine and that interpreter; answers where they are."""
    subprocess.run(
        [ROOT / ".ci/package", "here"],
        env={**os.environ, "PYTHON": python},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return ROOT / ".package/here"


def _is(python: str, runtime: str) -> bool:
    if not python:
        return False
    code = "import sys; print('python%d.%d' % sys.version_info[:2])"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return run.stdout.strip() == runtime
